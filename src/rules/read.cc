#include "rules/read.h"

#include <algorithm>
#include <utility>

#include "rules/node.h"
#include "rules/read_looks.h"
#include "rules/read_steps.h"
#include "text/ascii.h"
#include "text/path.h"

namespace ahdiag {
namespace {

// "core/AH00023.json" -> "AH00023"
std::string stem(std::string_view file) {
  std::string_view name = name_of(file);
  return std::string(name.substr(0, name.rfind('.')));
}

// ---- the parts of a rule

Severity read_severity(const Node& node) {
  const auto name = node.string();
  const auto severity = severity_from(name);
  if (!severity) node.problem("unknown severity '" + name + "'", "", "critical, error, warning or notice");
  return severity.value_or(Severity::error);
}

Certainty read_certainty(const Node& node) {
  const auto name = node.string("certainty", "likely");
  for (const Certainty certainty : {Certainty::possible, Certainty::likely, Certainty::certain}) {
    if (certainty_name(certainty) == name) return certainty;
  }
  node.problem("unknown certainty '" + name + "'", "", "certain, likely or possible");
  return Certainty::likely;
}

Level read_level(const Node& node) {
  const auto level = level_from(node.string("level"));
  if (!level) node.problem("unknown level '" + node.string("level") + "'", "", "emerg, alert, crit, error, warn …");
  return level.value_or(Level::none);
}

MatchSpec read_match(const Node& node) {
  MatchSpec match;
  node.only({"code", "within", "origin", "module", "level", "with_status", "contains", "message"});
  match.codes = node.strings("code");
  if (node.has("within")) {
    match.within_config_error = node.string("within") == "config-error";
    if (!match.within_config_error)
      node.problem("unknown envelope '" + node.string("within") + "'", "", "config-error");
  }
  const auto origin = node.string("origin", "server");
  if (origin != "server" && origin != "client" && origin != "any")
    node.problem("unknown origin '" + origin + "'", "", "server, client or any");
  match.origin = origin == "client" ? Origin::client : origin == "any" ? Origin::any : Origin::server;
  match.module = node.string("module");
  if (node.has("level")) match.level = read_level(node);
  node.member("with_status", [&](const Node& status) { match.with_status = status.boolean(); });
  match.contains = node.strings("contains");
  node.member("message", [&](const Node& message) {
    match.message = Pattern(message.string());
    const auto error = node.trusted() ? std::nullopt : match.message.error();
    if (error) message.problem("this is no expression", *error);
    if (match.message.source().starts_with(".*"))
      message.problem("the expression begins with '.*'", "", "anchor it at what httpd writes first");
  });
  if (match.codes.empty() && match.contains.empty() && !match.within_config_error) {
    node.problem("a rule without 'code' needs 'contains'", "", "a literal that each matching text holds");
  }
  return match;
}

SlotSpec read_slot(const std::string& name, const Node& node) {
  SlotSpec slot;
  slot.name = name;
  node.each_member([&](const std::string& key, const Node& value) {
    if (const auto kind = derivation_kind(key)) {
      slot.derived = {*kind, value.string()};
    } else if (key == "type") {
      const auto type = slot_type(value.string());
      if (!type) value.problem("unknown slot type '" + value.string() + "'");
      slot.type = type.value_or(SlotType::text);
    } else if (key == "under") {
      slot.under = value.templates();
    } else if (key == "from") {
      slot.from_server = value.string() == "server";
      if (!slot.from_server) value.problem("unknown speaker '" + value.string() + "'", "", "server");
    } else {
      value.problem("unknown member '" + key + "' of a slot");
    }
  });
  if (node.has("type") || slot.derived.kind == Derivation::Kind::none) return slot;
  using Kind = Derivation::Kind;
  static const std::map<Kind, SlotType> types = {
      {Kind::dirname, SlotType::path},        {Kind::basename, SlotType::name},     {Kind::port_of, SlotType::port},
      {Kind::without_suffix, SlotType::path}, {Kind::resolve, SlotType::path},      {Kind::real, SlotType::path},
      {Kind::module_of, SlotType::module},    {Kind::suggest, SlotType::directive}, {Kind::package_of, SlotType::name}};
  const auto found = types.find(slot.derived.kind);
  slot.type = found == types.end() ? SlotType::text : found->second;
  return slot;
}

ConsequenceSpec read_consequence(const Node& node) {
  node.only({"code", "rule", "means", "lends"});
  ConsequenceSpec spec{node.string("code"), node.string("rule"), node.string("means"), node.strings("lends")};
  if (spec.code.empty() == spec.rule.empty()) node.problem("a consequence names one of 'code' and 'rule'");
  return spec;
}

Case read_case(const Node& node) {
  Case one;
  node.only(with_steps(
      {"id", "when", "class", "severity", "title", "effect", "certainty", "cause", "summary", "confirm", "refute"}));
  one.id = node.required_string("id");
  node.member("when", [&](const Node& when) { one.when = read_condition(when); });
  one.cause_class = node.required_string("class");
  one.certainty = read_certainty(node);
  node.member("severity", [&](const Node& severity) { one.severity = read_severity(severity); });
  one.title = node.text("title");
  one.effect = node.text("effect");
  node.required("cause", [&](const Node& cause) { one.cause = Template(cause.text()); });
  one.summary = node.text("summary");
  one.confirm = read_looks(node, "confirm");
  one.refute = read_looks(node, "refute");
  one.steps = read_all_steps(node);
  return one;
}

std::vector<int> read_integers(const Node& node, const std::string& name) {
  std::vector<int> all;
  node.member(name, [&](const Node& list) { list.each([&](const Node& one) { all.push_back(one.integer()); }); });
  return all;
}

std::optional<std::string> read_optional(const Node& node, const std::string& name) {
  if (!node.has(name)) return std::nullopt;
  return node.string(name);
}

ExampleExpect read_example_expect(const Node& node) {
  ExampleExpect expect;
  node.only({"case", "lines", "consequences", "path", "subject", "errno", "severity", "slots", "refused", "plan",
             "plan_lacks"});
  expect.case_id = node.string("case");
  expect.lines = read_integers(node, "lines");
  expect.consequences = read_integers(node, "consequences");
  expect.path = read_optional(node, "path");
  expect.subject = read_optional(node, "subject");
  expect.errno_ = read_optional(node, "errno");
  expect.severity = read_optional(node, "severity");
  expect.slots = read_map(node, "slots");
  expect.refused = node.strings("refused");
  expect.plan = node.strings("plan");
  expect.plan_lacks = node.strings("plan_lacks");
  return expect;
}

Example read_example(const Node& node) {
  Example example;
  node.only({"name", "platform", "facts", "log", "expect", "others"});
  example.name = node.required_string("name");
  example.platform = node.string("platform");
  example.facts = read_map(node, "facts");
  example.log = node.strings("log");
  node.required("expect", [&](const Node& list) {
    list.each([&](const Node& one) { example.expect.push_back(read_example_expect(one)); });
  });
  node.member("others", [&](const Node& others) { example.others = others.boolean(); });
  return example;
}

void read_subject(const Node& node, Rule& rule) {
  static const std::vector<std::string_view> kinds = {"path",   "address", "host",   "url",  "directive",
                                                      "module", "user",    "client", "limit"};
  node.only({"kind", "value"});
  rule.subject_kind = node.required_string("kind");
  rule.subject = node.required_string("value");
  if (std::find(kinds.begin(), kinds.end(), rule.subject_kind) == kinds.end())
    node.problem("unknown kind of subject '" + rule.subject_kind + "'");
}

void read_flags(const Node& node, Rule& rule) {
  const auto standing = node.string("standing", "cause");
  if (standing != "cause" && standing != "summary" && standing != "context")
    node.problem("unknown standing '" + standing + "'", "", "cause, summary or context");
  rule.summary = standing == "summary";
  rule.context = standing == "context";
  const auto rank = node.string("rank", "specific");
  if (rank != "specific" && rank != "fallback") node.problem("unknown rank '" + rank + "'", "", "specific or fallback");
  rule.fallback = rank == "fallback";
}

void read_body(const Node& node, Rule& rule) {
  node.only(with_steps({"id", "title", "severity", "standing", "rank", "effect", "match", "slots", "status", "path",
                        "subject", "same", "consequences", "cases", "examples", "references"}));
  rule.id = node.required_string("id");
  if (rule.id != stem(rule.file))
    node.member(
        "id", [&](const Node& id) { id.problem("the id is not the file's name", "", "a rule is found by its file"); });
  node.required("title", [&](const Node& title) { rule.title = Template(title.text()); });
  node.required("severity", [&](const Node& severity) { rule.severity = read_severity(severity); });
  node.required("effect", [&](const Node& effect) { rule.effect = Template(effect.text()); });
  read_flags(node, rule);
  node.required("match", [&](const Node& match) { rule.match = read_match(match); });
  node.member("slots", [&](const Node& slots) {
    slots.each_member([&](const std::string& name, const Node& slot) { rule.slots.push_back(read_slot(name, slot)); });
  });
  rule.status = node.string("status");
  rule.path = node.string("path");
  node.member("subject", [&](const Node& subject) { read_subject(subject, rule); });
  rule.same = node.strings("same");
  node.member("consequences", [&](const Node& list) {
    list.each([&](const Node& one) { rule.consequences.push_back(read_consequence(one)); });
  });
  node.required("cases",
                [&](const Node& list) { list.each([&](const Node& one) { rule.cases.push_back(read_case(one)); }); });
  rule.shared = read_all_steps(node);
  node.member("examples", [&](const Node& list) {
    list.each([&](const Node& one) { rule.examples.push_back(read_example(one)); });
  });
  rule.references = node.strings("references");
}

// Where every configuration error stands.
void add_config_slots(Rule& rule) {
  if (!rule.match.within_config_error) return;
  if (rule.slot("config_file") == nullptr) rule.slots.push_back({"config_file", SlotType::path, {}, false, {}});
  if (rule.slot("config_line") == nullptr) rule.slots.push_back({"config_line", SlotType::number, {}, false, {}});
  if (rule.slot("config_place") == nullptr) rule.slots.push_back({"config_place", SlotType::text, {}, false, {}});
}

}  // namespace

std::optional<Rule> read_rule(const RuleFile& file, Problems& problems) {
  return read<Rule>(file, problems, [&](const Node& node, Rule& rule) {
    rule.file = file.name;
    read_body(node, rule);
    add_config_slots(rule);
  });
}

std::optional<Remedy> read_remedy(const RuleFile& file, Problems& problems) {
  return read<Remedy>(file, problems, [&](const Node& node, Remedy& remedy) {
    remedy.file = file.name;
    node.only(with_steps({"name", "parameters", "alternatives"}));
    remedy.name = node.required_string("name");
    if (remedy.name != stem(file.name)) node.problem("the name is not the file's name");
    remedy.parameters = read_map(node, "parameters");
    remedy.steps = read_all_steps(node);
    node.member("alternatives", [&](const Node& list) {
      list.each([&](const Node& one) {
        Alternative alternative;
        one.only({"title", "when", "set", "where"});
        alternative.title = one.text("title");
        alternative.when = one.text("when");
        alternative.set = read_map(one, "set");
        one.member("where", [&](const Node& where) { alternative.where = read_condition(where); });
        remedy.alternatives.push_back(std::move(alternative));
      });
    });
  });
}

}  // namespace ahdiag
