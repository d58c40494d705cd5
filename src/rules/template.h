// Text of a rule with {holes}. The first half of the wall: it is made from rule files only, never from a log.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ahdiag {

// Text that came out of a rule file. Only the reader of rule files can make one.
class RuleText {
 public:
  [[nodiscard]] const std::string& str() const { return text_; }

 private:
  friend class Node;  // rules/node.h: a value inside a rule file
  explicit RuleText(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// Literal text and holes. A hole is {name}, name in lower case with digits and '_'; all other braces are literal.
class Template {
 public:
  struct Part {
    std::string text;  // literal text, or the hole's name
    bool hole;
  };

  Template() = default;
  explicit Template(const RuleText& text);

  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }
  [[nodiscard]] bool empty() const { return parts_.empty(); }
  [[nodiscard]] std::string source() const;
  // The name, where the whole text is one hole.
  [[nodiscard]] std::string_view sole_hole() const;

 private:
  std::vector<Part> parts_;
};

using Argv = std::vector<Template>;

}  // namespace ahdiag
