// A value inside a JSON file that knows where it stands, so that each problem names file, line and column.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/document.h"
#include "rules/template.h"
#include "text/problem.h"

namespace ahdiag {

// The file that nodes belong to. `problems` collects everything that is wrong with it.
struct NodeFile {
  std::string name;
  std::string_view text;
  Problems* problems;
  bool trusted = false;  // compiled in and linted by the tests: what only costs time is not checked again
};

// Line and column (from 1) of the value at a JSON pointer ("/cases/0/when"); of the file's begin where there is none.
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
};
Position locate(std::string_view json, std::string_view pointer);

class Node {
 public:
  using Visit = std::function<void(const Node&)>;
  using VisitMember = std::function<void(const std::string& name, const Node&)>;

  // Parses the file and hands its root to `visit`; a syntax error becomes a problem. Keys may not repeat.
  static void parse(const NodeFile& file, const Visit& visit);

  [[nodiscard]] bool trusted() const { return file_->trusted; }
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_array() const;
  [[nodiscard]] bool is_string() const;
  [[nodiscard]] bool has(std::string_view name) const;

  // The member `name`; a problem where it is required and missing.
  void member(const std::string& name, const Visit& visit) const;
  void required(const std::string& name, const Visit& visit) const;
  void each(const Visit& visit) const;
  void each_member(const VisitMember& visit) const;
  // Reports each member that is none of `names` ("$schema" is always allowed).
  void only(const std::vector<std::string_view>& names) const;

  // The value itself; a problem and an empty value where it is of another type.
  [[nodiscard]] std::string string() const;
  [[nodiscard]] RuleText text() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] int integer() const;
  [[nodiscard]] std::vector<std::string> strings() const;  // one string or a list of them
  [[nodiscard]] std::vector<Template> templates() const;
  [[nodiscard]] std::vector<Template> argv() const;  // a list, never one string
  [[nodiscard]] std::string scalar() const;          // a string, number or boolean as text

  // Members by name, with a fallback.
  [[nodiscard]] std::string string(const std::string& name, std::string_view fallback = {}) const;
  [[nodiscard]] std::string required_string(const std::string& name) const;
  [[nodiscard]] Template text(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> strings(const std::string& name) const;

  void problem(std::string what, std::string why = {}, std::string help = {}) const;

 private:
  Node(const JsonValue& value, const Document& document, const NodeFile& file, std::string pointer)
      : value_(&value), document_(&document), file_(&file), pointer_(std::move(pointer)) {}
  [[nodiscard]] bool is(JsonValue::Kind kind) const { return value_->kind == kind; }
  [[nodiscard]] Node child(const JsonValue& value, std::string_view key) const;

  const JsonValue* value_;
  const Document* document_;
  const NodeFile* file_;
  std::string pointer_;
};

}  // namespace ahdiag
