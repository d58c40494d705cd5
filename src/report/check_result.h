// What a call of `ahdiag check` found, ready to be told to a monitoring system.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/check_memory.h"
#include "report/threshold.h"

namespace ahdiag {

// With the exit status of a monitoring plug-in.
enum class ServiceState : int { ok = 0, warning = 1, critical = 2, unknown = 3 };

struct CheckResult {
  ServiceState state = ServiceState::unknown;
  Problems troubles;                    // why the state is not known
  Problems notes;                       // what is worth knowing, and changes nothing
  std::vector<RaisedProblem> problems;  // worst first
  std::vector<InputRow> inputs;         // what was read
  CheckSums sums;                       // of all calls
  Thresholds thresholds;
  double seconds = 0, limit = 0;
  std::int64_t now = 0;  // microseconds since 1970
  std::string version;
  std::size_t rules = 0;

  [[nodiscard]] std::size_t at_least(Severity severity) const;
};

// From the problems and thresholds; unknown where there is trouble.
ServiceState state_of(const CheckResult& result);

// "HTTPD CRITICAL: cause | perfdata", the first part under 80 bytes, then a line a problem; at `verbosity` 1 with cause
// and repair, at 2 with the first entry, at 3 with what was read. At most 4 KB, which is what Nagios 3 reads; no bar
// and no control character in what is not perfdata. Source: monitoring-plugins.org, guidelines.
std::string to_nagios(const CheckResult& result, unsigned verbosity);

// The same of a call that came to nothing, and of one that only has a sentence to say.
std::string to_nagios(const Problem& trouble);
std::string to_nagios(ServiceState state, std::string_view text);

// A file for node_exporter's textfile collector. No times, for it refuses them; labels come from the rules and from
// httpd's own ids, and their number is bounded. Source: Prometheus, "Text-based format".
std::string to_prometheus(const CheckResult& result);

}  // namespace ahdiag
