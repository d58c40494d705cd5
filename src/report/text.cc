// The report for people: calm, short, in the order in which it is needed at night.
#include <fmt/format.h>

#include <algorithm>

#include "report/report.h"
#include "report/steps.h"
#include "report/writer.h"
#include "rules/tables.h"
#include "text/ascii.h"
#include "text/shell.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

std::string_view colour_of(Severity severity) {
  switch (severity) {
    case Severity::critical: return "\x1b[1;31m";
    case Severity::error: return "\x1b[31m";
    case Severity::warning: return "\x1b[33m";
    case Severity::notice: return "\x1b[36m";
  }
  return kReset;
}

// Cuts after `width` columns, never inside a code point.
std::size_t prefix_of(std::string_view text, std::size_t width) {
  std::size_t bytes = 0;
  for (std::size_t used = 0; bytes < text.size() && used < width; ++used)
    bytes += std::max<std::size_t>(1, utf8_length(text.substr(bytes)));
  return bytes;
}

// ---- evidence: the entry itself, with the telling parts marked

bool is_marked(const Span& span) { return span.what == "errno" || span.what == "path"; }

std::string mark_row(const Evidence& evidence, std::size_t begin, std::size_t end) {
  std::string row;
  for (std::size_t at = begin; at < end;
       at += std::max<std::size_t>(1, utf8_length(std::string_view(evidence.text).substr(at)))) {
    const bool marked = std::any_of(evidence.spans.begin(), evidence.spans.end(), [&](const Span& span) {
      return is_marked(span) && at >= span.start && at < span.end;
    });
    row += marked ? '^' : ' ';
  }
  return std::string(trim_right(row));
}

std::string painted(const Writer& out, const Evidence& evidence, std::size_t begin, std::size_t end) {
  std::string row;
  std::size_t at = begin;
  for (const auto& span : evidence.spans) {
    const std::size_t from = std::max(span.start, at), to = std::min(span.end, end);
    if (!is_marked(span) || from >= to) continue;
    row += evidence.text.substr(at, from - at) + out.paint(evidence.text.substr(from, to - from), "\x1b[1;4m");
    at = to;
  }
  row += evidence.text.substr(at, end - at);
  return std::string(trim_right(row));
}

void write_entry(Writer& out, const Evidence& evidence) {
  const std::size_t width = out.inner(4);
  for (std::size_t begin = 0; begin < evidence.text.size();) {
    std::size_t end = begin + prefix_of(std::string_view(evidence.text).substr(begin), width);
    if (end < evidence.text.size()) {
      const auto blank = evidence.text.rfind(' ', end);
      if (blank != std::string::npos && blank > begin + width / 2) end = blank + 1;
    }
    out.line("    " + painted(out, evidence, begin, end));
    if (!out.style().colour) {
      if (const auto marks = mark_row(evidence, begin, end); !marks.empty()) out.line("    " + marks);
    }
    begin = end;
  }
}

std::string when_and_where(const Report& report, const Incident& incident) {
  const Evidence& first = incident.evidence.front();
  const auto& name = report.inputs.at(first.place.source).name;
  std::string text = fmt::format("{}, line {}", name == "-" ? "standard input" : printable(name), first.place.line);
  if (incident.count > 1) text += fmt::format(", and {} more", incident.count - 1);
  if (incident.first) text += ", " + to_rfc3339(*incident.first);
  if (incident.count > 1 && incident.last && !(*incident.last == *incident.first))
    text += " to " + to_rfc3339(*incident.last);
  return text;
}

// ---- the plan

std::string expectation(const Step& step) {
  if (!step.expect) return {};
  const auto& exits = step.expect->exits;
  std::vector<std::string> parts;
  const bool success_is_fine = exits.empty() || std::find(exits.begin(), exits.end(), 0) != exits.end();
  if (!success_is_fine) parts.push_back(fmt::format("exit status {}", fmt::join(exits, " or ")));
  if (!step.expect->output.empty()) parts.push_back("'" + step.expect->output + "'");
  return parts.empty() ? std::string() : "   # expect " + join(parts, ", ");
}

// A file as something to paste.
void write_file(Writer& out, const FileWrite& file) {
  const std::string document = here_document(file.content());
  out.line("       " + shell_line(install_words(file)) + " " + document.substr(0, document.size() - 1));
}

void write_step(Writer& out, const Step& step, std::size_t number) {
  out.paragraph(why_of(step), 5, fmt::format("{:>3}. ", number));
  if (const auto* command = std::get_if<Command>(&step.action)) {
    out.line("       " + out.paint(printable(shell_line(command->argv())), kBold) +
             out.paint(printable(expectation(step)), kDim));
  } else if (const auto* file = std::get_if<FileWrite>(&step.action)) {
    write_file(out, *file);
  } else {
    out.paragraph(printable(std::get<Manual>(step.action).text), 7);
  }
}

void write_steps(Writer& out, const std::vector<Step>& steps) {
  std::optional<Phase> phase;
  std::size_t number = 0;
  for (const auto& step : steps) {
    if (phase != step.phase) {
      phase = step.phase;
      out.line();
      out.line("  " + out.paint(phase_title(step.phase), kBold));
    }
    write_step(out, step, ++number);
  }
}

void write_alternatives(Writer& out, const Plan& plan) {
  for (const auto& one : plan.alternatives) {
    out.line();
    out.line("  " + out.paint("Or: ", kBold) + printable(one.title));
    if (!one.when.empty()) out.paragraph(printable(one.when), 5);
    std::size_t number = 0;
    for (const auto& step : one.steps) {
      if (step.phase != Phase::undo && step.phase != Phase::verify) write_step(out, step, ++number);
    }
  }
}

void write_notes(Writer& out, const Plan& plan) {
  if (plan.notes.empty()) return;
  out.line();
  out.line("  " + out.paint("To know", kBold));
  for (const auto& note : plan.notes) out.paragraph(printable(note), 4, "- ");
}

// ---- one incident

void write_consequences(Writer& out, const Diagnosis& diagnosis) {
  for (const auto& one : diagnosis.incident.consequences) {
    std::string name = one.code.empty() && one.rule != nullptr ? one.rule->id : one.code;
    std::string title = one.means.empty() && one.rule != nullptr ? diagnosis.scope.prose(one.rule->title) : one.means;
    if (one.count > 1) name += fmt::format(" ({} times)", one.count);
    out.labelled(&one == &diagnosis.incident.consequences.front() ? "Goes with" : "",
                 printable(name + (title.empty() ? "" : ": " + title)));
  }
}

// What --host saw: of the cause, then of those that it ruled out.
void write_sightings(Writer& out, const Diagnosis& diagnosis) {
  const auto& front = diagnosis.candidates.front();
  std::string_view label = "Seen";
  for (const auto& one : front.sightings) {
    out.labelled(label, one.text);
    label = "";
  }
  for (const auto& one : diagnosis.sightings) {
    out.labelled(label, one.text);
    label = "";
  }
  if (front.verdict == HostVerdict::refuted)
    out.labelled("", "So it is not so now: mended since, or the log is of another machine or time.");
  label = "Not so";
  for (const auto& one : diagnosis.candidates) {
    if (&one == &front || one.verdict != HostVerdict::refuted) continue;
    for (const auto& sighting : one.sightings) {
      if (sighting.holds.value_or(true)) continue;
      out.labelled(label, one.cause->id + ": " + sighting.text);
      label = "";
    }
  }
}

void write_finding(Writer& out, const Report& report, const Finding& finding) {
  const Diagnosis& diagnosis = finding.diagnosis;
  const Incident& incident = diagnosis.incident;
  const Candidate& candidate = diagnosis.candidates.front();
  const Case& cause = *candidate.cause;
  const std::string word(severity_name(diagnosis.severity));
  std::string head = printable(diagnosis.title);
  if (!incident.code.empty()) head += " [" + incident.code + "]";
  bool first = true;
  for (const auto& row : wrap(head, out.inner(word.size() + 2))) {
    out.line(first ? out.paint(word + ": " + row, colour_of(diagnosis.severity))
                   : std::string(word.size() + 2, ' ') + out.paint(row, colour_of(diagnosis.severity)));
    first = false;
  }
  out.line();
  out.line("  " + out.paint(when_and_where(report, incident), kDim));
  write_entry(out, incident.evidence.front());
  out.line();
  out.labelled("Cause", printable(diagnosis.scope.prose(cause.cause)) + " (" +
                            std::string(certainty_name(candidate.certainty)) + ")");
  write_sightings(out, diagnosis);
  out.labelled("Effect", printable(diagnosis.effect));
  write_consequences(out, diagnosis);
  if (!finding.plan.summary.empty()) out.labelled("Remedy", printable(finding.plan.summary));
  write_steps(out, finding.plan.steps);
  write_alternatives(out, finding.plan);
  write_notes(out, finding.plan);
}

// ---- the whole

std::string platform_line(const Setting& setting) {
  if (setting.source == "option") return fmt::format("plans are for {} (as told)", setting.platform);
  if (setting.source == "host")
    return fmt::format("plans are for {} (this machine is {})", setting.platform,
                       printable(join(setting.evidence, ", ")));
  if (setting.source == "default") return "the log does not show the platform: --platform ID makes the plans exact";
  std::string evidence;
  for (std::size_t i = 0; i < setting.evidence.size() && i < 3; ++i)
    evidence += (i == 0 ? "" : ", ") + setting.evidence[i];
  return fmt::format("plans are for {} (the log shows {})", setting.platform, printable(evidence));
}

// "3 times AH02087, mod_heartmonitor (heartbeats of a cluster, the receiver), crit"
std::string named(const Unmatched& one) {
  std::string text = fmt::format("{} time{}", one.count, one.count == 1 ? "" : "s");
  if (!one.code.empty()) text += " " + one.code;
  if (!one.module.empty()) text += ", " + printable(module_in_words(one.module));
  return one.level.empty() ? text : text + ", " + one.level;
}

void write_unmatched(Writer& out, const Report& report) {
  if (report.unmatched.empty()) return;
  constexpr std::size_t kShown = 5;
  out.line();
  out.line(out.paint("No rule for", kBold));
  for (std::size_t i = 0; i < report.unmatched.size() && i < kShown; ++i) {
    const auto& one = report.unmatched[i];
    out.paragraph(named(one), 4, "- ");
    out.paragraph(printable(one.example), 6);
  }
  if (report.unmatched.size() > kShown) out.line(fmt::format("  and {} more kinds", report.unmatched.size() - kShown));
  const auto known =
      std::ranges::find_if(report.unmatched, [](const Unmatched& one) { return find_code(one.code) != nullptr; });
  if (known != report.unmatched.end()) out.line("  ahdiag explain " + known->code + " tells what is known of it.");
}

// What --host looked at, and what it could not see.
void write_machine(Writer& out, const Machine& machine) {
  std::string text = machine.root == "/" ? "This machine" : printable(machine.root);
  if (!machine.system.empty()) text += ", " + machine.system;
  if (!machine.httpd_version.empty()) text += ", httpd " + machine.httpd_version;
  out.paragraph("Looked at: " + text + ".", 0);
  for (const auto& one : machine.unseen) out.paragraph("not seen: " + printable(one), 4, "- ");
}

std::string closing(const Report& report) {
  std::uint64_t lines = 0;
  for (const auto& row : report.inputs) lines += row.lines;
  std::string text = fmt::format("{} line{} read; {}", lines, lines == 1 ? "" : "s", platform_line(report.setting));
  if (report.suppressed > 0) text += fmt::format("; {} below --min-severity not shown", report.suppressed);
  if (report.over > 0) text += fmt::format("; {} entries beyond the limits only counted", report.over);
  return text + ".";
}

}  // namespace

std::string to_text(const Report& report, const Finding& finding, const TextStyle& style) {
  Writer out(style);
  write_finding(out, report, finding);
  return out.take();
}

std::string to_text(const Report& report, const TextStyle& style) {
  Writer out(style);
  for (const auto& finding : report.findings) {
    write_finding(out, report, finding);
    out.line();
  }
  if (report.findings.empty()) out.line("Nothing to diagnose: no entry that a rule explains.");
  write_unmatched(out, report);
  if (!report.unmatched.empty()) out.line();
  if (report.machine) write_machine(out, *report.machine);
  for (const auto& row : wrap(closing(report), style.width)) out.line(out.paint(row, kDim));
  return out.take();
}

}  // namespace ahdiag
