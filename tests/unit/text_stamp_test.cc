#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "text/stamp.h"

using namespace ahdiag;
using std::string_view;

namespace {

std::string ctime_of(string_view text) {
  string_view rest = text;
  const auto stamp = consume_ctime(rest);
  if (!stamp) return rest == text ? "none" : "none, but something is gone";
  return to_rfc3339(*stamp) + "|" + std::string(rest);
}

std::string iso_of(string_view text) {
  string_view rest = text;
  const auto stamp = consume_iso_time(rest);
  if (!stamp) return rest == text ? "none" : "none, but something is gone";
  return to_rfc3339(*stamp) + "|" + std::string(rest);
}

}  // namespace

TEST_CASE("httpd's own time is read with and without a fraction", "[text][stamp]") {
  CHECK(ctime_of("Wed Mar 13 07:02:11.000001 2024] x") == "2024-03-13T07:02:11.000001|] x");
  CHECK(ctime_of("Sun Nov 22 15:20:05 2026]") == "2026-11-22T15:20:05|]");
  CHECK(ctime_of("Mon Nov 02 00:00:00.999999 2026") == "2026-11-02T00:00:00.999999|");
  CHECK(ctime_of("Mon Nov  2 00:00:00 2026") == "2026-11-02T00:00:00|");
  CHECK(ctime_of("Thu Feb 29 23:59:60 2024") == "2024-03-01T00:00:00|");
  CHECK(ctime_of("Thu Jan 01 00:00:00.123 1970") == "1970-01-01T00:00:00.123|");
}

TEST_CASE("what only looks like httpd's time is none", "[text][stamp]") {
  const std::vector<string_view> texts = {
      "",
      "Wed",
      "Mit Mar 13 07:02:11 2024",
      "Wed Mär 13 07:02:11 2024",
      "wed mar 13 07:02:11 2024",
      "Wed Mar 13 7:02:11 2024",
      "Wed Mar 13 24:02:11 2024",
      "Wed Mar 13 07:60:11 2024",
      "Wed Mar 13 07:02:61 2024",
      "Wed Mar 13 07:02:11",
      "Wed Mar 13 07:02:11 24",
      "Wed Mar 00 07:02:11 2024",
      "Wed Mar 32 07:02:11 2024",
      "Thu Feb 30 07:02:11 2024",
      "Wed Feb 29 07:02:11 2023",
      "Wed Mar -1 07:02:11 2024",
      "Wed Mar 99999999999999999999 07:02:11 2024",
  };
  for (const auto text : texts) {
    CAPTURE(text);
    CHECK(ctime_of(text) == "none");
  }
}

TEST_CASE("an ISO time is read with and without fraction and zone", "[text][stamp]") {
  CHECK(iso_of("2026-11-22 15:22:11.481162] x") == "2026-11-22T15:22:11.481162|] x");
  CHECK(iso_of("2026-11-22 15:22:11 host") == "2026-11-22T15:22:11| host");
  CHECK(iso_of("2026-11-22T15:22:11Z stderr") == "2026-11-22T15:22:11Z| stderr");
  CHECK(iso_of("2026-11-22T15:22:11+01:00 host") == "2026-11-22T15:22:11+01:00| host");
  CHECK(iso_of("2026-11-22T15:22:11-0530 host") == "2026-11-22T15:22:11-05:30| host");
  CHECK(iso_of("2026-11-22 15:22:11.481162 +0100]") == "2026-11-22T15:22:11.481162+01:00|]");
  CHECK(iso_of("2026-11-22T15:22:11,481 x") == "2026-11-22T15:22:11.481| x");
  CHECK(iso_of("2026-11-22T15:22:11.123456789Z x") == "2026-11-22T15:22:11.123456Z| x");
}

TEST_CASE("what only looks like an ISO time is none", "[text][stamp]") {
  for (const string_view text :
       {"2026-11-22", "2026-11-22T", "2026-11-22X15:22:11", "2026-13-01T00:00:00", "2026-02-30T00:00:00",
        "26-11-22T15:22:11", "2026-11-22T25:00:00", "2026/11/22 15:22:11"}) {
    CAPTURE(text);
    CHECK(iso_of(text) == "none");
  }
}

TEST_CASE("words after a time are no zone", "[text][stamp]") {
  CHECK(iso_of("2026-11-22 15:22:11 Zend OPcache") == "2026-11-22T15:22:11| Zend OPcache");
  CHECK(iso_of("2026-11-22T15:22:11Zurich") == "2026-11-22T15:22:11|Zurich");
  CHECK(iso_of("2026-11-22 15:22:11 -1 left") == "2026-11-22T15:22:11| -1 left");
  CHECK(iso_of("2026-11-22 15:22:11 - x") == "2026-11-22T15:22:11| - x");
  CHECK(iso_of("2026-11-22 15:22:11 +12345678 bytes") == "2026-11-22T15:22:11| +12345678 bytes");
  CHECK(iso_of("2026-11-22 15:22:11 +9999 bytes") == "2026-11-22T15:22:11| +9999 bytes");
}

TEST_CASE("times are ordered by their point, not by their digits", "[text][stamp]") {
  string_view a = "2026-11-22 15:22:11", b = "2026-11-22 15:22:11.000", c = "2026-11-22 15:22:11.000001";
  const auto first = consume_iso_time(a), second = consume_iso_time(b), third = consume_iso_time(c);
  REQUIRE((first && second && third));
  CHECK(*first == *second);
  CHECK(*second < *third);
  CHECK(first->digits == 0);
  CHECK(second->digits == 3);
  CHECK(third->digits == 6);
}

TEST_CASE("a time is written as RFC 3339 as exactly as the log states it", "[text][stamp]") {
  CHECK(to_rfc3339({0, 0, std::nullopt}) == "1970-01-01T00:00:00");
  CHECK(to_rfc3339({1, 6, std::nullopt}) == "1970-01-01T00:00:00.000001");
  CHECK(to_rfc3339({123456, 3, 0}) == "1970-01-01T00:00:00.123Z");
  CHECK(to_rfc3339({-1'000'000, 0, std::nullopt}) == "1969-12-31T23:59:59");
  CHECK(to_rfc3339({0, 0, -330}) == "1970-01-01T00:00:00-05:30");
  CHECK(to_rfc3339({0, 0, 60}) == "1970-01-01T00:00:00+01:00");
}
