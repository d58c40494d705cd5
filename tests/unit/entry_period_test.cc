#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "entry/period.h"

using namespace ahdiag;
using std::string_view;

namespace {

Period period(const PeriodOptions& options) {
  ::setenv("SOURCE_DATE_EPOCH", "1795348800", 1);  // 2026-11-22T12:00:00Z
  auto made = Period::make(options);
  if (auto* problem = std::get_if<Problem>(&made)) FAIL(to_line(*problem));
  return std::get<Period>(std::move(made));
}

bool holds(const Period& period, string_view text) {
  const auto stamp = consume_iso_time(text);
  REQUIRE(stamp.has_value());
  return period.holds(*stamp);
}

}  // namespace

TEST_CASE("a period has two ends, both included", "[entry][period]") {
  const auto two = period({"2026-11-22T11:00:00Z", "2026-11-22T11:30:00Z", "UTC"});
  CHECK(two.is_bounded());
  CHECK_FALSE(holds(two, "2026-11-22T10:59:59.999999"));
  CHECK(holds(two, "2026-11-22T11:00:00"));
  CHECK(holds(two, "2026-11-22T11:30:00.999999"));
  CHECK_FALSE(holds(two, "2026-11-22T11:30:01"));
  CHECK(holds(two, "2026-11-22T12:00:00+01:00"));
  CHECK_FALSE(period({"", "", "UTC"}).is_bounded());
}

TEST_CASE("what is counted from now", "[entry][period]") {
  CHECK(holds(period({"2h", "", "UTC"}), "2026-11-22T10:00:00"));
  CHECK_FALSE(holds(period({"90m", "", "UTC"}), "2026-11-22T10:29:59"));
  CHECK(holds(period({" 7d ago ", "", "UTC"}), "2026-11-15T12:00:00"));
  CHECK(holds(period({"today", "", "+05:30"}), "2026-11-22T00:00:00"));
  CHECK_FALSE(holds(period({"today", "", "+05:30"}), "2026-11-21T23:59:59"));
  CHECK(holds(period({"yesterday", "today", "-11:00"}), "2026-11-21T00:00:00"));
  CHECK_FALSE(holds(period({"", "now", "UTC"}), "2026-11-22T12:00:01"));
}

TEST_CASE("days that are longer or shorter than others", "[entry][period]") {
  const auto spring = period({"2026-03-29", "", "Europe/Berlin"});  // 02:00 to 03:00 is missing
  CHECK(spring.zone().to_utc({1774751400'000'000, 0, std::nullopt}) == 1774747800'000'000);  // 02:30, as if 03:30
  CHECK(holds(spring, "2026-03-29T03:00:00"));
  CHECK(holds(spring, "2026-03-28T23:00:00Z"));
  CHECK_FALSE(holds(spring, "2026-03-28T22:59:59Z"));
  const auto autumn = period({"", "2026-10-25T01:00:00Z", "Europe/Berlin"});
  CHECK(holds(autumn, "2026-10-25T02:30:00"));  // the first of two
  CHECK_FALSE(holds(autumn, "2026-10-25T03:00:00"));
}

TEST_CASE("an entry without a time has that of the one before it", "[entry][period]") {
  const auto later = period({"2026-11-22T11:00:00Z", "", "UTC"});
  PeriodFilter filter(later);
  struct Row {
    string_view line;
    bool passes;
  };
  for (const auto& row : std::vector<Row>{{"AH00558: before any time", true},
                                          {"[Sun Nov 22 10:00:00 2026] [error] x", false},
                                          {"AH00015: Unable to open logs", false},
                                          {"[Sun Nov 22 11:00:00 2026] [error] x", true},
                                          {"AH00015: Unable to open logs", true},
                                          {"[Sun Nov 22 10:00:00 2026] [error] x", false}}) {
    CAPTURE(row.line);
    CHECK(filter.passes(parse_entry(row.line).time) == row.passes);
  }
}
