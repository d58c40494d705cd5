#include "rules/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "text/ascii.h"

namespace ahdiag {
namespace {

using nlohmann::json;
using Kind = JsonValue::Kind;

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

// Refuses a key that stands twice in one object: the last would silently be kept. Throws where the text is no JSON.
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
  const auto parsed = json::parse(text, watch);
  return duplicate && !parsed.is_discarded();
}

std::optional<long long> whole_number(std::string_view text) {
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
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
    std::string key;
    const bool twice = !file.trusted && has_duplicate_key(file.text, key);
    const Document document(file.text);
    const Node node(document.root(), document, file, "");
    if (twice) node.problem("the member '" + key + "' stands twice in one object");
    visit(node);
  } catch (const json::parse_error& error) {
    const auto position = position_at(file.text, error.byte == 0 ? 0 : error.byte - 1);
    const std::string_view what = error.what();
    const auto at = what.rfind(": ");
    file.problems->push_back({"this is no JSON", fmt::format("{}:{}:{}", file.name, position.line, position.column),
                              std::string(at == std::string_view::npos ? what : what.substr(at + 2)), ""});
  }
}

bool Node::is_object() const { return is(Kind::object); }
bool Node::is_array() const { return is(Kind::list); }
bool Node::is_string() const { return is(Kind::string); }
bool Node::has(std::string_view name) const { return is_object() && document_->member(*value_, name) != nullptr; }

// Where a value stands matters for problems, of which a trusted file has none.
Node Node::child(const JsonValue& value, std::string_view key) const {
  return {value, *document_, *file_, file_->trusted ? std::string() : pointer_ + "/" + std::string(key)};
}

void Node::member(const std::string& name, const Visit& visit) const {
  if (!is_object()) return problem("an object is expected here");
  if (const auto* found = document_->member(*value_, name)) visit(child(*found, name));
}

void Node::required(const std::string& name, const Visit& visit) const {
  if (is_object() && !has(name)) return problem("the member '" + name + "' is missing");
  member(name, visit);
}

void Node::each(const Visit& visit) const {
  if (!is_array()) return problem("a list is expected here");
  std::size_t i = 0;
  for (const auto* one = document_->first(*value_); one != nullptr; one = document_->next(*one))
    visit(child(*one, std::to_string(i++)));
}

void Node::each_member(const VisitMember& visit) const {
  if (!is_object()) return problem("an object is expected here");
  for (const auto* one = document_->first(*value_); one != nullptr; one = document_->next(*one))
    visit(std::string(one->key), child(*one, one->key));
}

void Node::only(const std::vector<std::string_view>& names) const {
  if (!is_object()) return problem("an object is expected here");
  for (const auto* one = document_->first(*value_); one != nullptr; one = document_->next(*one)) {
    if (one->key == "$schema" || std::ranges::find(names, one->key) != names.end()) continue;
    child(*one, one->key)
        .problem("unknown member '" + std::string(one->key) + "'", "",
                 "known here: " + fmt::format("{}", fmt::join(names, ", ")));
  }
}

std::string Node::string() const {
  if (is_string()) return std::string(value_->text);
  problem("a string is expected here");
  return {};
}

RuleText Node::text() const { return RuleText(string()); }

bool Node::boolean() const {
  if (is(Kind::boolean)) return value_->text == "true";
  problem("true or false is expected here");
  return false;
}

int Node::integer() const {
  const auto number = is(Kind::integer) ? whole_number(value_->text) : std::nullopt;
  const bool fits = number && *number >= std::numeric_limits<int>::min() && *number <= std::numeric_limits<int>::max();
  if (fits) return static_cast<int>(*number);
  problem("a whole number is expected here");
  return 0;
}

std::vector<std::string> Node::strings() const {
  if (!is_array()) return {string()};
  std::vector<std::string> all;
  each([&](const Node& node) { all.push_back(node.string()); });
  return all;
}

std::vector<Template> Node::templates() const {
  if (!is_array()) return {Template(text())};
  std::vector<Template> all;
  each([&](const Node& node) { all.emplace_back(node.text()); });
  return all;
}

std::vector<Template> Node::argv() const {
  if (is_array()) return templates();
  problem("a list is expected here", "", "a command is an argv, never a line");
  return {};
}

std::string Node::scalar() const {
  if (const auto number = is(Kind::integer) ? whole_number(value_->text) : std::nullopt) return std::to_string(*number);
  if (is(Kind::boolean)) return value_->text == "true" ? "yes" : "no";
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
