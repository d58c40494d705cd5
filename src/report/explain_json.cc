#include <nlohmann/json.hpp>

#include "report/explain.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

using Json = nlohmann::ordered_json;

Json rows_of(const std::vector<Row>& rows, const char* label) {
  Json list = Json::array();
  for (const auto& row : rows) list.push_back({{label, to_utf8(row.label)}, {"text", to_utf8(row.text)}});
  return list;
}

Json step_of(const OutlineStep& step) {
  return {{"phase", phase_name(step.phase)},
          {"kind", step.kind},
          {"why", to_utf8(step.why)},
          {"text", to_utf8(step.text)},
          {"if", step.where.empty() ? Json() : Json(to_utf8(step.where))},
          {"risk", risk_name(step.risk)}};
}

Json cause_of(const ExplainedCause& cause) {
  Json steps = Json::array();
  for (const auto& step : cause.plan.steps) steps.push_back(step_of(step));
  return {{"case", cause.id},
          {"class", cause.cause_class},
          {"confidence", cause.certainty},
          {"if", cause.when.empty() ? Json() : Json(to_utf8(cause.when))},
          {"text", to_utf8(cause.cause)},
          {"summary", to_utf8(cause.summary)},
          {"steps", steps},
          {"notes", cause.plan.notes},
          {"other_steps_on", cause.other_steps_on}};
}

Json rule_of(const ExplainedRule& rule) {
  Json causes = Json::array();
  for (const auto& cause : rule.causes) causes.push_back(cause_of(cause));
  return {{"rule", rule.id},
          {"title", to_utf8(rule.title)},
          {"severity", rule.severity},
          {"effect", to_utf8(rule.effect)},
          {"fallback", rule.fallback},
          {"looks_like", rule.looks_like.empty() ? Json() : Json(to_utf8(rule.looks_like))},
          {"causes", causes},
          {"consequences", rows_of(rule.consequences, "topic")},
          {"references", rule.references}};
}

}  // namespace

std::string to_json(const std::vector<Explanation>& all, const Setting& setting) {
  Json topics = Json::array();
  for (const auto& one : all) {
    Json rules = Json::array();
    for (const auto& rule : one.rules) rules.push_back(rule_of(rule));
    topics.push_back({{"topic", one.topic},
                      {"kind", one.kind},
                      {"title", to_utf8(one.title)},
                      {"facts", rows_of(one.facts, "name")},
                      {"rules", rules},
                      {"related", rows_of(one.related, "topic")}});
  }
  return Json{{"schema_version", "1.0"}, {"platform", setting.platform}, {"topics", topics}}.dump(2) + "\n";
}

}  // namespace ahdiag
