#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "text/time_format.h"

using namespace ahdiag;
using std::string_view;

namespace {

std::string read(string_view text, string_view format) {
  const auto time = consume_time(text, format);
  return time ? to_rfc3339(*time) + "|" + std::string(text) : "none";
}

}  // namespace

TEST_CASE("what strftime writes is read back", "[text][time-format]") {
  struct Row {
    string_view format, text, shown;
  };
  for (const auto& row : std::vector<Row>{
           {"%Y-%m-%d %H:%M:%S", "2026-11-22 15:20:05] x", "2026-11-22T15:20:05|] x"},
           {"%FT%T%z", "2026-11-22T15:20:05+0100 x", "2026-11-22T15:20:05+01:00| x"},
           {"%d/%b/%Y:%H:%M:%S %z", "22/Nov/2026:15:20:05 -0330", "2026-11-22T15:20:05-03:30|"},
           {"%c", "Sun Nov  2 15:20:05 2025 x", "2025-11-02T15:20:05| x"},
           {"%a, %d %B %y %I:%M %p", "Sun, 22 November 26 03:20 PM", "2026-11-22T15:20:00|"},
           {"%D %R", "11/22/26 15:20", "2026-11-22T15:20:00|"},
           {"%I %p %Y", "12 AM 2026", "2026-01-01T00:00:00|"},
           {"%j %Y", "326 2026", "2026-11-22T00:00:00|"},
           {"%s", "1795360931 x", "2026-11-22T15:22:11Z| x"},
           {"%Y %Z", "2026 CET", "2026-01-01T00:00:00|"},
           {"%Y %Z", "2026 UTC", "2026-01-01T00:00:00Z|"},
           {"%%%Y%%", "%2026%", "2026-01-01T00:00:00|"},
           {"%s", "17953609312001", "none"},
           {"%Y", "x", "none"},
           {"%Y-%m", "2026-13", "none"},
           {"%H:%M", "15:20", "none"},
           {"%Y-%m-%d", "2026-02-30", "none"},
       }) {
    CAPTURE(row.format, row.text);
    CHECK(read(row.text, row.format) == row.shown);
  }
}

TEST_CASE("a format that cannot be read back is told", "[text][time-format]") {
  for (const string_view format : {"", "x", "%Y", "%%", "%F %T", "%d.%m.%Y"}) CHECK(is_time_format(format));
  for (const string_view format : {"%", "%Q", "%U", "%Y %", "%+"}) CHECK_FALSE(is_time_format(format));
}
