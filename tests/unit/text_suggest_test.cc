#include <string_view>
#include <vector>

#include "catch.h"
#include "text/suggest.h"

using namespace ahdiag;

TEST_CASE("a distance counts insertions, deletions, substitutions and swaps of neighbours", "[text][suggest]") {
  struct Row {
    std::string_view a, b;
    std::size_t distance;
  };
  const std::vector<Row> rows = {
      {"", "", 0},
      {"", "ab", 2},
      {"Listen", "Listen", 0},
      {"listen", "LISTEN", 0},
      {"Listn", "Listen", 1},
      {"Listeen", "Listen", 1},
      {"Lisben", "Listen", 1},
      {"Lisetn", "Listen", 1},
      {"RewriteEngin", "RewriteEngine", 1},
      {"RewirteEnigne", "RewriteEngine", 2},
      {"ca", "abc", 3},  // optimal string alignment: no edit inside a swap
      {"kitten", "sitting", 3},
      {"abcd", "badc", 2},
  };
  for (const auto& row : rows) {
    CAPTURE(row.a, row.b);
    CHECK(distance(row.a, row.b, 9) == row.distance);
    CHECK(distance(row.b, row.a, 9) == row.distance);
  }
}

TEST_CASE("a distance over the limit is the limit and one", "[text][suggest]") {
  CHECK(distance("kitten", "sitting", 2) == 3);
  CHECK(distance("kitten", "sitting", 3) == 3);
  CHECK(distance("a", "abcdefgh", 2) == 3);
  CHECK(distance("abc", "xyz", 0) == 1);
  CHECK(distance("abc", "abc", 0) == 0);
}
