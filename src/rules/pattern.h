// An expression over the text of a message. RE2 behind it: linear in the text, bounded in memory, whatever a log says.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace ahdiag {

class Pattern {
 public:
  Pattern() = default;
  explicit Pattern(std::string source) : source_(std::move(source)) {}

  [[nodiscard]] const std::string& source() const { return source_; }
  [[nodiscard]] bool empty() const { return source_.empty(); }

  // Why the source is no expression; nothing if it is one.
  [[nodiscard]] std::optional<std::string> error() const;

  // Names of the groups, in the order of their numbers from 1; "" for one without name.
  [[nodiscard]] std::vector<std::string> groups() const;

  // The groups' texts where the whole `text` matches. An empty pattern matches everything. A group that took no part is
  // empty.
  [[nodiscard]] std::optional<std::vector<std::string_view>> match(std::string_view text) const;

 private:
  [[nodiscard]] const re2::RE2& compiled() const;

  std::string source_;
  mutable std::shared_ptr<const re2::RE2> compiled_;  // at first use: most rules never meet an entry
};

}  // namespace ahdiag
