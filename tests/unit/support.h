// What several tests need: values that only rule files can make, rule books of a test's own, and entries read from
// lines.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "catch.h"
#include "diagnose/collector.h"
#include "diagnose/scope.h"
#include "entry/reader.h"
#include "rules/book.h"
#include "rules/node.h"
#include "rules/read.h"

namespace ahdiag::test {

// `text` as a JSON string; for printable ASCII.
inline std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

inline Argv argv(const std::vector<std::string>& words) {
  std::string json = "[";
  for (const auto& word : words) json += (json.size() > 1 ? ", " : "") + json_string(word);
  json += "]";
  Problems problems;
  Argv all;
  Node::parse({"test.json", json, &problems}, [&](const Node& node) { all = node.templates(); });
  REQUIRE(problems.empty());
  return all;
}

inline Template text(std::string_view source) { return argv({std::string(source)}).front(); }

inline SlotSpec slot_spec(std::string_view type, std::string name = "x") {
  SlotSpec spec;
  spec.name = std::move(name);
  REQUIRE(slot_type(type).has_value());
  spec.type = *slot_type(type);
  return spec;
}

inline Slot slot(std::string_view type, std::string_view logged) {
  auto accepted = Slot::accept(slot_spec(type), logged, {});
  REQUIRE(std::holds_alternative<Slot>(accepted));
  return std::get<Slot>(std::move(accepted));
}

inline FactSpec fact_spec(std::string_view type, std::string name = "x") {
  FactSpec spec;
  spec.name = std::move(name);
  REQUIRE(fact_type(type).has_value());
  spec.type = *fact_type(type);
  return spec;
}

inline Fact fact(std::string_view type, std::string_view value) {
  auto accepted = Fact::accept(fact_spec(type), value);
  REQUIRE(std::holds_alternative<Fact>(accepted));
  return std::get<Fact>(std::move(accepted));
}

inline std::vector<std::string> lines_of(const Problems& problems) {
  std::vector<std::string> lines;
  for (const auto& problem : problems) lines.push_back(to_line(problem));
  return lines;
}

// The files of a test, kept for as long as the book looks at them.
class Files {
 public:
  Files& add(std::string name, std::string content) {
    texts_.push_back({std::move(name), std::move(content)});
    return *this;
  }
  [[nodiscard]] std::vector<RuleFile> list() const {
    std::vector<RuleFile> all;
    for (const auto& [name, content] : texts_) all.push_back({name, content});
    return all;
  }
  // The built-in rules and these.
  [[nodiscard]] RuleBook book() const {
    Problems problems;
    auto book = RuleBook::load(list(), problems);
    CAPTURE(lines_of(problems));
    REQUIRE(problems.empty());
    return book;
  }

 private:
  std::deque<std::pair<std::string, std::string>> texts_;
};

// Hands each entry of a log to `visit`.
template <typename Visit>
void for_each_entry(const std::vector<std::string>& lines, Visit visit) {
  EntryReader reader(0, [&](const Entry& entry, std::string_view around) { visit(entry, around); });
  std::uint64_t number = 0;
  for (const auto& line : lines) reader.line({line, ++number, 0});
  reader.finish();
}

inline Collection collect(const RuleBook& book, const std::vector<std::string>& lines, Limits limits = {}) {
  Signs signs(book.platforms());
  Collector collector(book, signs, limits);
  for_each_entry(lines, [&](const Entry& entry, std::string_view around) { collector.entry(entry, around); });
  return collector.finish();
}

}  // namespace ahdiag::test
