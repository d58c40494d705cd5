#include "rules/read.h"

#include <algorithm>
#include <utility>

#include "rules/node.h"
#include "text/ascii.h"
#include "text/path.h"

namespace ahdiag {
namespace {

const std::vector<std::string_view> kStepLists = {"inspect", "repair", "persist", "verify", "notes", "remedies"};

std::vector<std::string_view> with_steps(std::vector<std::string_view> names) {
  names.insert(names.end(), kStepLists.begin(), kStepLists.end());
  return names;
}

// "core/AH00023.json" -> "AH00023"
std::string stem(std::string_view file) {
  std::string_view name = name_of(file);
  return std::string(name.substr(0, name.rfind('.')));
}

// ---- conditions

Condition read_condition(const Node& node);

Condition::Test read_named(const Node& node, Condition::Kind kind, std::string name) {
  Condition::Test test{kind, std::move(name), {}, {}, {}};
  if (kind == Condition::Kind::below) {
    test.texts = node.templates();
  } else if (node.is_array()) {
    node.each([&](const Node& value) { test.values.push_back(value.scalar()); });
  } else {
    test.values.push_back(node.scalar());
  }
  return test;
}

void read_test(const std::string& name, const Node& node, Condition& condition) {
  using Kind = Condition::Kind;
  static const std::map<std::string_view, Kind> kinds = {
      {"errno", Kind::errno_}, {"platform", Kind::platform}, {"has", Kind::has},   {"lacks", Kind::lacks},
      {"slot", Kind::slot},    {"below", Kind::below},       {"seen", Kind::seen}, {"volatile", Kind::is_volatile},
      {"not", Kind::not_}};
  const auto found = kinds.find(name);
  const Kind kind = found == kinds.end() ? Kind::fact : found->second;
  if (kind == Kind::slot || kind == Kind::below) {
    node.each_member([&](const std::string& slot, const Node& values) {
      condition.tests.push_back(read_named(values, kind, slot));
    });
  } else if (kind == Kind::not_) {
    condition.tests.push_back({kind, name, {}, {}, {read_condition(node)}});
  } else {
    condition.tests.push_back(read_named(node, kind, name));
  }
}

Condition read_condition(const Node& node) {
  Condition condition;
  node.each_member([&](const std::string& name, const Node& value) { read_test(name, value, condition); });
  return condition;
}

// ---- steps

Risk read_risk(const Node& node, Risk fallback) {
  if (!node.has("risk")) return fallback;
  const auto name = node.string("risk");
  for (const Risk risk : {Risk::none, Risk::low, Risk::service_interruption, Risk::data}) {
    if (risk_name(risk) == name) return risk;
  }
  node.problem("unknown risk '" + name + "'", "", "none, low, service-interruption or data");
  return fallback;
}

Expect read_expect(const Node& node) {
  Expect expect;
  node.only({"exit", "output"});
  node.member("exit", [&](const Node& exit) {
    if (!exit.is_array()) return expect.exits.push_back(exit.integer());
    exit.each([&](const Node& one) { expect.exits.push_back(one.integer()); });
  });
  expect.output = node.string("output");
  return expect;
}

FileFormat read_format(const Node& node) {
  static const std::map<std::string_view, FileFormat> formats = {{"tmpfiles", FileFormat::tmpfiles},
                                                                 {"unit", FileFormat::unit},
                                                                 {"sh", FileFormat::sh},
                                                                 {"httpd", FileFormat::httpd},
                                                                 {"plain", FileFormat::plain}};
  const auto name = node.string("format", "plain");
  const auto found = formats.find(name);
  if (found != formats.end()) return found->second;
  node.problem("unknown format '" + name + "'", "", "tmpfiles, unit, sh, httpd or plain");
  return FileFormat::plain;
}

Work read_work(const Node& node) {
  const int kinds = (node.has("run") ? 1 : 0) + (node.has("write") ? 1 : 0) + (node.has("do") ? 1 : 0);
  if (kinds != 1) node.problem("a step has exactly one of 'run', 'write' and 'do'");
  if (node.has("run")) {
    RunTemplate run;
    node.member("run", [&](const Node& argv) { run.argv = argv.templates(); });
    node.member("expect", [&](const Node& expect) { run.expect = read_expect(expect); });
    return run;
  }
  if (node.has("write")) {
    WriteTemplate write;
    node.member("write", [&](const Node& file) {
      file.only({"path", "mode", "owner", "group", "format", "content"});
      write.path = file.text("path");
      write.mode = file.required_string("mode");
      write.owner = file.string("owner", "root");
      write.group = file.string("group", "root");
      write.format = read_format(file);
      file.required("content", [&](const Node& lines) { write.lines = lines.templates(); });
    });
    return write;
  }
  return DoTemplate{node.text("do")};
}

Undo read_undo(const Node& node) {
  Undo undo;
  node.member("undo", [&](const Node& value) {
    if (value.is_string()) {
      undo = Template(value.text());
    } else {
      undo = value.templates();
    }
  });
  return undo;
}

StepTemplate read_step(const Node& node, Phase phase) {
  StepTemplate step;
  node.only({"why", "where", "run", "write", "do", "risk", "user", "expect", "undo", "otherwise"});
  node.required("why", [&](const Node& why) { step.why = Template(why.text()); });
  node.member("where", [&](const Node& where) { step.where = read_condition(where); });
  step.work = read_work(node);
  step.risk = read_risk(node, phase == Phase::inspect || phase == Phase::verify ? Risk::none : Risk::low);
  step.root = node.string("user", "root") == "root";
  step.undo = read_undo(node);
  step.otherwise = node.text("otherwise");
  return step;
}

std::vector<StepTemplate> read_steps(const Node& node, const std::string& name, Phase phase) {
  std::vector<StepTemplate> steps;
  node.member(name,
              [&](const Node& list) { list.each([&](const Node& step) { steps.push_back(read_step(step, phase)); }); });
  return steps;
}

NoteTemplate read_note(const Node& node) {
  NoteTemplate note;
  if (node.is_string()) {
    note.text = Template(node.text());
    return note;
  }
  node.only({"text", "where"});
  note.text = node.text("text");
  node.member("where", [&](const Node& where) { note.where = read_condition(where); });
  return note;
}

RemedyUse read_use(const Node& node) {
  RemedyUse use;
  node.only({"name", "with", "where"});
  use.name = node.required_string("name");
  node.member("with", [&](const Node& with) {
    with.each_member([&](const std::string& name, const Node& value) { use.with[name] = Template(value.text()); });
  });
  node.member("where", [&](const Node& where) { use.where = read_condition(where); });
  return use;
}

Steps read_all_steps(const Node& node) {
  Steps steps;
  steps.inspect = read_steps(node, "inspect", Phase::inspect);
  steps.repair = read_steps(node, "repair", Phase::repair);
  steps.persist = read_steps(node, "persist", Phase::persist);
  steps.verify = read_steps(node, "verify", Phase::verify);
  node.member("notes",
              [&](const Node& list) { list.each([&](const Node& note) { steps.notes.push_back(read_note(note)); }); });
  node.member("remedies",
              [&](const Node& list) { list.each([&](const Node& use) { steps.remedies.push_back(read_use(use)); }); });
  return steps;
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

MatchSpec read_match(const Node& node) {
  MatchSpec match;
  node.only({"code", "within", "origin", "module", "contains", "message"});
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
    } else {
      value.problem("unknown member '" + key + "' of a slot");
    }
  });
  if (node.has("type") || slot.derived.kind == Derivation::Kind::none) return slot;
  using Kind = Derivation::Kind;
  static const std::map<Kind, SlotType> types = {
      {Kind::dirname, SlotType::path},        {Kind::basename, SlotType::name},  {Kind::port_of, SlotType::port},
      {Kind::without_suffix, SlotType::path}, {Kind::resolve, SlotType::path},   {Kind::module_of, SlotType::module},
      {Kind::suggest, SlotType::directive},   {Kind::package_of, SlotType::name}};
  const auto found = types.find(slot.derived.kind);
  slot.type = found == types.end() ? SlotType::text : found->second;
  return slot;
}

ConsequenceSpec read_consequence(const Node& node) {
  node.only({"code", "rule", "means"});
  ConsequenceSpec spec{node.string("code"), node.string("rule"), node.string("means")};
  if (spec.code.empty() == spec.rule.empty()) node.problem("a consequence names one of 'code' and 'rule'");
  return spec;
}

Case read_case(const Node& node) {
  Case one;
  node.only(with_steps({"id", "when", "class", "severity", "title", "effect", "certainty", "cause", "summary"}));
  one.id = node.required_string("id");
  node.member("when", [&](const Node& when) { one.when = read_condition(when); });
  one.cause_class = node.required_string("class");
  one.certainty = read_certainty(node);
  node.member("severity", [&](const Node& severity) { one.severity = read_severity(severity); });
  one.title = node.text("title");
  one.effect = node.text("effect");
  node.required("cause", [&](const Node& cause) { one.cause = Template(cause.text()); });
  one.summary = node.text("summary");
  one.steps = read_all_steps(node);
  return one;
}

std::vector<int> read_integers(const Node& node, const std::string& name) {
  std::vector<int> all;
  node.member(name, [&](const Node& list) { list.each([&](const Node& one) { all.push_back(one.integer()); }); });
  return all;
}

std::map<std::string, std::string> read_map(const Node& node, const std::string& name) {
  std::map<std::string, std::string> all;
  node.member(name, [&](const Node& map) {
    map.each_member([&](const std::string& key, const Node& value) { all[key] = value.scalar(); });
  });
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
  if (standing != "cause" && standing != "summary")
    node.problem("unknown standing '" + standing + "'", "", "cause or summary");
  rule.summary = standing == "summary";
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
  if (rule.slot("config_file") == nullptr) rule.slots.push_back({"config_file", SlotType::path, {}, {}});
  if (rule.slot("config_line") == nullptr) rule.slots.push_back({"config_line", SlotType::number, {}, {}});
}

// ---- platforms

void read_fact(const std::string& name, const Node& node, const Platforms& platforms, Facts& facts) {
  const FactSpec* spec = platforms.spec(name);
  if (spec == nullptr) return node.problem("unknown fact '" + name + "'", "", "describe it under 'facts' first");
  if (spec->type == FactType::command) {
    facts.insert_or_assign(name, Fact::command(node.templates()));
    return;
  }
  auto accepted = Fact::accept(*spec, node.string());
  if (const auto* refusal = std::get_if<Refusal>(&accepted))
    return node.problem("'" + node.string() + "' is no " + std::string(type_name(spec->type)), refusal->why);
  facts.insert_or_assign(name, std::get<Fact>(std::move(accepted)));
}

Abi read_abi(const Node& node) {
  const auto name = node.string("abi", "linux");
  if (name == "bsd") return Abi::bsd;
  if (name == "windows") return Abi::windows;
  if (name != "linux") node.problem("unknown abi '" + name + "'", "", "linux, bsd or windows");
  return Abi::linux_;
}

std::vector<Sign> read_signs(const Node& node) {
  std::vector<Sign> signs;
  node.member("signs", [&](const Node& list) {
    list.each([&](const Node& sign) {
      int weight = 0;
      sign.required("weight", [&](const Node& value) { weight = value.integer(); });
      signs.push_back({sign.required_string("text"), weight});
    });
  });
  return signs;
}

Facts read_facts(const Node& node, const Platforms& platforms) {
  Facts all;
  node.member("facts", [&](const Node& facts) {
    facts.each_member([&](const std::string& name, const Node& value) { read_fact(name, value, platforms, all); });
  });
  return all;
}

Packages read_packages(const Node& node) {
  Packages packages;
  node.member("modules", [&](const Node& modules) {
    modules.each_member([&](const std::string& name, const Node& module) {
      if (module.has("package")) packages[name] = module.string("package");
    });
  });
  return packages;
}

Platform read_platform(const Node& node, const Platforms& platforms) {
  Platform platform;
  node.only({"id", "name", "abi", "signs", "facts", "modules", "notes", "variants"});
  platform.id = node.required_string("id");
  platform.name = node.required_string("name");
  platform.abi = read_abi(node);
  platform.signs = read_signs(node);
  platform.facts = read_facts(node, platforms);
  platform.packages = read_packages(node);
  node.member("variants", [&](const Node& list) {
    list.each([&](const Node& one) {
      one.only({"id", "name", "signs", "facts", "modules", "notes"});
      platform.variants.push_back({one.required_string("id"), one.required_string("name"), read_signs(one),
                                   read_facts(one, platforms), read_packages(one)});
    });
  });
  return platform;
}

FactSpec read_fact_spec(const std::string& name, const Node& node) {
  FactSpec spec;
  node.only({"type", "choices", "help"});
  spec.name = name;
  const auto type = fact_type(node.required_string("type"));
  if (!type) node.problem("unknown type of fact");
  spec.type = type.value_or(FactType::word);
  spec.choices = node.strings("choices");
  spec.help = node.string("help");
  return spec;
}

template <typename T>
std::optional<T> read(const RuleFile& file, Problems& problems, const std::function<void(const Node&, T&)>& body) {
  const std::size_t before = problems.size();
  const NodeFile node_file{file.name, file.text, &problems, file.trusted};
  T value;
  Node::parse(node_file, [&](const Node& node) { body(node, value); });
  if (problems.size() > before) return std::nullopt;
  return value;
}

}  // namespace

const FactSpec* Platforms::spec(std::string_view fact) const {
  for (const auto& one : specs) {
    if (one.name == fact) return &one;
  }
  return nullptr;
}

const Platform* Platforms::find(std::string_view id) const {
  for (const auto& one : list) {
    if (one.id == id) return &one;
  }
  return nullptr;
}

const Platform* Platforms::find_home_of(std::string_view variant) const {
  for (const auto& one : list) {
    for (const auto& other : one.variants) {
      if (other.id == variant) return &one;
    }
  }
  return nullptr;
}

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

std::optional<Platforms> read_platforms(const RuleFile& file, Problems& problems) {
  return read<Platforms>(file, problems, [&](const Node& node, Platforms& platforms) {
    node.only({"facts", "platforms"});
    node.required("facts", [&](const Node& facts) {
      facts.each_member(
          [&](const std::string& name, const Node& spec) { platforms.specs.push_back(read_fact_spec(name, spec)); });
    });
    node.required("platforms", [&](const Node& list) {
      list.each([&](const Node& one) { platforms.list.push_back(read_platform(one, platforms)); });
    });
    if (platforms.find("generic") == nullptr) node.problem("there is no platform 'generic'");
  });
}

}  // namespace ahdiag
