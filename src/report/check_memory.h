// What `ahdiag check` keeps from one call to the next: how far each log was read, which problems are raised, and the
// sums of all calls. Positions and sums are kept together, so that each line is counted once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "input/resume.h"
#include "report/report.h"

namespace ahdiag {

// A problem that was found and is not over. Its texts are short and printable.
struct RaisedProblem {
  std::string id;   // the incident's
  std::string log;  // that it was found in
  std::string rule, code, module, title, effect, cause, where, evidence;
  std::vector<std::string> repair;  // commands and words, the first few
  Severity severity = Severity::error;
  std::uint64_t entries = 0;         // since it was raised
  std::int64_t first = 0, last = 0;  // when a call found entries of it; microseconds since 1970
  bool told = false;                 // a call has told it and said so in its exit status
};

// The sum over all calls for one kind of problem.
struct ProblemSum {
  std::string rule, code, module;
  Severity severity = Severity::error;
  std::uint64_t entries = 0;
};

struct CheckSums {
  std::uint64_t bytes = 0, lines = 0, unparsed = 0, unmatched = 0, gaps = 0;
  std::vector<ProblemSum> problems;
};

// One log, by its absolute path.
struct LogMemory {
  std::string path;
  std::int64_t checked = 0;  // microseconds since 1970
  LogProgress progress;
};

struct CheckMemory {
  std::vector<LogMemory> logs;
  std::vector<RaisedProblem> problems;
  CheckSums sums;

  [[nodiscard]] const LogMemory* log(const std::string& path) const;
  void set_log(LogMemory log);
  // Raises the problem that a finding is, or tells that there is more of it.
  void add(const Report& report, const Finding& finding, const std::string& log, std::int64_t now);
};

// What is kept at most: of logs the last that were checked, of problems the worst, of sums the first kinds (others are
// added up as rule "other").
inline constexpr std::size_t kMostLogs = 1000, kMostProblems = 500, kMostSums = 1000;

// The state file: one JSON document with the version of its form and a digest, so that damage is seen.
std::string to_json(const CheckMemory& memory);
std::variant<CheckMemory, Problem> read_check_memory(const std::string& text, const std::string& path);

}  // namespace ahdiag
