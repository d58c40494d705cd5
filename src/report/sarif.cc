// SARIF 2.1.0: what collects the findings of many tools. Source: OASIS, "Static Analysis Results Interchange Format
// (SARIF) Version 2.1.0", the sections that are named here.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "report/report.h"
#include "report/steps.h"
#include "report/words.h"
#include "text/ascii.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

using Json = nlohmann::ordered_json;

// 3.4.4, RFC 3986: a path as a reference; a colon in its first part would be taken for a scheme.
std::string uri_of(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/!$&'()*+,;=@";
  std::string out;
  for (const char c : path) {
    const bool plain = is_alnum(c) || kPlain.find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return path.starts_with('/') ? "file://" + out : out;
}

Json message_of(std::string_view text) { return {{"text", printable(text)}}; }

// 3.28. Standard input has no address; the line is told all the same.
Json location_of(const Report& report, const Evidence& evidence) {
  const std::string& name = report.inputs.at(evidence.place.source).name;
  const Json region = {{"startLine", std::max<std::uint64_t>(1, evidence.place.line)},
                       {"snippet", {{"text", to_utf8(evidence.text)}}}};
  const std::string uri = name == "-" ? "stdin" : uri_of(name);
  return {{"physicalLocation", {{"artifactLocation", {{"uri", uri}}}, {"region", region}}}};
}

// 3.27.10
std::string_view level_of(Severity severity) {
  switch (severity) {
    case Severity::critical:
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::notice: return "note";
  }
  return "none";
}

// 3.49: what is true of a rule whatever the log says. Its texts have holes; results fill them.
Json rule_of(const Diagnosis& diagnosis) {
  const Rule& rule = *diagnosis.incident.rule;
  Json json = {{"id", rule.id},
               {"shortDescription", message_of(rule.title.source())},
               {"fullDescription", message_of(rule.effect.source())},
               {"defaultConfiguration", {{"level", level_of(rule.severity)}}},
               {"help", message_of("ahdiag explain " + rule.id + " tells causes and plans.")}};
  if (!rule.references.empty()) json["helpUri"] = rule.references.front();
  return json;
}

// The plan as words: SARIF's own "fixes" are changes of the files that a result is about, and that is a log.
std::string plan_in_words(const Plan& plan) {
  std::string text;
  std::size_t number = 0;
  for (const auto& step : plan.steps) {
    const auto* manual = std::get_if<Manual>(&step.action);
    text += fmt::format("\n{}. {} {}", ++number, why_of(step), manual == nullptr ? typed(step) : manual->text);
  }
  return text;
}

// 3.27
Json result_of(const Report& report, const Finding& finding, std::size_t rule) {
  const Diagnosis& diagnosis = finding.diagnosis;
  const Incident& incident = diagnosis.incident;
  const Case& cause = *diagnosis.candidates.front().cause;
  Json locations = Json::array(), related = Json::array();
  locations.push_back(location_of(report, incident.evidence.front()));
  for (const auto& one : incident.consequences) {
    if (one.evidence.empty()) continue;
    Json location = location_of(report, one.evidence.front());
    location["id"] = related.size() + 1;
    location["message"] = message_of(consequence_in_words(diagnosis, one));
    related.push_back(std::move(location));
  }
  const std::string text = diagnosis.title + ". " + diagnosis.scope.prose(cause.cause) + " " + finding.plan.summary;
  Json json = {{"ruleId", incident.rule->id},
               {"ruleIndex", rule},
               {"kind", "fail"},
               {"level", level_of(diagnosis.severity)},
               {"message", message_of(text)},
               {"locations", locations},
               {"relatedLocations", related},
               {"occurrenceCount", incident.count},
               {"partialFingerprints", {{"ahdiagIncident/v1", diagnosis.id}}},
               {"properties",
                {{"code", incident.code.empty() ? Json() : Json(incident.code)},
                 {"class", cause.cause_class},
                 {"severity", severity_name(diagnosis.severity)},
                 {"plan", to_utf8(plan_in_words(finding.plan))}}}};
  if (incident.first) json["properties"]["firstSeen"] = to_rfc3339(*incident.first);
  if (incident.last) json["properties"]["lastSeen"] = to_rfc3339(*incident.last);
  return json;
}

// 3.20: what could not be read is told as the tool's own notification.
Json invocation_of(const Report& report) {
  Json notes = Json::array();
  for (const auto& one : report.inputs) {
    if (one.error) notes.push_back({{"level", "error"}, {"message", message_of(to_line(*one.error))}});
  }
  const bool whole = notes.empty();
  return {{"executionSuccessful", whole}, {"toolExecutionNotifications", notes}};
}

}  // namespace

std::string to_sarif(const Report& report) {
  Json rules = Json::array(), results = Json::array();
  std::map<std::string, std::size_t, std::less<>> index;
  for (const auto& finding : report.findings) {
    const auto [place, fresh] = index.try_emplace(finding.diagnosis.incident.rule->id, index.size());
    if (fresh) rules.push_back(rule_of(finding.diagnosis));
    results.push_back(result_of(report, finding, place->second));
  }
  const Json driver = {{"name", "ahdiag"}, {"version", report.version}, {"rules", rules}};
  const Json run = {{"tool", {{"driver", driver}}},
                    {"invocations", Json::array({invocation_of(report)})},
                    {"columnKind", "unicodeCodePoints"},
                    {"results", results}};
  const Json json = {
      {"$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs", Json::array({run})}};
  return json.dump(2) + "\n";
}

}  // namespace ahdiag
