// The JSON contract, version 1. Every string is made valid UTF-8 before it goes in.
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <utility>

#include "report/each.h"
#include "report/report.h"
#include "text/shell.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

using Json = nlohmann::ordered_json;

// Of an object. A list in braces gives its values only to be copied, unless they say that they may be taken.
struct Member {
  const char* name;
  mutable Json value;
};

Json object_of(std::initializer_list<Member> members) {
  Json::object_t object;
  object.reserve(members.size());
  for (const auto& one : members) object.emplace_back(one.name, std::move(one.value));
  return object;
}

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(to_utf8(text)); }
Json time_of(const std::optional<Stamp>& stamp) { return stamp ? Json(to_rfc3339(*stamp)) : Json(); }
Json strings_of(const std::vector<std::string>& all) {
  Json list = Json::array();
  for (const auto& one : all) list.push_back(to_utf8(one));
  return list;
}

Json input_row(const InputRow& row) {
  return object_of({{"name", to_utf8(row.name)},
                    {"format", row.format},
                    {"bytes", row.bytes},
                    {"lines", row.lines},
                    {"entries", row.entries},
                    {"unparsed", row.unparsed},
                    {"first", time_of(row.first)},
                    {"last", time_of(row.last)},
                    {"error", row.error ? Json(to_line(*row.error)) : Json()}});
}

Json fact_value(const Fact& fact, const Scope& scope) {
  if (fact.type() != FactType::command) return to_utf8(fact.value());
  auto bound = bind(fact.words(), scope);
  const auto* command = std::get_if<Command>(&bound);
  return command == nullptr ? Json() : Json(shell_line(command->argv()));
}

Json platform_of(const Report& report) {
  const Setting& setting = report.setting;
  const std::set<std::string, std::less<>> none;
  const Scope scope(setting, none);
  Json facts = Json::object();
  for (const auto& [name, fact] : setting.facts) facts[name] = fact_value(fact, scope);
  return object_of({{"id", setting.platform},
                    {"variant", or_null(setting.variant)},
                    {"source", setting.source},
                    {"evidence", strings_of(setting.evidence)},
                    {"facts", std::move(facts)}});
}

Json evidence_of(const Report& report, const std::vector<Evidence>& all) {
  Json list = Json::array();
  for (const auto& one : all) {
    Json spans = Json::array();
    for (const auto& span : one.spans)
      spans.push_back(object_of({{"what", span.what}, {"start", span.start}, {"end", span.end}}));
    const auto& name = report.inputs.at(one.place.source).name;
    list.push_back(object_of({{"source", to_utf8(name)},
                              {"line", one.place.line},
                              {"time", time_of(one.time)},
                              {"pid", one.pid ? Json(*one.pid) : Json()},
                              {"text", to_utf8(one.text)},
                              {"spans", std::move(spans)}}));
  }
  return list;
}

Json expect_of(const Step& step) {
  if (!step.expect) return {};
  Json exits = step.expect->exits.empty() ? Json::array({0}) : Json(step.expect->exits);
  return object_of({{"exit", std::move(exits)}, {"output", or_null(step.expect->output)}});
}

Json step_of(const Step& step) {
  Json json = object_of({{"phase", phase_name(step.phase)},
                         {"kind", ""},
                         {"why", to_utf8(step.why)},
                         {"root", step.root},
                         {"risk", risk_name(step.risk)}});
  if (const auto* command = std::get_if<Command>(&step.action)) {
    json["kind"] = "command";
    json["argv"] = strings_of({command->argv().begin(), command->argv().end()});
    json["shell"] = to_utf8(shell_line(command->argv()));
    json["expect"] = expect_of(step);
  } else if (const auto* file = std::get_if<FileWrite>(&step.action)) {
    json["kind"] = "file";
    json["path"] = to_utf8(file->path());
    json["content"] = to_utf8(file->content());
    json["mode"] = file->mode();
    json["owner"] = file->owner();
    json["group"] = file->group();
  } else {
    json["kind"] = "manual";
    json["text"] = to_utf8(std::get<Manual>(step.action).text);
  }
  json["undo_note"] = or_null(step.undo_note);
  return json;
}

Json steps_of(const std::vector<Step>& steps) {
  Json list = Json::array();
  for (const auto& step : steps) list.push_back(step_of(step));
  return list;
}

Json plan_of(const Plan& plan) {
  Json alternatives = Json::array();
  for (const auto& one : plan.alternatives) {
    alternatives.push_back(
        object_of({{"title", to_utf8(one.title)}, {"when", to_utf8(one.when)}, {"steps", steps_of(one.steps)}}));
  }
  return object_of({{"summary", to_utf8(plan.summary)},
                    {"steps", steps_of(plan.steps)},
                    {"alternatives", std::move(alternatives)},
                    {"notes", strings_of(plan.notes)},
                    {"missing", strings_of(plan.missing)}});
}

Json errno_of(const Diagnosis& diagnosis) {
  const auto& status = diagnosis.incident.status;
  if (!status) return {};
  return object_of({{"number", status->number},
                    {"name", or_null(diagnosis.scope.errno_name())},
                    {"text", to_utf8(status->text)},
                    {"kind", kind_name(status->kind)}});
}

Json subject_of(const Diagnosis& diagnosis) {
  const Rule& rule = *diagnosis.incident.rule;
  const Slot* slot = diagnosis.scope.slot(rule.subject);
  const auto captured = diagnosis.incident.captures.find(rule.subject);
  if (slot != nullptr) return object_of({{"kind", rule.subject_kind}, {"value", to_utf8(slot->value())}});
  if (rule.subject.empty() || captured == diagnosis.incident.captures.end()) return {};
  return object_of({{"kind", rule.subject_kind}, {"value", to_utf8(captured->second)}});
}

Json path_of(const Diagnosis& diagnosis) {
  const auto found = diagnosis.incident.captures.find(diagnosis.incident.rule->path);
  return found == diagnosis.incident.captures.end() ? Json() : or_null(found->second);
}

Json captures_of(const Diagnosis& diagnosis) {
  Json captures = Json::object();
  for (const auto& [name, text] : diagnosis.incident.captures) captures[name] = to_utf8(text);
  return captures;
}

Json refused_of(const Diagnosis& diagnosis) {
  Json list = Json::array();
  for (const auto& [name, refused] : diagnosis.scope.all_refused()) {
    list.push_back(object_of({{"name", name}, {"text", to_utf8(refused.logged)}, {"why", to_utf8(refused.why)}}));
  }
  return list;
}

Json sightings_of(const std::vector<Sighting>& all) {
  Json list = Json::array();
  for (const auto& one : all) {
    list.push_back(object_of({{"holds", one.holds ? Json(*one.holds) : Json()}, {"text", to_utf8(one.text)}}));
  }
  return list;
}

Json machine_of(const Report& report) {
  if (!report.machine) return {};
  const Machine& machine = *report.machine;
  Json facts = Json::array();
  for (const auto& one : machine.facts) {
    facts.push_back(object_of({{"name", one.name}, {"value", to_utf8(one.value)}, {"source", to_utf8(one.source)}}));
  }
  return object_of({{"root", to_utf8(machine.root)},
                    {"system", or_null(machine.system)},
                    {"httpd_version", or_null(machine.httpd_version)},
                    {"facts", std::move(facts)},
                    {"unseen", strings_of(machine.unseen)}});
}

Json candidates_of(const Diagnosis& diagnosis) {
  Json list = Json::array();
  for (const auto& one : diagnosis.candidates) {
    list.push_back(object_of({{"case", one.cause->id},
                              {"class", one.cause->cause_class},
                              {"confidence", certainty_name(one.certainty)},
                              {"text", to_utf8(diagnosis.scope.prose(one.cause->cause))},
                              {"verdict", verdict_name(one.verdict)},
                              {"sightings", sightings_of(one.sightings)}}));
  }
  return list;
}

Json consequences_of(const Report& report, const Diagnosis& diagnosis) {
  Json list = Json::array();
  for (const auto& one : diagnosis.incident.consequences) {
    const std::string title =
        one.means.empty() && one.rule != nullptr ? diagnosis.scope.prose(one.rule->title) : one.means;
    list.push_back(object_of({{"code", or_null(one.code)},
                              {"rule", one.rule == nullptr ? Json() : Json(one.rule->id)},
                              {"title", to_utf8(title)},
                              {"count", one.count},
                              {"evidence", evidence_of(report, one.evidence)}}));
  }
  return list;
}

Json incident_of(const Report& report, const Finding& finding) {
  const Diagnosis& diagnosis = finding.diagnosis;
  const Incident& incident = diagnosis.incident;
  const Candidate& candidate = diagnosis.candidates.front();
  const Case& cause = *candidate.cause;
  return object_of(
      {{"id", diagnosis.id},
       {"rule", incident.rule->id},
       {"case", cause.id},
       {"code", or_null(incident.code)},
       {"title", to_utf8(diagnosis.title)},
       {"severity", severity_name(diagnosis.severity)},
       {"confidence", certainty_name(candidate.certainty)},
       {"module", or_null(incident.module)},
       {"level", or_null(incident.level_word)},
       {"errno", errno_of(diagnosis)},
       {"path", path_of(diagnosis)},
       {"subject", subject_of(diagnosis)},
       {"cause", object_of({{"class", cause.cause_class}, {"text", to_utf8(diagnosis.scope.prose(cause.cause))}})},
       {"candidates", candidates_of(diagnosis)},
       {"sightings", sightings_of(diagnosis.sightings)},
       {"effect", to_utf8(diagnosis.effect)},
       {"captures", captures_of(diagnosis)},
       {"refused", refused_of(diagnosis)},
       {"evidence", evidence_of(report, incident.evidence)},
       {"consequences", consequences_of(report, diagnosis)},
       {"count", incident.count},
       {"first_seen", time_of(incident.first)},
       {"last_seen", time_of(incident.last)},
       {"plan", plan_of(finding.plan)},
       {"references", strings_of(incident.rule->references)}});
}

Json unmatched_of(const Report& report) {
  Json list = Json::array();
  for (const auto& one : report.unmatched) {
    list.push_back(object_of({{"code", or_null(one.code)},
                              {"module", or_null(one.module)},
                              {"level", or_null(one.level)},
                              {"area", or_null(one.area)},
                              {"count", one.count},
                              {"example", to_utf8(one.example)}}));
  }
  return list;
}

// As part of a larger text, so many levels deep: no string of JSON holds a line break of its own.
std::string nested(const Json& value, std::size_t depth, bool compact) {
  if (compact) return value.dump();
  const std::string whole = value.dump(2), indent(2 * depth, ' ');
  std::string text;
  for (std::string_view rest = whole; !rest.empty();) {
    const auto size = std::min(rest.find('\n'), rest.size() - 1) + 1;
    text += rest.substr(0, size);
    rest.remove_prefix(size);
    if (text.back() == '\n') text += indent;
  }
  return text;
}

// One incident at a time: as a tree of values, all of them take many times the room of their text.
void write_incidents(const Report& report, bool compact, const Sink& sink, unsigned threads) {
  if (report.findings.empty()) return sink("[]");
  const Finding* const first = report.findings.data();
  write_each(report.findings, threads, sink, [&](const Finding& finding) {
    return fmt::format("{}{}{}", &finding == first ? "[" : ",", compact ? "" : "\n    ",
                       nested(incident_of(report, finding), 2, compact));
  });
  sink(compact ? "]" : "\n  ]");
}

}  // namespace

std::string to_json_line(const Report& report, const Finding& finding) { return incident_of(report, finding).dump(); }

void write_json(const Report& report, bool compact, const Sink& sink, unsigned threads) {
  std::string_view lead = "{";
  const auto add_name = [&](std::string_view name) {
    sink(fmt::format("{}{}\"{}\":{}", lead, compact ? "" : "\n  ", name, compact ? "" : " "));
    lead = ",";
  };
  const auto add_value = [&](std::string_view name, const Json& value) {
    add_name(name);
    sink(nested(value, 1, compact));
  };
  Json inputs = Json::array();
  for (const auto& row : report.inputs) inputs.push_back(input_row(row));
  add_value("schema_version", "1.0");
  add_value("tool", object_of({{"name", "ahdiag"}, {"version", report.version}, {"rules", report.rules}}));
  add_value("status", status_word(report));
  add_value("input", inputs);
  add_value("platform", platform_of(report));
  add_value("host", machine_of(report));
  add_name("incidents");
  write_incidents(report, compact, sink, threads);
  add_value("unmatched", unmatched_of(report));
  add_value("suppressed", object_of({{"notices", report.suppressed}, {"over_limits", report.over}}));
  if (!report.label.empty()) add_value("label", report.label);
  sink(compact ? "}\n" : "\n}\n");
}

std::string to_json(const Report& report, bool compact) {
  std::string text;
  write_json(report, compact, [&](std::string_view piece) { text += piece; });
  return text;
}

}  // namespace ahdiag
