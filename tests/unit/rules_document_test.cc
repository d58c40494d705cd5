#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "rules/document.h"

using namespace ahdiag;

namespace {

using Kind = JsonValue::Kind;

// The document as one line: strings in <>, members as name=value.
std::string shown(const Document& document, const JsonValue& value) {
  if (value.kind == Kind::string) return "<" + std::string(value.text) + ">";
  if (value.kind != Kind::list && value.kind != Kind::object) return std::string(value.text);
  std::string all = value.kind == Kind::list ? "[" : "{";
  for (const auto* one = document.first(value); one != nullptr; one = document.next(*one)) {
    if (all.size() > 1) all += ' ';
    if (value.kind == Kind::object) all += std::string(one->key) + "=";
    all += shown(document, *one);
  }
  return all + (value.kind == Kind::list ? "]" : "}");
}

std::string shown(std::string_view json) {
  const Document document(json);
  return shown(document, document.root());
}

}  // namespace

TEST_CASE("each kind of value is read", "[rules][document]") {
  CHECK(shown(R"({"a": 1, "b": [true, false, null, -2.5e3, "x"], "c": {}, "d": []})") ==
        "{a=1 b=[true false null -2.5e3 <x>] c={} d=[]}");
  CHECK(shown(" [ [ ] , [ [ 1 ] , 2 ] , \"\" ] ") == "[[] [[1] 2] <>]");
  CHECK(shown("\"alone\"") == "<alone>");
  CHECK(shown("\xEF\xBB\xBF[1]") == "[1]");
  const Document numbers("[1, -0, 1.0, 1e2, true, null]");
  std::vector<Kind> kinds;
  for (const auto* one = numbers.first(numbers.root()); one != nullptr; one = numbers.next(*one))
    kinds.push_back(one->kind);
  CHECK(kinds == std::vector{Kind::integer, Kind::integer, Kind::fraction, Kind::fraction, Kind::boolean, Kind::null});
}

TEST_CASE("members are in the order of their names, the last of equal ones remains", "[rules][document]") {
  CHECK(shown(R"({"b": 1, "a": {"z": 2, "y": 3}, "b": [4], "": 5, "c": 6, "a": 7})") == "{=5 a=7 b=[4] c=6}");
  const Document document(R"({"b": {"d": 1}, "a": 2})");
  const auto* b = document.member(document.root(), "b");
  REQUIRE(b != nullptr);
  CHECK(document.member(*b, "d")->text == "1");
  CHECK(document.member(document.root(), "d") == nullptr);
}

TEST_CASE("escapes are undone, in names too", "[rules][document]") {
  CHECK(shown(R"(["\"\\\/\b\f\n\r\t"])") == "[<\"\\/\b\f\n\r\t>]");
  CHECK(shown(R"(["a\u0041\u00e9\u20AC\ud83d\uDE00z"])") == "[<aA\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z>]");
  CHECK(shown(R"({"q\"k": "\\", "a": "x]}"})") == "{a=<x]}> q\"k=<\\>}");
}

TEST_CASE("no text is nested too deep", "[rules][document]") {
  constexpr std::size_t kDeep = 1'000'000;
  const std::string json = std::string(kDeep, '[') + std::string(kDeep, ']');
  const Document document(json);
  std::size_t depth = 0;
  for (const auto* one = &document.root(); one != nullptr; one = document.first(*one)) ++depth;
  CHECK(depth == kDeep);
}
