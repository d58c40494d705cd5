#include "rules/read_steps.h"

#include <algorithm>
#include <utility>

namespace ahdiag {
namespace {

const std::vector<std::string_view> kStepLists = {"inspect", "repair", "persist", "verify", "notes", "remedies"};

// ---- conditions

Condition::Test read_named(const Node& node, Condition::Kind kind, std::string name) {
  Condition::Test test{kind, std::move(name), {}, {}, {}, 0};
  if (kind == Condition::Kind::below) {
    test.texts = node.templates();
  } else if (node.is_array()) {
    node.each([&](const Node& value) { test.values.push_back(value.scalar()); });
  } else {
    test.values.push_back(node.scalar());
  }
  return test;
}

// One condition or a list of them.
std::vector<Condition> read_conditions(const Node& node) {
  std::vector<Condition> all;
  if (!node.is_array()) return {read_condition(node)};
  node.each([&](const Node& one) { all.push_back(read_condition(one)); });
  return all;
}

void read_test(const std::string& name, const Node& node, Condition& condition) {
  using Kind = Condition::Kind;
  static const std::map<std::string_view, Kind> kinds = {
      {"errno", Kind::errno_},    {"platform", Kind::platform}, {"has", Kind::has},   {"lacks", Kind::lacks},
      {"slot", Kind::slot},       {"below", Kind::below},       {"seen", Kind::seen}, {"volatile", Kind::is_volatile},
      {"speaker", Kind::speaker}, {"count", Kind::count},       {"not", Kind::not_}};
  const auto found = kinds.find(name);
  const Kind kind = found == kinds.end() ? Kind::fact : found->second;
  if (kind == Kind::slot || kind == Kind::below) {
    node.each_member([&](const std::string& slot, const Node& values) {
      condition.tests.push_back(read_named(values, kind, slot));
    });
  } else if (kind == Kind::not_) {
    condition.tests.push_back({kind, name, {}, {}, read_conditions(node), 0});
  } else if (kind == Kind::count) {
    condition.tests.push_back({kind, name, {}, {}, {}, static_cast<std::uint64_t>(std::max(0, node.integer()))});
  } else {
    condition.tests.push_back(read_named(node, kind, name));
  }
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

ExpectTemplate read_expect(const Node& node) {
  ExpectTemplate expect;
  node.only({"exit", "output"});
  node.member("exit", [&](const Node& exit) {
    if (!exit.is_array()) return expect.exits.push_back(exit.integer());
    exit.each([&](const Node& one) { expect.exits.push_back(one.integer()); });
  });
  expect.output = node.text("output");
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
    node.member("run", [&](const Node& argv) { run.argv = argv.argv(); });
    node.member("expect", [&](const Node& expect) { run.expect = read_expect(expect); });
    return run;
  }
  if (node.has("write")) {
    WriteTemplate write;
    node.member("write", [&](const Node& file) {
      file.only({"path", "mode", "owner", "group", "format", "content"});
      file.required("path", [&](const Node& path) { write.path = Template(path.text()); });
      file.required("mode", [&](const Node& mode) { write.mode = Template(mode.text()); });
      file.required("owner", [&](const Node& owner) { write.owner = Template(owner.text()); });
      file.required("group", [&](const Node& group) { write.group = Template(group.text()); });
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
      undo = value.argv();
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
  const auto user = node.string("user", "root");
  if (user != "root" && user != "any") node.problem("unknown user '" + user + "'", "", "root or any");
  step.root = user == "root";
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
  node.required("text", [&](const Node& text) { note.text = Template(text.text()); });
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

}  // namespace

std::vector<std::string_view> with_steps(std::vector<std::string_view> names) {
  names.insert(names.end(), kStepLists.begin(), kStepLists.end());
  return names;
}

Condition read_condition(const Node& node) {
  Condition condition;
  node.each_member([&](const std::string& name, const Node& value) { read_test(name, value, condition); });
  return condition;
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

std::map<std::string, std::string> read_map(const Node& node, const std::string& name) {
  std::map<std::string, std::string> all;
  node.member(name, [&](const Node& map) {
    map.each_member([&](const std::string& key, const Node& value) { all[key] = value.scalar(); });
  });
  return all;
}

}  // namespace ahdiag
