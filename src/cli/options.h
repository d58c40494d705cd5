// What was typed, checked, and nothing more.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/check_options.h"
#include "cli/watch_options.h"
#include "entry/log_format.h"
#include "entry/period.h"
#include "rules/rule.h"

namespace ahdiag {

// The documented exit codes.
enum Exit : int { kNothingFound = 0, kFound = 1, kUsage = 2, kIncomplete = 3 };

enum class Mode {
  diagnose,
  entries,
  rules_list,
  rules_show,
  rules_check,
  rules_test,
  platforms,
  explain,
  rules_new,
  rules_why,
  lint_unit,
  check,
  merge,
  watch
};
enum class Format { text, json, markdown, html, sarif, sh, ansible };
enum class When { automatic, always, never };

struct Options {
  Mode mode = Mode::diagnose;
  std::vector<std::string> files;
  Format format = Format::text;
  When colour = When::automatic;
  std::string platform;
  std::map<std::string, std::string> facts;
  std::string persist;
  std::optional<Severity> fail_on = Severity::error;  // nothing: never
  Severity min_severity = Severity::notice;
  std::optional<std::size_t> width;
  LogFormats log_formats;
  Period period;
  bool host = false;                   // --host
  std::string root = "/";              // --root DIR
  bool ecs = false;                    // entries --ecs
  bool compact = false;                // --compact
  std::string label;                   // --label NAME
  bool redact = false;                 // --redact
  std::vector<std::string> incidents;  // --incident ID
  unsigned threads = 2;
  bool progress = true;             // on a terminal
  std::string rules;                // --rules DIR
  std::vector<std::string> topics;  // of explain
  CheckOptions check;
  WatchOptions watch;
  std::string argument;  // of a subcommand: an id or a folder
};

// Either options, or the exit code of a run that ends here (help, version, usage errors; texts are written).
struct Parsed {
  std::optional<Options> options;
  int exit = kNothingFound;
};

Parsed parse_options(int argc, const char* const* argv);

}  // namespace ahdiag
