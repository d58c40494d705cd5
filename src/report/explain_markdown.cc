// An explanation to paste into a ticket.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/explain.h"
#include "report/writer.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

// Marks that Markdown would take for its own.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '\\' || c == '*' || c == '_' || c == '`' || c == '<' || c == '[' || c == '|') out += '\\';
    out += c;
  }
  return out;
}

void write_steps(std::string& out, const std::vector<OutlineStep>& steps) {
  std::optional<Phase> phase;
  std::size_t number = 0;
  for (const auto& step : steps) {
    if (phase != step.phase) out += fmt::format("\n**{}**\n\n", phase_title(step.phase));
    phase = step.phase;
    out += fmt::format("{}. {}{}", ++number, plain(step.why),
                       step.where.empty() ? "" : " *If " + plain(step.where) + ".*");
    if (step.kind == "manual") {
      out += " " + plain(step.text) + "\n";
    } else {
      std::string text = "       " + step.text;
      for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1))
        text.insert(at + 1, "       ");
      out += "\n\n" + text + "\n\n";
    }
  }
}

void write_rule(std::string& out, const ExplainedRule& rule) {
  out += fmt::format("\n### {}: {}\n\n{}\n", rule.severity, plain(rule.title), plain(rule.effect));
  if (!rule.looks_like.empty()) out += fmt::format("\n    {}\n", printable(rule.looks_like));
  for (const auto& cause : rule.causes) {
    out += fmt::format("\n#### {} ({})\n\n", cause.cause_class, cause.certainty);
    const bool alone = rule.causes.size() == 1;
    if (!cause.when.empty() || !alone)
      out += cause.when.empty() ? "If none of the others fits. " : "*If " + plain(cause.when) + ".* ";
    out += plain(cause.cause) + "\n";
    if (!cause.summary.empty()) out += "\nRemedy: " + plain(cause.summary) + "\n";
    write_steps(out, cause.plan.steps);
    for (const auto& note : cause.plan.notes) out += "\n> " + plain(note) + "\n";
    if (!cause.other_steps_on.empty())
      out += fmt::format("\nOther steps on: {}\n", fmt::join(cause.other_steps_on, ", "));
  }
  for (const auto& address : rule.references) out += fmt::format("\n<{}>\n", address);
}

}  // namespace

std::string to_markdown(const std::vector<Explanation>& all, const Setting& setting) {
  std::string out;
  for (const auto& one : all) {
    out += fmt::format("## {}: {}\n\n", plain(one.topic), plain(one.title));
    for (const auto& row : one.facts) out += fmt::format("- **{}**: {}\n", row.label, plain(row.text));
    for (const auto& rule : one.rules) write_rule(out, rule);
    if (!one.related.empty()) out += "\n### See also\n\n";
    for (const auto& row : one.related) out += fmt::format("- {}: {}\n", plain(row.label), plain(row.text));
    out += "\n";
  }
  return out + plain(platform_note(setting)) + "\n";
}

}  // namespace ahdiag
