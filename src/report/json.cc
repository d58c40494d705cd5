// The JSON contract, version 1.
#include "report/each.h"
#include "report/json_writer.h"
#include "report/report.h"
#include "text/shell.h"

namespace ahdiag {
namespace {

using Form = JsonWriter::Form;

void add_time(JsonWriter& json, std::string_view name, const std::optional<Stamp>& stamp) {
  stamp ? json.text(name, to_rfc3339(*stamp)) : json.null(name);
}

void add_input(JsonWriter& json, const InputRow& row) {
  json.begin_object();
  json.text("name", row.name);
  json.text("format", row.format);
  json.number("bytes", row.bytes);
  json.number("lines", row.lines);
  json.number("entries", row.entries);
  json.number("unparsed", row.unparsed);
  add_time(json, "first", row.first);
  add_time(json, "last", row.last);
  row.error ? json.text("error", to_line(*row.error)) : json.null("error");
  json.end();
}

void add_fact(JsonWriter& json, std::string_view name, const Fact& fact, const Scope& scope) {
  if (fact.type() != FactType::command) return json.text(name, fact.value());
  auto bound = bind(fact.words(), scope);
  const auto* command = std::get_if<Command>(&bound);
  command == nullptr ? json.null(name) : json.text(name, shell_line(command->argv()));
}

void add_platform(JsonWriter& json, const Report& report) {
  const Setting& setting = report.setting;
  const std::set<std::string, std::less<>> none;
  const Scope scope(setting, none);
  json.begin_object("platform");
  json.text("id", setting.platform);
  json.text_or_null("variant", setting.variant);
  json.text("source", setting.source);
  json.texts("evidence", setting.evidence);
  json.begin_object("facts");
  for (const auto& [name, fact] : setting.facts) add_fact(json, name, fact, scope);
  json.end();
  json.end();
}

void add_machine(JsonWriter& json, const Report& report) {
  if (!report.machine) return json.null("host");
  const Machine& machine = *report.machine;
  json.begin_object("host");
  json.text("root", machine.root);
  json.text_or_null("system", machine.system);
  json.text_or_null("httpd_version", machine.httpd_version);
  json.begin_array("facts");
  for (const auto& one : machine.facts) {
    json.begin_object();
    json.text("name", one.name);
    json.text("value", one.value);
    json.text("source", one.source);
    json.end();
  }
  json.end();
  json.texts("unseen", machine.unseen);
  json.end();
}

void add_spans(JsonWriter& json, const std::vector<Span>& spans) {
  json.begin_array("spans");
  for (const auto& span : spans) {
    json.begin_object();
    json.text("what", span.what);
    json.number("start", span.start);
    json.number("end", span.end);
    json.end();
  }
  json.end();
}

void add_evidence(JsonWriter& json, const Report& report, const std::vector<Evidence>& all) {
  json.begin_array("evidence");
  for (const auto& one : all) {
    json.begin_object();
    json.text("source", report.inputs.at(one.place.source).name);
    json.number("line", one.place.line);
    add_time(json, "time", one.time);
    json.number("pid", one.pid);
    json.text("text", one.text);
    add_spans(json, one.spans);
    json.end();
  }
  json.end();
}

void add_expect(JsonWriter& json, const Step& step) {
  if (!step.expect) return json.null("expect");
  json.begin_object("expect");
  json.begin_array("exit");
  for (const int exit : step.expect->exits) json.item(exit);
  if (step.expect->exits.empty()) json.item(0);
  json.end();
  json.text_or_null("output", step.expect->output);
  json.end();
}

void add_action(JsonWriter& json, const Step& step, const Command& command) {
  json.texts("argv", command.argv());
  json.text("shell", shell_line(command.argv()));
  add_expect(json, step);
}

void add_action(JsonWriter& json, const Step& /*step*/, const FileWrite& file) {
  json.text("path", file.path());
  json.text("content", file.content());
  json.text("mode", file.mode());
  json.text("owner", file.owner());
  json.text("group", file.group());
}

void add_action(JsonWriter& json, const Step& /*step*/, const Manual& manual) { json.text("text", manual.text); }

std::string_view kind_of(const Step& step) {
  if (std::holds_alternative<Command>(step.action)) return "command";
  return std::holds_alternative<FileWrite>(step.action) ? "file" : "manual";
}

void add_steps(JsonWriter& json, const std::vector<Step>& steps) {
  json.begin_array("steps");
  for (const auto& step : steps) {
    json.begin_object();
    json.text("phase", phase_name(step.phase));
    json.text("kind", kind_of(step));
    json.text("why", step.why);
    json.flag("root", step.root);
    json.text("risk", risk_name(step.risk));
    std::visit([&](const auto& action) { add_action(json, step, action); }, step.action);
    json.text_or_null("undo_note", step.undo_note);
    json.end();
  }
  json.end();
}

void add_plan(JsonWriter& json, const Plan& plan) {
  json.begin_object("plan");
  json.text("summary", plan.summary);
  add_steps(json, plan.steps);
  json.begin_array("alternatives");
  for (const auto& one : plan.alternatives) {
    json.begin_object();
    json.text("title", one.title);
    json.text("when", one.when);
    add_steps(json, one.steps);
    json.end();
  }
  json.end();
  json.texts("notes", plan.notes);
  json.texts("missing", plan.missing);
  json.end();
}

void add_errno(JsonWriter& json, const Diagnosis& diagnosis) {
  const auto& status = diagnosis.incident.status;
  if (!status) return json.null("errno");
  json.begin_object("errno");
  json.number("number", status->number);
  json.text_or_null("name", diagnosis.scope.errno_name());
  json.text("text", status->text);
  json.text("kind", kind_name(status->kind));
  json.end();
}

void add_subject(JsonWriter& json, const Diagnosis& diagnosis) {
  const Rule& rule = *diagnosis.incident.rule;
  const Slot* slot = diagnosis.scope.slot(rule.subject);
  const auto captured = diagnosis.incident.captures.find(rule.subject);
  const bool none = rule.subject.empty() || captured == diagnosis.incident.captures.end();
  if (slot == nullptr && none) return json.null("subject");
  json.begin_object("subject");
  json.text("kind", rule.subject_kind);
  json.text("value", slot != nullptr ? slot->value() : captured->second);
  json.end();
}

void add_path(JsonWriter& json, const Diagnosis& diagnosis) {
  const auto found = diagnosis.incident.captures.find(diagnosis.incident.rule->path);
  found == diagnosis.incident.captures.end() ? json.null("path") : json.text_or_null("path", found->second);
}

void add_captures(JsonWriter& json, const Diagnosis& diagnosis) {
  json.begin_object("captures");
  for (const auto& [name, text] : diagnosis.incident.captures) json.text(name, text);
  json.end();
}

void add_refused(JsonWriter& json, const Diagnosis& diagnosis) {
  json.begin_array("refused");
  for (const auto& [name, refused] : diagnosis.scope.all_refused()) {
    json.begin_object();
    json.text("name", name);
    json.text("text", refused.logged);
    json.text("why", refused.why);
    json.end();
  }
  json.end();
}

void add_sightings(JsonWriter& json, const std::vector<Sighting>& all) {
  json.begin_array("sightings");
  for (const auto& one : all) {
    json.begin_object();
    one.holds ? json.flag("holds", *one.holds) : json.null("holds");
    json.text("text", one.text);
    json.end();
  }
  json.end();
}

void add_candidates(JsonWriter& json, const Diagnosis& diagnosis) {
  json.begin_array("candidates");
  for (const auto& one : diagnosis.candidates) {
    json.begin_object();
    json.text("case", one.cause->id);
    json.text("class", one.cause->cause_class);
    json.text("confidence", certainty_name(one.certainty));
    json.text("text", diagnosis.scope.prose(one.cause->cause));
    json.text("verdict", verdict_name(one.verdict));
    add_sightings(json, one.sightings);
    json.end();
  }
  json.end();
}

void add_consequences(JsonWriter& json, const Report& report, const Diagnosis& diagnosis) {
  json.begin_array("consequences");
  for (const auto& one : diagnosis.incident.consequences) {
    const bool named = one.means.empty() && one.rule != nullptr;
    json.begin_object();
    json.text_or_null("code", one.code);
    json.text_or_null("rule", one.rule == nullptr ? std::string_view() : one.rule->id);
    json.text("title", named ? diagnosis.scope.prose(one.rule->title) : one.means);
    json.number("count", one.count);
    add_evidence(json, report, one.evidence);
    json.end();
  }
  json.end();
}

void add_cause(JsonWriter& json, const Diagnosis& diagnosis) {
  const Case& cause = *diagnosis.candidates.front().cause;
  json.begin_object("cause");
  json.text("class", cause.cause_class);
  json.text("text", diagnosis.scope.prose(cause.cause));
  json.end();
}

void add_incident(JsonWriter& json, const Report& report, const Finding& finding) {
  const Diagnosis& diagnosis = finding.diagnosis;
  const Incident& incident = diagnosis.incident;
  const Candidate& candidate = diagnosis.candidates.front();
  json.begin_object();
  json.text("id", diagnosis.id);
  json.text("rule", incident.rule->id);
  json.text("case", candidate.cause->id);
  json.text_or_null("code", incident.code);
  json.text("title", diagnosis.title);
  json.text("severity", severity_name(diagnosis.severity));
  json.text("confidence", certainty_name(candidate.certainty));
  json.text_or_null("module", incident.module);
  json.text_or_null("level", incident.level_word);
  add_errno(json, diagnosis);
  add_path(json, diagnosis);
  add_subject(json, diagnosis);
  add_cause(json, diagnosis);
  add_candidates(json, diagnosis);
  add_sightings(json, diagnosis.sightings);
  json.text("effect", diagnosis.effect);
  add_captures(json, diagnosis);
  add_refused(json, diagnosis);
  add_evidence(json, report, incident.evidence);
  add_consequences(json, report, diagnosis);
  json.number("count", incident.count);
  add_time(json, "first_seen", incident.first);
  add_time(json, "last_seen", incident.last);
  add_plan(json, finding.plan);
  json.texts("references", incident.rule->references);
  json.end();
}

void add_unmatched(JsonWriter& json, const Report& report) {
  json.begin_array("unmatched");
  for (const auto& one : report.unmatched) {
    json.begin_object();
    json.text_or_null("code", one.code);
    json.text_or_null("module", one.module);
    json.text_or_null("level", one.level);
    json.text_or_null("area", one.area);
    json.number("count", one.count);
    json.text("example", one.example);
    json.end();
  }
  json.end();
}

void add_head(JsonWriter& json, const Report& report) {
  json.text("schema_version", "1.0");
  json.begin_object("tool");
  json.text("name", "ahdiag");
  json.text("version", report.version);
  json.number("rules", report.rules);
  json.end();
  json.text("status", status_word(report));
  json.begin_array("input");
  for (const auto& row : report.inputs) add_input(json, row);
  json.end();
  add_platform(json, report);
  add_machine(json, report);
}

void add_rest(JsonWriter& json, const Report& report) {
  add_unmatched(json, report);
  json.begin_object("suppressed");
  json.number("notices", report.suppressed);
  json.number("over_limits", report.over);
  json.end();
  if (!report.label.empty()) json.text("label", report.label);
}

// One incident at a time: all of them take many times the room of what they are made of.
void write_incidents(const Report& report, Form form, const Sink& sink, unsigned threads) {
  constexpr std::size_t kDepth = 2, kUsual = 4096;  // levels; bytes of an incident
  const Finding* const first = report.findings.data();
  write_each(report.findings, threads, sink, [&](const Finding& finding) {
    std::string text;
    text.reserve(kUsual);
    if (&finding != first) text += ',';
    if (form == Form::indented) text += '\n' + std::string(2 * kDepth, ' ');
    JsonWriter json(text, form, kDepth);
    add_incident(json, report, finding);
    return text;
  });
}

}  // namespace

std::string to_json_line(const Report& report, const Finding& finding) {
  std::string text;
  JsonWriter json(text, Form::compact);
  add_incident(json, report, finding);
  return text;
}

void write_json(const Report& report, bool compact, const Sink& sink, unsigned threads) {
  std::string text;
  JsonWriter json(text, compact ? Form::compact : Form::indented);
  json.begin_object();
  add_head(json, report);
  json.begin_array("incidents");
  sink(text);
  write_incidents(report, compact ? Form::compact : Form::indented, sink, threads);
  text.clear();
  if (!report.findings.empty()) json.note_filled();
  json.end();
  add_rest(json, report);
  json.end();
  sink(text + '\n');
}

std::string to_json(const Report& report, bool compact) {
  std::string text;
  write_json(report, compact, [&](std::string_view piece) { text += piece; });
  return text;
}

}  // namespace ahdiag
