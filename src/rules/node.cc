#include "rules/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "text/ascii.h"

namespace ahdiag {
namespace {

using nlohmann::json;

Position position_at(std::string_view text, std::size_t offset) {
  Position position;
  for (const char c : text.substr(0, offset)) {
    ++position.column;
    if (c == '\n') position = {position.line + 1, 1};
  }
  return position;
}

// Walks JSON that a parser has already accepted, to find where a value begins.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  std::size_t find(const std::vector<std::string>& path) {
    blanks();
    for (const auto& key : path) {
      if (!enter(key)) break;
    }
    return at_;
  }

 private:
  void blanks() {
    while (at_ < text_.size() && (is_blank(text_[at_]) || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  }

  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    ++at_;
  }

  void skip_value() {
    int depth = 0;
    do {
      blanks();
      if (at_ >= text_.size()) return;
      const char c = text_[at_];
      if (c == '"') {
        skip_string();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      ++at_;
    } while (depth > 0 || (at_ < text_.size() && !ends_value()));
  }

  [[nodiscard]] bool ends_value() const {
    const char c = text_[at_];
    return c == ',' || c == '}' || c == ']' || c == '\n' || c == ' ';
  }

  // Steps to the member or element `key`; stays where it is if there is none.
  bool enter(const std::string& key) {
    const std::size_t begin = at_;
    if (at_ >= text_.size()) return false;
    const bool object = text_[at_] == '{';
    if (!object && text_[at_] != '[') return false;
    ++at_;
    for (std::size_t index = 0; at_ < text_.size(); ++index) {
      blanks();
      if (at_ >= text_.size() || text_[at_] == '}' || text_[at_] == ']') break;
      std::string name = std::to_string(index);
      if (object) name = member_name();
      if (name == key) return true;
      skip_value();
      blanks();
      if (at_ < text_.size() && text_[at_] == ',') ++at_;
    }
    at_ = begin;
    return false;
  }

  std::string member_name() {
    const std::size_t begin = at_;
    skip_string();
    std::string name(text_.substr(begin + 1, at_ - begin - 2));
    blanks();
    ++at_;  // the colon
    blanks();
    return name;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// Refuses a key that stands twice in one object: the parser would silently keep the last.
bool has_duplicate_key(std::string_view text, std::string& key) {
  std::vector<std::set<std::string>> keys;
  bool duplicate = false;
  const auto watch = [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second && !duplicate) {
      duplicate = true;
      key = parsed.get<std::string>();
    }
    return true;
  };
  const auto parsed = json::parse(text, watch, /*allow_exceptions=*/false);
  return duplicate && !parsed.is_discarded();
}

}  // namespace

Position locate(std::string_view json, std::string_view pointer) {
  std::vector<std::string> path;
  for (const auto part : split(pointer, '/')) {
    if (!part.empty()) path.emplace_back(part);
  }
  return position_at(json, Walker(json).find(path));
}

void Node::parse(const NodeFile& file, const Visit& visit) {
  try {
    const json root = json::parse(file.text);
    std::string key;
    const Node node(root, file, "");
    if (!file.trusted && has_duplicate_key(file.text, key))
      node.problem("the member '" + key + "' stands twice in one object");
    visit(node);
  } catch (const json::parse_error& error) {
    const auto position = position_at(file.text, error.byte == 0 ? 0 : error.byte - 1);
    const std::string_view what = error.what();
    const auto at = what.rfind(": ");
    file.problems->push_back({"this is no JSON", fmt::format("{}:{}:{}", file.name, position.line, position.column),
                              std::string(at == std::string_view::npos ? what : what.substr(at + 2)), ""});
  }
}

bool Node::is_object() const { return value_->is_object(); }
bool Node::is_array() const { return value_->is_array(); }
bool Node::is_string() const { return value_->is_string(); }
bool Node::has(std::string_view name) const { return value_->is_object() && value_->contains(std::string(name)); }

// Where a value stands matters for problems, of which a trusted file has none.
Node Node::child(const json& value, const std::string& key) const {
  return {value, *file_, file_->trusted ? std::string() : pointer_ + "/" + key};
}

void Node::member(const std::string& name, const Visit& visit) const {
  if (!value_->is_object()) return problem("an object is expected here");
  const auto found = value_->find(name);
  if (found != value_->end()) visit(child(*found, name));
}

void Node::required(const std::string& name, const Visit& visit) const {
  if (value_->is_object() && !value_->contains(name)) return problem("the member '" + name + "' is missing");
  member(name, visit);
}

void Node::each(const Visit& visit) const {
  if (!value_->is_array()) return problem("a list is expected here");
  for (std::size_t i = 0; i < value_->size(); ++i) visit(child((*value_)[i], std::to_string(i)));
}

void Node::each_member(const VisitMember& visit) const {
  if (!value_->is_object()) return problem("an object is expected here");
  for (const auto& [name, value] : value_->items()) visit(name, child(value, name));
}

void Node::only(const std::vector<std::string_view>& names) const {
  each_member([&](const std::string& name, const Node& node) {
    if (name == "$schema" || std::find(names.begin(), names.end(), name) != names.end()) return;
    node.problem("unknown member '" + name + "'", "", "known here: " + fmt::format("{}", fmt::join(names, ", ")));
  });
}

std::string Node::string() const {
  if (value_->is_string()) return value_->get<std::string>();
  problem("a string is expected here");
  return {};
}

RuleText Node::text() const { return RuleText(string()); }

bool Node::boolean() const {
  if (value_->is_boolean()) return value_->get<bool>();
  problem("true or false is expected here");
  return false;
}

int Node::integer() const {
  const bool fits = value_->is_number_integer() && value_->get<double>() >= std::numeric_limits<int>::min() &&
                    value_->get<double>() <= std::numeric_limits<int>::max();
  if (fits) return value_->get<int>();
  problem("a whole number is expected here");
  return 0;
}

std::vector<std::string> Node::strings() const {
  if (!value_->is_array()) return {string()};
  std::vector<std::string> all;
  each([&](const Node& node) { all.push_back(node.string()); });
  return all;
}

std::vector<Template> Node::templates() const {
  if (!value_->is_array()) return {Template(text())};
  std::vector<Template> all;
  each([&](const Node& node) { all.emplace_back(node.text()); });
  return all;
}

std::vector<Template> Node::argv() const {
  if (value_->is_array()) return templates();
  problem("a list is expected here", "", "a command is an argv, never a line");
  return {};
}

std::string Node::scalar() const {
  if (value_->is_number_integer()) return std::to_string(value_->get<long long>());
  if (value_->is_boolean()) return value_->get<bool>() ? "yes" : "no";
  return string();
}

std::string Node::string(const std::string& name, std::string_view fallback) const {
  std::string value(fallback);
  member(name, [&](const Node& node) { value = node.string(); });
  return value;
}

std::string Node::required_string(const std::string& name) const {
  std::string value;
  required(name, [&](const Node& node) { value = node.string(); });
  return value;
}

Template Node::text(const std::string& name) const {
  Template value;
  member(name, [&](const Node& node) { value = Template(node.text()); });
  return value;
}

std::vector<std::string> Node::strings(const std::string& name) const {
  std::vector<std::string> value;
  member(name, [&](const Node& node) { value = node.strings(); });
  return value;
}

void Node::problem(std::string what, std::string why, std::string help) const {
  const auto position = locate(file_->text, pointer_);
  file_->problems->push_back({std::move(what), fmt::format("{}:{}:{}", file_->name, position.line, position.column),
                              std::move(why), std::move(help)});
}

}  // namespace ahdiag
