#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "rules/head_index.h"

using namespace ahdiag;

namespace {

using Heads = std::vector<std::uint32_t>;

Heads of(const CodeTable& table, std::string_view code) {
  const auto found = table.find(code);
  return {found.begin(), found.end()};
}

Heads held(const Literals& literals, std::string_view text) {
  Heads heads;
  literals.find(text, [&](std::uint32_t head) { heads.push_back(head); });
  std::ranges::sort(heads);
  return heads;
}

}  // namespace

TEST_CASE("heads are found by the whole id, in their order", "[rules][index]") {
  const CodeTable table({{"AH01762", 7}, {"AH00023", 1}, {"AH01762", 9}, {"*", 3}, {"AH001762", 4}, {"AH01762", 2}});
  CHECK(of(table, "AH01762") == Heads{7, 9, 2});
  CHECK(of(table, "AH001762") == Heads{4});
  CHECK(of(table, "AH00023") == Heads{1});
  CHECK(of(table, "*") == Heads{3});
  CHECK(of(table, "AH01763").empty());
  CHECK(of(table, "AH0176").empty());
  CHECK(of(table, "").empty());
}

TEST_CASE("no ids, no heads", "[rules][index]") {
  CHECK(of(CodeTable(), "AH01762").empty());
  CHECK(of(CodeTable(std::vector<CodeTable::Pair>()), "AH01762").empty());
}

TEST_CASE("each of many ids is found, and none beside them", "[rules][index]") {
  constexpr std::uint32_t kMany = 3000;
  std::vector<std::string> codes;
  for (std::uint32_t i = 0; i < kMany; ++i) codes.push_back("AH" + std::to_string(10000 + 3 * i));
  std::vector<CodeTable::Pair> pairs;
  for (std::uint32_t i = 0; i < kMany; ++i) pairs.emplace_back(codes[i], i);
  const CodeTable table(pairs);
  for (std::uint32_t i = 0; i < kMany; ++i) {
    REQUIRE(of(table, codes[i]) == Heads{i});
    REQUIRE(of(table, "AH" + std::to_string(10001 + 3 * i)).empty());
  }
}

TEST_CASE("a copy outlives what it was copied from", "[rules][index]") {
  CodeTable copy;
  {
    const CodeTable table({{"AH01762", 7}});
    copy = table;
  }
  CHECK(of(copy, "AH01762") == Heads{7});
}

TEST_CASE("the index that is compiled in is the one of the heads", "[rules][index]") {
  const auto heads = rule_index();
  const HeadIndex made = index_of(heads);
  const HeadTables& built = head_tables();
  CHECK(std::ranges::equal(made.by_any_body, built.by_any_body));
  for (const auto& head : heads) {
    for (const auto code : head.codes) REQUIRE(of(CodeTable(built.by_code), code) == of(made.by_code, code));
    for (const auto text : head.contains) {
      REQUIRE(held(Literals(built.by_text), text) == held(made.by_text, text));
      REQUIRE(held(Literals(built.by_body), text) == held(made.by_body, text));
      REQUIRE_FALSE(held(Literals(head.within_config_error ? built.by_body : built.by_text), text).empty());
    }
  }
}

TEST_CASE("the signs that are compiled in are found", "[rules][index]") {
  const auto& index = platform_index();
  const Literals texts(index.sign_texts);
  for (std::uint32_t i = 0; i < index.signs.size(); ++i) {
    const auto found = held(texts, index.signs[i].text);
    REQUIRE(std::ranges::find(found, i) != found.end());
  }
}
