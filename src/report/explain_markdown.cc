// An explanation to paste into a ticket.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/explain.h"
#include "report/markdown_text.h"
#include "report/writer.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

void write_steps(std::string& out, const std::vector<OutlineStep>& steps) {
  std::optional<Phase> phase;
  std::size_t number = 0;
  for (const auto& step : steps) {
    if (phase != step.phase) out += fmt::format("\n**{}**\n", phase_title(step.phase));
    phase = step.phase;
    const bool by_hand = step.kind == "manual";
    const std::string why = step.where.empty() ? step.why : fmt::format("{} If {}.", step.why, step.where);
    out += markdown_step(++number, why, by_hand ? "" : step.text, by_hand ? step.text : "");
  }
}

void write_rule(std::string& out, const ExplainedRule& rule) {
  out += fmt::format("\n### {}: {}\n\n{}\n", rule.severity, markdown_text(rule.title), markdown_text(rule.effect));
  if (!rule.looks_like.empty()) out += "\n" + markdown_block(printable(rule.looks_like), "text");
  for (const auto& cause : rule.causes) {
    out += fmt::format("\n#### {} ({})\n\n", cause.cause_class, cause.certainty);
    const bool alone = rule.causes.size() == 1;
    if (!cause.when.empty() || !alone)
      out += cause.when.empty() ? "If none of the others fits. " : "*If " + markdown_text(cause.when) + ".* ";
    out += markdown_text(cause.cause) + "\n";
    if (!cause.summary.empty()) out += "\nRemedy: " + markdown_text(cause.summary) + "\n";
    write_steps(out, cause.plan.steps);
    for (const auto& note : cause.plan.notes) out += "\n> " + markdown_text(note) + "\n";
    if (!cause.other_steps_on.empty())
      out += fmt::format("\nOther steps on: {}\n", fmt::join(cause.other_steps_on, ", "));
  }
  for (const auto& address : rule.references) out += fmt::format("\n<{}>\n", address);
}

}  // namespace

std::string to_markdown(const std::vector<Explanation>& all, const Setting& setting) {
  std::string out;
  for (const auto& one : all) {
    out += fmt::format("## {}: {}\n\n", markdown_text(one.topic), markdown_text(one.title));
    for (const auto& row : one.facts) out += fmt::format("- **{}**: {}\n", row.label, markdown_text(row.text));
    for (const auto& rule : one.rules) write_rule(out, rule);
    if (!one.related.empty()) out += "\n### See also\n\n";
    for (const auto& row : one.related)
      out += fmt::format("- {}: {}\n", markdown_text(row.label), markdown_text(row.text));
    out += "\n";
  }
  return out + markdown_text(platform_note(setting)) + "\n";
}

}  // namespace ahdiag
