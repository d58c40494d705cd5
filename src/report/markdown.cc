// The report to paste into a ticket or a mail: readable as it stands, and harmless where it is rendered.
#include <fmt/format.h>

#include "report/markdown_text.h"
#include "report/report.h"
#include "report/steps.h"
#include "report/words.h"
#include "report/writer.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

void write_step(std::string& out, const Step& step, std::size_t number) {
  const auto* manual = std::get_if<Manual>(&step.action);
  out += markdown_step(number, why_of(step), typed(step), manual == nullptr ? std::string() : manual->text);
  const std::string expected = expectation(step);
  if (!expected.empty()) out += "\nExpected: " + markdown_text(expected) + "\n";
}

void write_plan(std::string& out, const Plan& plan) {
  std::optional<Phase> phase;
  std::size_t number = 0;
  for (const auto& step : plan.steps) {
    if (phase != step.phase) out += fmt::format("\n### {}\n", phase_title(step.phase));
    phase = step.phase;
    write_step(out, step, ++number);
  }
  for (const auto& one : plan.alternatives) {
    out += "\n### Or: " + markdown_text(one.title) + "\n";
    if (!one.when.empty()) out += "\nWhen: " + markdown_text(one.when) + "\n";
    number = 0;
    for (const auto& step : one.steps) {
      if (step.phase != Phase::undo && step.phase != Phase::verify) write_step(out, step, ++number);
    }
  }
  if (!plan.notes.empty()) out += "\n### To know\n\n";
  for (const auto& note : plan.notes) out += "- " + markdown_text(note) + "\n";
}

void write_evidence(std::string& out, const Report& report, const Evidence& evidence) {
  out += "\nFrom " + markdown_text(place_of(report, evidence)) + ":\n\n" + markdown_block(evidence.text, "text");
}

void write_finding(std::string& out, const Report& report, const Finding& finding) {
  const Diagnosis& diagnosis = finding.diagnosis;
  const Incident& incident = diagnosis.incident;
  const Candidate& candidate = diagnosis.candidates.front();
  out += "\n## " + markdown_text(heading_of(diagnosis)) + "\n\n";
  out += "- **Incident:** " + markdown_code(diagnosis.id) + "\n";
  out += fmt::format("- **Seen:** {} time{}", incident.count, incident.count == 1 ? "" : "s");
  if (const auto period = period_of(incident); !period.empty()) out += ", " + markdown_text(period);
  out += fmt::format("\n- **Cause** ({}): {}\n", certainty_name(candidate.certainty),
                     markdown_text(diagnosis.scope.prose(candidate.cause->cause)));
  for (const auto& row : seen_in_words(diagnosis))
    out += fmt::format("- **{}:** {}\n", row.label.empty() ? "Also" : row.label, markdown_text(row.text));
  out += "- **Effect:** " + markdown_text(diagnosis.effect) + "\n";
  for (const auto& one : incident.consequences)
    out += "- **Goes with:** " + markdown_text(consequence_in_words(diagnosis, one)) + "\n";
  if (!finding.plan.summary.empty()) out += "- **Remedy:** " + markdown_text(finding.plan.summary) + "\n";
  write_evidence(out, report, incident.evidence.front());
  if (incident.evidence.size() > 1) write_evidence(out, report, incident.evidence.back());
  write_plan(out, finding.plan);
  if (!incident.rule->references.empty()) out += "\n### See also\n\n";
  for (const auto& address : incident.rule->references) out += fmt::format("- <{}>\n", address);
}

void write_unmatched(std::string& out, const Report& report) {
  if (report.unmatched.empty()) return;
  constexpr std::size_t kShown = 5;
  out += "\n## No rule for\n";
  for (std::size_t i = 0; i < report.unmatched.size() && i < kShown; ++i) {
    const auto& one = report.unmatched[i];
    out +=
        "\nSeen " + markdown_text(unmatched_in_words(one)) + ":\n\n" + markdown_block(printable(one.example), "text");
  }
  if (report.unmatched.size() > kShown) out += fmt::format("\nAnd {} more kinds.\n", report.unmatched.size() - kShown);
}

}  // namespace

std::string to_markdown(const Report& report) {
  std::string out = fmt::format("# httpd: {}\n", status_word(report));
  if (report.findings.empty()) out += "\nNothing to diagnose: no entry that a rule explains.\n";
  for (const auto& finding : report.findings) write_finding(out, report, finding);
  write_unmatched(out, report);
  out += "\n---\n\n";
  if (report.machine) {
    out += markdown_text(machine_in_words(*report.machine)) + "\n\n";
    for (const auto& one : report.machine->unseen) out += "- Not seen: " + markdown_text(one) + "\n";
    if (!report.machine->unseen.empty()) out += '\n';
  }
  return out + markdown_text(closing_words(report)) + "\n";
}

}  // namespace ahdiag
