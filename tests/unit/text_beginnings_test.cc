#include <array>
#include <string_view>

#include "catch.h"
#include "text/beginnings.h"

using namespace ahdiag;

TEST_CASE("the first word of a table that a text begins with is found", "[text][beginnings]") {
  constexpr Beginnings table(
      std::to_array<Beginning<int>>({{"httpd: ", 1}, {"a", 2}, {"httpd", 3}, {"\xE2\x97\x8F ", 4}, {"ab", 5}}));
  const auto value = [&](std::string_view text) {
    const auto* const row = table.find(text);
    return row == nullptr ? 0 : row->value;
  };
  CHECK(value("httpd: x") == 1);
  CHECK(value("httpd x") == 3);
  CHECK(value("httpd") == 3);
  CHECK(value("http") == 0);
  CHECK(value("ab") == 2);
  CHECK(value("\xE2\x97\x8F httpd.service") == 4);
  CHECK(value("\xE2\x97\x8B httpd.service") == 0);
  CHECK(value("x") == 0);
  CHECK(value("") == 0);
}

TEST_CASE("words of the same first byte keep their order", "[text][beginnings]") {
  constexpr auto table = beginnings(std::to_array<std::string_view>({"two", "one", "three", "t"}));
  const auto alike = table.alike("tuesday");
  REQUIRE(alike.size() == 3);
  CHECK(alike[0].text == "two");
  CHECK(alike[1].text == "three");
  CHECK(alike[2].text == "t");
  CHECK(table.alike("").empty());
  CHECK(table.alike("x").empty());
}
