#include "plan/explain_rule.h"

#include <algorithm>

#include "rules/tables.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

// Without the stamp, which says nothing here: from the status in front of the id on.
std::string without_stamp(const std::string& text) {
  const auto code = text.find(": AH");
  const auto bare = code == std::string::npos ? text.find("] AH") : code;
  if (bare == std::string::npos) return text;
  const auto status = text.rfind("] (", bare);
  return text.substr(status != std::string::npos ? status + 2 : bare + 2);
}

std::vector<const StepTemplate*> sources(const Outline& plan) {
  std::vector<const StepTemplate*> all;
  for (const auto& step : plan.steps) all.push_back(step.source);
  return all;
}

Setting setting_of(const Platforms& platforms, const std::string& id) {
  Problems none;
  return choose_setting(platforms, Signs(platforms), {id, {}, {}}, none);
}

// Where the platform has steps that others have not: their names.
std::vector<std::string> others(const Rule& rule, const Case& cause, const RuleBook& book, const Setting& shown,
                                const Outline& plan, const Known& known) {
  std::vector<std::string> all;
  for (const auto& platform : book.platforms().list) {
    if (platform.id == shown.platform) continue;
    const auto other = outline(rule, cause, book, setting_of(book.platforms(), platform.id), known);
    if (sources(other) != sources(plan)) all.push_back(platform.id);
  }
  return all;
}

}  // namespace

bool asks_for(const Condition& condition, std::string_view errno_name) {
  return std::ranges::any_of(condition.tests, [&](const Condition::Test& test) {
    return test.kind == Condition::Kind::errno_ && std::ranges::find(test.values, errno_name) != test.values.end();
  });
}

std::string looks_like(const Rule& rule, std::string_view id) {
  for (const auto& example : rule.examples) {
    if (example.expect.empty() || example.log.empty()) continue;
    const auto& lines = example.expect.front().lines;
    const std::size_t line = lines.empty() ? 1 : static_cast<std::size_t>(lines.front());
    if (line == 0 || line > example.log.size() || !contains(example.log[line - 1], id)) continue;
    return without_stamp(example.log[line - 1]);
  }
  return {};
}

ExplainedRule explain_rule(const Rule& rule, const RuleBook& book, const Setting& setting, const Known& known,
                           Detail detail) {
  ExplainedRule card;
  const bool generic = rule.match.takes_any_id();
  card.id = rule.id;
  card.title = generic ? "By its status, whatever part of httpd reports it" : with_facts(rule.title, setting, known);
  card.severity = severity_name(rule.severity);
  card.effect = with_facts(rule.effect, setting, known);
  card.fallback = rule.fallback;
  card.looks_like = generic ? "" : looks_like(rule, "");
  card.references = rule.references;
  for (const auto& one : rule.consequences)
    card.consequences.push_back({one.code.empty() ? one.rule : one.code, one.means});
  for (const auto& one : rule.cases) {
    const bool wanted = known.errno_name.empty() || asks_for(one.when, known.errno_name);
    if (!wanted || !is_possible(one, setting, known)) continue;
    ExplainedCause cause{one.id,
                         one.cause_class,
                         std::string(certainty_name(one.certainty)),
                         in_words(one.when, setting),
                         with_facts(one.cause, setting, known),
                         with_facts(one.summary, setting, known),
                         {},
                         {}};
    if (detail == Detail::full) {
      cause.plan = outline(rule, one, book, setting, known);
      cause.other_steps_on = others(rule, one, book, setting, cause.plan, known);
      if (generic) cause.plan.notes.clear();  // they speak to somebody with a log
    }
    card.causes.push_back(std::move(cause));
  }
  return card;
}

Row row_of(const Rule& rule, const Setting& setting, const std::string& about) {
  return {rule.id, with_facts(rule.title, setting) + (about.empty() ? "" : " (" + about + ")")};
}

}  // namespace ahdiag
