// Everything that a run found, ready to be written in any form.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/judge.h"
#include "plan/plan.h"

namespace ahdiag {

struct InputRow {
  std::string name, format;
  std::uint64_t bytes = 0, lines = 0, entries = 0, unparsed = 0;
  std::optional<Stamp> first, last;
  std::optional<Problem> error;
};

struct Finding {
  Diagnosis diagnosis;
  Plan plan;
};

struct Report {
  std::string label;  // --label
  std::string version;
  std::size_t rules = 0;
  std::vector<InputRow> inputs;
  Setting setting;
  std::optional<Machine> machine;  // --host
  std::vector<Finding> findings;   // worst first
  std::vector<Unmatched> unmatched;
  std::uint64_t suppressed = 0;  // incidents below --min-severity
  std::uint64_t over = 0;        // entries beyond the limits
  bool redacted = false;         // --redact: names stand for whom the log names

  // The worst severity among the findings, those below --min-severity included; nothing where there is none.
  std::optional<Severity> worst;
};

// "ok", "warning", "error" or "critical".
std::string_view status_word(const Report& report);

// Takes a report piece by piece: as a whole it takes more room than what was found.
using Sink = std::function<void(std::string_view)>;

// The contract of --format json; schema/report.schema.json describes it.
// `compact`: on one line.
void write_json(const Report& report, bool compact, const Sink& sink, unsigned threads = 1);
std::string to_json(const Report& report, bool compact = false);
// One of its incidents, as it stands in the report, on one line without a newline.
std::string to_json_line(const Report& report, const Finding& finding);

struct TextStyle {
  bool colour = false;
  std::size_t width = 80;
  bool unicode = true;
};

// For people: the whole, or one finding of it.
void write_text(const Report& report, const TextStyle& style, const Sink& sink, unsigned threads = 1);
std::string to_text(const Report& report, const TextStyle& style);
std::string to_text(const Report& report, const Finding& finding, const TextStyle& style);

// For tickets and mails.
std::string to_markdown(const Report& report);

// One page that loads nothing, with a picture of when what happened.
std::string to_html(const Report& report);

// SARIF 2.1.0, for those who collect findings of many tools.
std::string to_sarif(const Report& report);

// One POSIX shell script that shows the plans, and carries them out where it is told to.
std::string to_script(const Report& report);

// One Ansible playbook of builtin modules.
std::string to_playbook(const Report& report);

}  // namespace ahdiag
