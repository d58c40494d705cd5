#include "cli/check_options.h"

#include <CLI/CLI.hpp>
#include <limits>
#include <memory>

#include "cli/command.h"
#include "cli/options.h"
#include "entry/period.h"

namespace ahdiag {
namespace {

struct Raw {
  std::string format = "nagios", from = "end", hold, warning = "0", critical = "0", warning_on = "warning",
              critical_on = "critical";
};

Range range_of(const std::string& option, const std::string& text) {
  auto range = Range::read(text);
  if (!range) throw CLI::ValidationError(option + ": '" + text + "' is no range", "such as 5, 5:, ~:5, 5:10 or @5:10");
  return std::move(*range);
}

std::int64_t hold_of(const std::string& text) {
  if (text == "forever") return std::numeric_limits<std::int64_t>::max();
  const auto micros = read_span(text);
  if (!micros)
    throw CLI::ValidationError("--hold: '" + text + "' is no span of time", "such as 30m, 2h, 1d or forever");
  return *micros;
}

void settle(const Raw& raw, CheckOptions& options) {
  options.format = raw.format == "json"         ? CheckFormat::json
                   : raw.format == "prometheus" ? CheckFormat::prometheus
                                                : CheckFormat::nagios;
  options.start = raw.from == "start" ? Start::begin : Start::end;
  options.thresholds.warning_on = severity_from(raw.warning_on).value_or(Severity::warning);
  options.thresholds.critical_on = severity_from(raw.critical_on).value_or(Severity::critical);
  options.thresholds.warning = range_of("-w", raw.warning);
  options.thresholds.critical = range_of("-c", raw.critical);
  if (!raw.hold.empty()) options.hold = hold_of(raw.hold);
}

constexpr auto kFooter =
    "Exit status: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (anything unreadable, unwritable, too slow, or misspelt).\n"
    "RANGE: 5 (alarms above 5), 5: (below 5), ~:5 (above 5, negative allowed), 5:10 (outside), @5:10 (inside).";

void add_thresholds(CLI::App& check, Raw& raw) {
  const auto severity = CLI::IsMember({"critical", "error", "warning", "notice"});
  check.add_option("-w,--warning", raw.warning, "RANGE of the number of problems that is no WARNING (default 0)");
  check.add_option("-c,--critical", raw.critical,
                   "RANGE of the number of severe problems that is no CRITICAL (default 0)");
  check.add_option("--warning-on", raw.warning_on, "lowest severity that -w counts (default warning)")->check(severity);
  check.add_option("--critical-on", raw.critical_on, "lowest severity that -c counts (default critical)")
      ->check(severity);
}

void add_check_options(CLI::App& check, Options& options, Raw& raw) {
  check.add_option("FILE", options.files, "logs that httpd writes; their rotated predecessors are found beside them");
  check.add_option("--state", options.check.state,
                   "file that keeps what was read (default: $XDG_STATE_HOME/ahdiag/check.state, else "
                   "/var/lib/ahdiag/check.state)");
  check.add_option("-f,--format", raw.format, "nagios (default), json, or prometheus (a textfile for node_exporter)")
      ->check(CLI::IsMember({"nagios", "json", "prometheus"}));
  check.add_option("--output", options.check.output, "write there, as a whole, instead of to standard output");
  check.add_option("--from", raw.from, "where a log that is new to the state is read from: end (default) or start")
      ->check(CLI::IsMember({"start", "end"}));
  add_thresholds(check, raw);
  check.add_option("--hold", raw.hold, "keep a problem raised until this long after its last entry: 30m, 2h, forever");
  check.add_flag("--reset", options.check.reset, "read nothing; what is raised for these logs (or all) is settled");
  check.add_option("-t,--timeout", options.check.limit, "seconds until UNKNOWN (default 10)")
      ->check(CLI::Range(1, 86400));
  check.add_flag("-v,--verbose", options.check.verbosity,
                 "with cause and repair; -vv: with the first entry; -vvv: with what was read");
  check.footer(kFooter);
  check.fallthrough();
}

}  // namespace

std::function<void()> add_check_command(CLI::App& app, Options& options) {
  auto raw = std::make_shared<Raw>();
  add_command(app, "check", "a monitoring plug-in: what the logs have got since the last call",
              [&options, raw](CLI::App& check) {
                options.mode = Mode::check;
                add_check_options(check, options, *raw);
              });
  return [raw, &options] { settle(*raw, options.check); };
}

}  // namespace ahdiag
