// An explanation for people: wrapped to the terminal, to be read in a pager.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/explain.h"
#include "report/writer.h"
#include "text/ascii.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

constexpr std::size_t kMostRelated = 40;

void heading(Writer& out, std::string_view text) {
  out.line();
  out.painted(text, kBold);
}

void write_step(Writer& out, const OutlineStep& step, std::size_t number) {
  std::string why = step.why;
  if (step.risk == Risk::service_interruption) why += " (interrupts the service)";
  if (step.risk == Risk::data) why += " (may lose data: decide)";
  if (!step.where.empty()) why += " [if " + step.where + "]";
  out.paragraph(why, 7, fmt::format("{:>5}. ", number));
  if (step.kind == "manual") return out.paragraph(step.text, 9);
  for (const auto row : split(step.text, '\n')) out.line("         " + out.paint(row, kBold));
}

void write_steps(Writer& out, const std::vector<OutlineStep>& steps) {
  std::optional<Phase> phase;
  std::size_t number = 0;
  for (const auto& step : steps) {
    if (phase != step.phase) out.line("    " + out.paint(phase_title(step.phase), kBold));
    phase = step.phase;
    write_step(out, step, ++number);
  }
}

void write_cause(Writer& out, const ExplainedCause& cause, bool alone) {
  out.line();
  out.line("  " + out.paint(cause.cause_class, kBold) +
           out.paint(fmt::format(" ({}, {})", cause.id, cause.certainty), kDim));
  if (!cause.when.empty() || !alone)
    out.paragraph(cause.when.empty() ? "If none of the others fits." : "If " + cause.when + ".", 4);
  out.paragraph(cause.cause, 4);
  if (!cause.summary.empty()) out.paragraph("Remedy: " + cause.summary, 4);
  write_steps(out, cause.plan.steps);
  for (const auto& note : cause.plan.notes) out.paragraph(note, 6, "- ");
  if (!cause.other_steps_on.empty())
    out.paragraph(fmt::format("Other steps on: {}", fmt::join(cause.other_steps_on, ", ")), 4);
}

void write_rule(Writer& out, const ExplainedRule& rule) {
  heading(out, fmt::format("{}: {}", rule.severity, rule.title));
  if (!rule.effect.empty()) out.labelled("Effect", rule.effect);
  if (!rule.looks_like.empty()) out.labelled("For one", printable(rule.looks_like));
  for (const auto& row : rule.consequences)
    out.labelled(&row == &rule.consequences.front() ? "Brings" : "",
                 row.label + (row.text.empty() ? "" : ": " + row.text));
  out.labelled("Rule", rule.id + (rule.fallback ? ", which speaks where no other does" : ""));
  for (const auto& cause : rule.causes) write_cause(out, cause, rule.causes.size() == 1);
}

void write_related(Writer& out, const std::vector<Row>& rows) {
  if (rows.empty()) return;
  heading(out, "See also");
  for (std::size_t i = 0; i < rows.size() && i < kMostRelated; ++i)
    out.paragraph(rows[i].label + ": " + rows[i].text, 4, "- ");
  if (rows.size() > kMostRelated)
    out.line(fmt::format("  and {} more: --format json has all", rows.size() - kMostRelated));
}

void write(Writer& out, const Explanation& one) {
  out.painted(one.topic + ": " + one.title, kBold);
  if (!one.facts.empty()) out.line();
  for (const auto& row : one.facts) out.labelled(row.label, row.text);
  for (const auto& rule : one.rules) write_rule(out, rule);
  write_related(out, one.related);
  bool first = true;
  for (const auto& rule : one.rules) {
    for (const auto& address : rule.references) {
      if (first) heading(out, "References");
      first = false;
      out.line("  " + address);
    }
  }
}

}  // namespace

std::string platform_note(const Setting& setting) {
  return setting.source == "option"
             ? "Plans are for " + setting.platform + "; {names} stand for what the log tells."
             : "Plans are for any platform; --platform ID shows those of one. {names} stand for what "
               "the log tells, or the platform.";
}

std::string to_text(const std::vector<Explanation>& all, const Setting& setting, const TextStyle& style) {
  Writer out(style);
  for (const auto& one : all) {
    write(out, one);
    out.line();
  }
  out.painted(platform_note(setting), kDim);
  return out.take();
}

}  // namespace ahdiag
