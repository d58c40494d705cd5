// What a watch tells, one event after another; schema/event.schema.json describes the lines.
#pragma once

#include <cstdint>
#include <string>

#include "diagnose/chronicle.h"
#include "report/report.h"

namespace ahdiag {

// What was not told, since the watch began.
struct Missed {
  std::uint64_t entries = 0;    // of incidents beyond the limits
  std::uint64_t unmatched = 0;  // at level error or worse, of no rule
  std::uint64_t lines = 0;      // not understood, because they came faster than that goes
  std::uint64_t hooks = 0;      // events for which --exec was not called
};

// An event and what it is told with. An incident that opens has its finding, in the report that holds it.
struct Telling {
  const Event& event;
  const Report& report;
  const Finding* finding;
  std::int64_t micros;  // now: microseconds since 1970, UTC
  const Missed& missed;
};

// One line of JSON, with its newline.
std::string event_json(const Telling& telling);
// A line, and below it the finding of an incident that opens.
std::string event_text(const Telling& telling, const TextStyle& style);

}  // namespace ahdiag
