// The report for people: calm, short, in the order in which it is needed at night.
#include <fmt/format.h>

#include <algorithm>

#include "report/each.h"
#include "report/report.h"
#include "report/steps.h"
#include "report/words.h"
#include "report/writer.h"
#include "rules/tables.h"
#include "text/ascii.h"
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
  if (const auto most = text.substr(0, width); is_ascii(most)) return most.size();
  std::size_t bytes = 0;
  for (std::size_t used = 0; bytes < text.size() && used < width; ++used)
    bytes += std::max<std::size_t>(1, utf8_length(text.substr(bytes)));
  return bytes;
}

// ---- evidence: the entry itself, with the telling parts marked

bool is_marked(const Span& span) { return span.what == "errno" || span.what == "path"; }

std::string mark_row(const Evidence& evidence, std::size_t begin, std::size_t end) {
  const auto column = [&](std::size_t at) {
    return columns(std::string_view(evidence.text).substr(begin, std::clamp(at, begin, end) - begin));
  };
  std::string row;
  for (const auto& span : evidence.spans) {
    if (!is_marked(span)) continue;
    const std::size_t from = column(span.start), to = column(span.end);
    if (from >= to) continue;
    row.resize(std::max(row.size(), to), ' ');
    std::fill_n(row.begin() + static_cast<std::ptrdiff_t>(from), to - from, '^');
  }
  return row;
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
    out.line("    ", painted(out, evidence, begin, end));
    if (!out.style().colour) {
      if (const auto marks = mark_row(evidence, begin, end); !marks.empty()) out.line("    ", marks);
    }
    begin = end;
  }
}

// ---- the plan

void write_step(Writer& out, const Step& step, std::size_t number) {
  out.paragraph(why_of(step), 5, fmt::format("{:>3}. ", number));
  if (std::holds_alternative<Command>(step.action)) {
    const std::string expected = expectation(step);
    out.line("       ", out.paint(typed(step), kBold),
             out.paint(expected.empty() ? "" : "   # expect " + expected, kDim));
  } else if (std::holds_alternative<FileWrite>(step.action)) {
    out.line("       ", typed(step));
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
      out.line("  ", out.paint(phase_title(step.phase), kBold));
    }
    write_step(out, step, ++number);
  }
}

void write_alternatives(Writer& out, const Plan& plan) {
  for (const auto& one : plan.alternatives) {
    out.line();
    out.line("  ", out.paint("Or: ", kBold), printable(one.title));
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
  out.line("  ", out.paint("To know", kBold));
  for (const auto& note : plan.notes) out.paragraph(printable(note), 4, "- ");
}

// ---- one incident

void write_consequences(Writer& out, const Diagnosis& diagnosis) {
  std::string_view label = "Goes with";
  for (const auto& one : diagnosis.incident.consequences) {
    out.labelled(label, consequence_in_words(diagnosis, one));
    label = "";
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
  const auto colour = colour_of(diagnosis.severity);
  bool first = true;
  for_each_row(head, out.inner(word.size() + 2), [&](std::string_view row) {
    first ? out.line(out.paint(fmt::format("{}: {}", word, row), colour))
          : out.line(std::string(word.size() + 2, ' '), out.paint(row, colour));
    first = false;
  });
  out.line();
  out.line("  ", out.paint(when_and_where(report, incident), kDim));
  write_entry(out, incident.evidence.front());
  out.line();
  out.labelled("Cause", printable(diagnosis.scope.prose(cause.cause)) + " (" +
                            std::string(certainty_name(candidate.certainty)) + ")");
  for (const auto& row : seen_in_words(diagnosis)) out.labelled(row.label, row.text);
  out.labelled("Effect", printable(diagnosis.effect));
  write_consequences(out, diagnosis);
  if (!finding.plan.summary.empty()) out.labelled("Remedy", printable(finding.plan.summary));
  write_steps(out, finding.plan.steps);
  write_alternatives(out, finding.plan);
  write_notes(out, finding.plan);
}

// ---- the whole

void write_unmatched(Writer& out, const Report& report) {
  if (report.unmatched.empty()) return;
  constexpr std::size_t kShown = 5;
  out.line();
  out.line(out.paint("No rule for", kBold));
  for (std::size_t i = 0; i < report.unmatched.size() && i < kShown; ++i) {
    const auto& one = report.unmatched[i];
    out.paragraph(unmatched_in_words(one), 4, "- ");
    out.paragraph(printable(one.example), 6);
  }
  if (report.unmatched.size() > kShown) out.line(fmt::format("  and {} more kinds", report.unmatched.size() - kShown));
  const auto known =
      std::ranges::find_if(report.unmatched, [](const Unmatched& one) { return find_code(one.code).has_value(); });
  if (known != report.unmatched.end()) out.line("  ahdiag explain " + known->code + " tells what is known of it.");
}

// What --host looked at, and what it could not see.
void write_machine(Writer& out, const Machine& machine) {
  out.paragraph(machine_in_words(machine), 0);
  for (const auto& one : machine.unseen) out.paragraph("not seen: " + printable(one), 4, "- ");
}

}  // namespace

std::string to_text(const Report& report, const Finding& finding, const TextStyle& style) {
  Writer out(style);
  write_finding(out, report, finding);
  return out.take();
}

void write_text(const Report& report, const TextStyle& style, const Sink& sink, unsigned threads) {
  write_each(report.findings, threads, sink, [&](const Finding& finding) {
    Writer out(style);
    write_finding(out, report, finding);
    out.line();
    return out.take();
  });
  Writer out(style);
  if (report.findings.empty()) out.line("Nothing to diagnose: no entry that a rule explains.");
  write_unmatched(out, report);
  if (!report.unmatched.empty()) out.line();
  if (report.machine) write_machine(out, *report.machine);
  out.painted(closing_words(report), kDim);
  sink(out.take());
}

std::string to_text(const Report& report, const TextStyle& style) {
  std::string text;
  write_text(report, style, [&](std::string_view piece) { text += piece; });
  return text;
}

}  // namespace ahdiag
