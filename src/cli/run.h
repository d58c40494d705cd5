// The way of the data: source -> entry -> incident -> diagnosis -> plan -> report.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "cli/outlet.h"
#include "host/host.h"
#include "input/sources.h"
#include "report/report.h"
#include "rules/book.h"

namespace ahdiag {

// What a run is asked for, free of files and terminals.
struct Request {
  SettingOptions setting;
  Severity min_severity = Severity::notice;
  LogFormats log_formats;
  Period period;
  unsigned threads = 1;
  bool redact = false;
  Host* host = nullptr;  // --host
};

// Tells a listener of one source after another.
using Feed = std::function<void(const Listener&)>;

// The sources that were named, and on a terminal how far their reading is; `notes` gets what was left out.
Feed feed_of(const Options& options, Problems& notes);

Report diagnose(const RuleBook& book, const Feed& feed, const Request& request, Problems& problems);

// What was collected, judged and planned, is added to the report.
void conclude(const RuleBook& book, const Signs& signs, Collection collection, const Request& request, Report& report,
              Problems& problems);

Request request_of(const Options& options, Host* host);
// An unknown platform or fact, told before a byte is read.
void check_setting(const RuleBook& book, const Request& request, Problems& problems);

// The rules compiled in and those of --rules; problems of rule files are usage errors.
struct LoadedRules {
  std::vector<std::pair<std::string, std::string>> files;  // name and text of those of --rules
  RuleBook book;
};
LoadedRules load_rules(const std::string& directory, Problems& problems);

int run_diagnose(const Options& options);
int run_entries(const Options& options);
int run_rules(const Options& options);
int run_platforms(const Options& options);
int run_explain(const Options& options);
int run_rules_why(const Options& options);
int run_lint_unit(const Options& options);
int run_check(const Options& options);
// Tells a monitoring system why there is nothing to tell, and gives the exit status for that.
int refuse_check(const Problem& problem);
int run_merge(const Options& options);
int run_watch(const Options& options);

// --host, --root
std::optional<Host> open_host(const std::string& root, Problems& problems);

// No file, and a terminal as standard input: tells how to call, instead of waiting for somebody to type a log.
bool lacks_input(const Options& options);

// Writes all of it to standard output; a failure is told.
WriteResult write_out(std::string_view text);

// How a text for people is to look on this terminal.
TextStyle style_of(const Options& options);

// Writes to standard output; the exit code if it cannot be written whole (0: it was, or the reader went away).
int print(const std::string& text);
void complain(const Problems& problems);
// Tells what could not be read whole, and whether anything could not.
bool complain_of(const std::vector<InputRow>& rows);

}  // namespace ahdiag
