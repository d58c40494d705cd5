#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "text/ascii.h"

using namespace ahdiag;
using std::string_view;

TEST_CASE("only ASCII letters and digits count as such", "[text][ascii]") {
  CHECK(is_digit('0'));
  CHECK(is_digit('9'));
  CHECK_FALSE(is_digit('/'));
  CHECK_FALSE(is_digit(':'));
  CHECK(is_alpha('A'));
  CHECK(is_alpha('z'));
  CHECK_FALSE(is_alpha('@'));
  CHECK_FALSE(is_alpha('['));
  CHECK_FALSE(is_alpha('\xE9'));
  CHECK_FALSE(is_alnum('_'));
  CHECK_FALSE(is_alnum('\xB2'));
  CHECK(to_lower('Z') == 'z');
  CHECK(to_lower('_') == '_');
  CHECK(to_lower('\xC9') == '\xC9');
}

TEST_CASE("trimming takes blanks, line ends and NUL from the ends, and nothing from the middle", "[text][ascii]") {
  struct Row {
    string_view text, left, right, both;
  };
  const std::vector<Row> rows = {
      {"", "", "", ""},
      {" \t\r\n", "", "", ""},
      {" a b ", "a b ", " a b", "a b"},
      {"\ta\r\n", "a\r\n", "\ta", "a"},
      {string_view("\0a\0", 3), string_view("a\0", 2), string_view("\0a", 2), "a"},
      {"a\r\nb", "a\r\nb", "a\r\nb", "a\r\nb"},
      {"\xA0x", "\xA0x", "\xA0x", "\xA0x"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(trim_left(row.text) == row.left);
    CHECK(trim_right(row.text) == row.right);
    CHECK(trim(row.text) == row.both);
  }
}

TEST_CASE("a prefix is consumed whole or not at all", "[text][ascii]") {
  string_view text = "pid 12";
  CHECK_FALSE(consume(text, "pids"));
  CHECK(text == "pid 12");
  CHECK(consume(text, "pid "));
  CHECK(text == "12");
  CHECK(consume(text, ""));
  CHECK_FALSE(consume(text, "123"));
  CHECK(text == "12");
}

TEST_CASE("the digits at the front are a number, or the text stays as it is", "[text][ascii]") {
  struct Row {
    string_view text;
    std::optional<std::int64_t> number;
    string_view rest;
  };
  const std::vector<Row> rows = {
      {"12ab", 12, "ab"},
      {"007", 7, ""},
      {"9223372036854775807)", std::numeric_limits<std::int64_t>::max(), ")"},
      {"9223372036854775808)", std::nullopt, "9223372036854775808)"},
      {"", std::nullopt, ""},
      {"-1", std::nullopt, "-1"},
      {"+1", std::nullopt, "+1"},
      {" 1", std::nullopt, " 1"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    string_view rest = row.text;
    CHECK(consume_number(rest) == row.number);
    CHECK(rest == row.rest);
  }
}

TEST_CASE("a whole text is a number with at most one sign, or none at all", "[text][ascii]") {
  struct Row {
    string_view text;
    std::optional<std::int64_t> number;
  };
  const std::vector<Row> rows = {
      {"0", 0},
      {"-12", -12},
      {"+12", 12},
      {"00012", 12},
      {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
      {"", std::nullopt},
      {"-", std::nullopt},
      {"+", std::nullopt},
      {"+-5", std::nullopt},
      {"--5", std::nullopt},
      {"5 ", std::nullopt},
      {" 5", std::nullopt},
      {"0x10", std::nullopt},
      {"1e3", std::nullopt},
      {"99999999999999999999", std::nullopt},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(to_number(row.text) == row.number);
  }
}

TEST_CASE("splitting keeps empty parts", "[text][ascii]") {
  CHECK(split("", ',') == std::vector<string_view>{""});
  CHECK(split("a", ',') == std::vector<string_view>{"a"});
  CHECK(split(",a,,b,", ',') == std::vector<string_view>{"", "a", "", "b", ""});
}

TEST_CASE("joining is the reverse of splitting", "[text][ascii]") {
  CHECK(join({}, ", ").empty());
  CHECK(join({"a"}, ", ") == "a");
  CHECK(join({"a", "b", "c"}, ", ") == "a, b, c");
  CHECK(join({"a", "", "c"}, ",") == "a,,c");
  CHECK(join({"", "a"}, ",") == ",a");
}

TEST_CASE("lower case is ASCII's, other bytes stay", "[text][ascii]") {
  CHECK(lower("RewriteRULE_2 \xC3\x89") == "rewriterule_2 \xC3\x89");
  CHECK(contains("abc", "bc"));
  CHECK(contains("abc", ""));
  CHECK_FALSE(contains("abc", "BC"));
}
