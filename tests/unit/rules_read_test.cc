#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "catch.h"
#include "rules/read.h"
#include "support.h"

using namespace ahdiag;
using Texts = std::vector<std::string>;

namespace {

const std::string kRule = R"json({
  "id": "AH99001",
  "title": "no {dir}",
  "severity": "critical",
  "effect": "e",
  "match": {"code": "AH99001", "message": "cannot open (?P<dir>/.*)"},
  "slots": {"dir": {"type": "path", "under": ["{run_dir}", "/srv"]}},
  "path": "dir",
  "subject": {"kind": "path", "value": "dir"},
  "consequences": [{"code": "AH99002", "means": "m"}],
  "cases": [
    {"id": "a", "when": {"errno": ["ENOENT", "none"]}, "class": "missing-directory", "certainty": "certain", "cause": "c",
     "repair": [{"why": "w", "run": ["mkdir", "--", "{dir}"], "risk": "data", "user": "any", "undo": ["rmdir", "--", "{dir}"],
                 "expect": {"exit": [0, 1], "output": "o"}, "otherwise": "x"}],
     "persist": [{"why": "w", "write": {"path": "/etc/x", "mode": "0644", "owner": "root", "group": "root", "format": "unit", "content": ["a", "{dir}"]}}],
     "notes": ["n", {"text": "t", "where": {"platform": "rhel"}}]},
    {"id": "b", "class": "unknown-error", "severity": "warning", "cause": "c",
     "inspect": [{"why": "w", "do": "look", "where": {"not": {"has": ["dir"]}}}]}
  ],
  "examples": [{"name": "n", "log": ["AH99001: x"], "expect": []}],
  "references": ["https://example.com/"]
})json";

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

Texts rule_problems(const std::string& json, const std::string& name = "rules/core/AH99001.json") {
  Problems problems;
  const auto rule = read_rule({name, json}, problems);
  CHECK(rule.has_value() == problems.empty());
  return test::lines_of(problems);
}

const std::string kPlatforms = R"json({
  "facts": {
    "service": {"type": "unit", "help": "h"},
    "init": {"type": "choice", "help": "h", "choices": ["systemd", "none"]},
    "restart": {"type": "command", "help": "h"}
  },
  "platforms": [
    {"id": "generic", "name": "n", "facts": {"service": "httpd", "init": "systemd", "restart": ["systemctl", "restart", "{service}"]}},
    {"id": "bsd", "name": "b", "abi": "bsd", "signs": [{"text": "FreeBSD", "weight": 10}], "facts": {},
     "modules": {"php": {"package": "php-httpd"}, "ssl": {}}}
  ]
})json";

Texts platform_problems(const std::string& json) {
  Problems problems;
  const auto platforms = read_platforms({"rules/platforms.json", json}, problems);
  CHECK(platforms.has_value() == problems.empty());
  return test::lines_of(problems);
}

const std::string kRemedy = R"json({
  "name": "make", "parameters": {"dir": "path"},
  "repair": [{"why": "w", "run": ["mkdir", "--", "{dir}"], "undo": "nothing to take back"}],
  "alternatives": [{"title": "t", "when": "w", "set": {"persist": "unit"}, "where": {"platform": "rhel"}}]
})json";

}  // namespace

TEST_CASE("a rule file becomes a rule", "[rules][read]") {
  Problems problems;
  const auto rule = read_rule({"rules/core/AH99001.json", kRule}, problems);
  CAPTURE(test::lines_of(problems));
  REQUIRE(rule.has_value());
  CHECK(rule->id == "AH99001");
  CHECK(rule->file == "rules/core/AH99001.json");
  CHECK(rule->title.source() == "no {dir}");
  CHECK(rule->severity == Severity::critical);
  CHECK_FALSE(rule->summary);
  CHECK_FALSE(rule->fallback);
  CHECK(rule->match.codes == Texts{"AH99001"});
  CHECK(rule->match.origin == Origin::server);
  REQUIRE(rule->slots.size() == 1);
  CHECK(rule->slots[0].name == "dir");
  CHECK(rule->slots[0].type == SlotType::path);
  REQUIRE(rule->slots[0].under.size() == 2);
  CHECK(rule->slots[0].under[0].sole_hole() == "run_dir");
  CHECK(rule->path == "dir");
  CHECK(rule->subject_kind == "path");
  CHECK(rule->subject == "dir");
  REQUIRE(rule->consequences.size() == 1);
  CHECK(rule->consequences[0].code == "AH99002");
  REQUIRE(rule->cases.size() == 2);

  const Case& first = rule->cases[0];
  CHECK(first.cause_class == "missing-directory");
  CHECK(first.certainty == Certainty::certain);
  CHECK_FALSE(first.severity.has_value());
  REQUIRE(first.when.tests.size() == 1);
  CHECK(first.when.tests[0].kind == Condition::Kind::errno_);
  CHECK(first.when.tests[0].values == Texts{"ENOENT", "none"});
  REQUIRE(first.steps.repair.size() == 1);
  const StepTemplate& repair = first.steps.repair[0];
  CHECK(repair.risk == Risk::data);
  CHECK_FALSE(repair.root);
  CHECK(std::holds_alternative<Argv>(repair.undo));
  CHECK(repair.otherwise.source() == "x");
  const auto* run = std::get_if<RunTemplate>(&repair.work);
  REQUIRE(run != nullptr);
  CHECK(run->argv.size() == 3);
  REQUIRE(run->expect.has_value());
  CHECK(run->expect->exits == std::vector<int>{0, 1});
  CHECK(run->expect->output.source() == "o");
  REQUIRE(first.steps.persist.size() == 1);
  const auto* write = std::get_if<WriteTemplate>(&first.steps.persist[0].work);
  REQUIRE(write != nullptr);
  CHECK(write->format == FileFormat::unit);
  CHECK(write->owner.source() == "root");
  CHECK(write->lines.size() == 2);
  CHECK(first.steps.notes.size() == 2);

  const Case& second = rule->cases[1];
  CHECK(second.certainty == Certainty::likely);
  CHECK(second.severity == Severity::warning);
  REQUIRE(second.steps.inspect.size() == 1);
  CHECK(second.steps.inspect[0].risk == Risk::none);
  CHECK(second.steps.inspect[0].root);
  REQUIRE(second.steps.inspect[0].where.tests.size() == 1);
  CHECK(second.steps.inspect[0].where.tests[0].kind == Condition::Kind::not_);
}

TEST_CASE("a change has a low risk, an inspection none, where the file says nothing", "[rules][read]") {
  Problems problems;
  const auto rule = read_rule({"rules/core/AH99001.json", with(kRule, "\"risk\": \"data\", ", "")}, problems);
  REQUIRE(rule.has_value());
  CHECK(rule->cases[0].steps.repair[0].risk == Risk::low);
}

TEST_CASE("a configuration error's rule has the file and the line by itself", "[rules][read]") {
  Problems problems;
  const auto rule = read_rule(
      {"rules/core/AH99001.json", with(kRule, "\"code\": \"AH99001\"", "\"within\": \"config-error\"")}, problems);
  REQUIRE(rule.has_value());
  REQUIRE(rule->slot("config_file") != nullptr);
  CHECK(rule->slot("config_file")->type == SlotType::path);
  REQUIRE(rule->slot("config_line") != nullptr);
  CHECK(rule->slot("config_line")->type == SlotType::number);
}

TEST_CASE("a derived slot has the type of what it derives", "[rules][read]") {
  struct Row {
    std::string derivation;
    SlotType type;
  };
  for (const auto& row : std::vector<Row>{{"dirname", SlotType::path},
                                          {"basename", SlotType::name},
                                          {"port_of", SlotType::port},
                                          {"without_suffix", SlotType::path},
                                          {"resolve", SlotType::path},
                                          {"module_of", SlotType::module},
                                          {"suggest", SlotType::directive},
                                          {"package_of", SlotType::name},
                                          {"contexts_of", SlotType::text}}) {
    CAPTURE(row.derivation);
    Problems problems;
    const auto rule =
        read_rule({"rules/core/AH99001.json",
                   with(kRule, "\"slots\": {", "\"slots\": {\"made\": {\"" + row.derivation + "\": \"dir\"}, ")},
                  problems);
    REQUIRE(rule.has_value());
    REQUIRE(rule->slot("made") != nullptr);
    CHECK(rule->slot("made")->type == row.type);
    CHECK(rule->slot("made")->derived.from == "dir");
  }
}

TEST_CASE("each fault of a rule file is told with its place", "[rules][read]") {
  struct Row {
    std::string from, to, where, what;
  };
  const std::vector<Row> rows = {
      {"\"id\": \"AH99001\"", "\"id\": \"AH99009\"", ":2:9", "the id is not the file's name"},
      {"\"id\": \"AH99001\",\n", "", ":1:1", "the member 'id' is missing"},
      {"  \"title\": \"no {dir}\",\n", "", ":1:1", "the member 'title' is missing"},
      {"\"title\": \"no {dir}\"", "\"title\": 5", ":3:12", "a string is expected here"},
      {"  \"effect\": \"e\",\n", "", ":1:1", "the member 'effect' is missing"},
      {"\"severity\": \"critical\"", "\"severity\": \"fatal\"", ":4:15", "unknown severity 'fatal'"},
      {"\"effect\": \"e\"", "\"effect\": \"e\", \"standing\": \"x\"", "", "unknown standing 'x'"},
      {"\"effect\": \"e\"", "\"effect\": \"e\", \"rank\": \"x\"", "", "unknown rank 'x'"},
      {"\"effect\": \"e\"", "\"effect\": \"e\", \"efect\": \"e\"", ":5:27", "unknown member 'efect'"},
      {"\"code\": \"AH99001\"", "\"code\": [1]", ":6:", "a string is expected here"},
      {"\"code\": \"AH99001\", ", "", ":6:12", "a rule without 'code' needs 'contains'"},
      {"\"code\": \"AH99001\"", "\"code\": \"AH99001\", \"origin\": \"all\"", ":6:12", "unknown origin 'all'"},
      {"\"code\": \"AH99001\"", "\"code\": \"AH99001\", \"within\": \"x\"", ":6:12", "unknown envelope 'x'"},
      {"\"code\": \"AH99001\"", "\"code\": \"AH99001\", \"text\": \"x\"", ":6:", "unknown member 'text'"},
      {"cannot open (?P<dir>/.*)", "cannot open (?P<dir>/.*", ":6:43", "this is no expression"},
      {"cannot open (?P<dir>/.*)", "(?=x)(?P<dir>/.*)", ":6:43", "this is no expression"},
      {"cannot open (?P<dir>/.*)", "(a)\\\\1(?P<dir>/.*)", ":6:43", "this is no expression"},
      {"cannot open (?P<dir>/.*)", ".*(?P<dir>/.*)", ":6:43", "begins with '.*'"},
      {"\"type\": \"path\"", "\"type\": \"file\"", ":7:29", "unknown slot type 'file'"},
      {"\"type\": \"path\"", "\"kind\": \"path\"", ":7:29", "unknown member 'kind' of a slot"},
      {"\"slots\": {", "\"slots\": [], \"x\": {", ":7:", "an object is expected here"},
      {"\"kind\": \"path\"", "\"kind\": \"file\"", ":9:14", "unknown kind of subject 'file'"},
      {"\"kind\": \"path\", ", "", ":9:14", "the member 'kind' is missing"},
      {"{\"code\": \"AH99002\", \"means\": \"m\"}", "{\"means\": \"m\"}", ":10:20", "names one of 'code' and 'rule'"},
      {"{\"code\": \"AH99002\", ", "{\"code\": \"AH99002\", \"rule\": \"x\", ", ":10:20",
       "names one of 'code' and 'rule'"},
      {"\"class\": \"missing-directory\", ", "", ":12:5", "the member 'class' is missing"},
      {"\"certainty\": \"certain\"", "\"certainty\": \"sure\"", ":12:5", "unknown certainty 'sure'"},
      {"\"cause\": \"c\",\n", "\n", ":12:5", "the member 'cause' is missing"},
      {"\"when\": {\"errno\"", "\"when\": [], \"x\": {\"errno\"", "", "an object is expected here"},
      {"\"run\": [\"mkdir\", \"--\", \"{dir}\"]", "\"do\": \"x\", \"run\": [\"mkdir\"]", ":13:17",
       "exactly one of 'run', 'write' and 'do'"},
      {"\"run\": [\"mkdir\", \"--\", \"{dir}\"], ", "", ":13:17", "exactly one of 'run', 'write' and 'do'"},
      {"\"run\": [\"mkdir\", \"--\", \"{dir}\"]", "\"run\": \"mkdir -- /x\"", ":13:", "a list is expected here"},
      {"\"why\": \"w\", \"run\"", "\"run\"", ":13:17", "the member 'why' is missing"},
      {"\"risk\": \"data\"", "\"risk\": \"high\"", ":13:17", "unknown risk 'high'"},
      {"\"user\": \"any\"", "\"user\": \"nobody\"", ":13:", "unknown user 'nobody'"},
      {"\"exit\": [0, 1]", "\"exit\": [\"0\"]", ":14:", "a whole number is expected here"},
      {"\"exit\": [0, 1]", "\"status\": [0]", ":14:", "unknown member 'status'"},
      {"\"mode\": \"0644\", ", "", ":15:", "the member 'mode' is missing"},
      {"\"mode\": \"0644\"", "\"mode\": 644", ":15:", "a string is expected here"},
      {"\"path\": \"/etc/x\", ", "", ":15:", "the member 'path' is missing"},
      {"\"format\": \"unit\"", "\"format\": \"ini\"", ":15:", "unknown format 'ini'"},
      {", \"content\": [\"a\", \"{dir}\"]", "", ":15:", "the member 'content' is missing"},
      {"{\"text\": \"t\"", "{\"note\": \"t\"", ":16:", "unknown member 'note'"},
      {"{\"text\": \"t\", ", "{", ":16:", "the member 'text' is missing"},
      {"\"name\": \"n\", \"log\"", "\"log\"", ":20:16", "the member 'name' is missing"},
      {", \"expect\": []", "", ":20:16", "the member 'expect' is missing"},
      {"\"references\": [\"https", "\"references\": [1, \"https", ":21:18", "a string is expected here"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.from, row.to);
    const auto problems = rule_problems(with(kRule, row.from, row.to));
    CAPTURE(problems);
    CHECK_FALSE(problems.empty());
    bool told = false;
    for (const auto& line : problems) {
      told =
          told || (line.starts_with("rules/core/AH99001.json" + row.where) && line.find(row.what) != std::string::npos);
    }
    CHECK(told);
  }
}

TEST_CASE("all faults of a file are told at once", "[rules][read]") {
  const auto problems =
      rule_problems(with(with(with(kRule, "critical", "fatal"), "\"type\": \"path\"", "\"type\": \"file\""),
                         "\"risk\": \"data\"", "\"risk\": \"high\""));
  CHECK(problems.size() == 3);
}

TEST_CASE("what is no rule at all is a problem, not a crash", "[rules][read]") {
  for (const std::string json : {"", "[]", "null", "1", "\"x\"", "{}", "{\"id\": {}}", "{\"cases\": 1, \"match\": 1}",
                                 "{\"cases\": [1], \"match\": [], \"slots\": 1, \"examples\": [[]]}"}) {
    CAPTURE(json);
    CHECK_FALSE(rule_problems(json).empty());
  }
}

TEST_CASE("a remedy file becomes a remedy", "[rules][read]") {
  Problems problems;
  const auto remedy = read_remedy({"rules/remedies/make.json", kRemedy}, problems);
  REQUIRE(remedy.has_value());
  CHECK(remedy->name == "make");
  CHECK(remedy->parameters.at("dir") == "path");
  REQUIRE(remedy->steps.repair.size() == 1);
  CHECK(std::holds_alternative<Template>(remedy->steps.repair[0].undo));
  REQUIRE(remedy->alternatives.size() == 1);
  CHECK(remedy->alternatives[0].set.at("persist") == "unit");
}

TEST_CASE("each fault of a remedy file is told with its place", "[rules][read]") {
  struct Row {
    std::string from, to, what;
  };
  for (const auto& row : std::vector<Row>{
           {"\"name\": \"make\"", "\"name\": \"made\"", "the name is not the file's name"},
           {"\"name\": \"make\", ", "", "the member 'name' is missing"},
           {"\"parameters\"", "\"params\"", "unknown member 'params'"},
           {"\"title\": \"t\"", "\"titel\": \"t\"", "unknown member 'titel'"},
       }) {
    CAPTURE(row.to);
    Problems problems;
    CHECK_FALSE(read_remedy({"rules/remedies/make.json", with(kRemedy, row.from, row.to)}, problems).has_value());
    REQUIRE_FALSE(problems.empty());
    CHECK(to_line(problems[0]).find(row.what) != std::string::npos);
    CHECK(problems[0].where.starts_with("rules/remedies/make.json:"));
  }
}

TEST_CASE("a platforms file becomes facts and platforms", "[rules][read]") {
  Problems problems;
  const auto platforms = read_platforms({"rules/platforms.json", kPlatforms}, problems);
  CAPTURE(test::lines_of(problems));
  REQUIRE(platforms.has_value());
  REQUIRE(platforms->spec("init") != nullptr);
  CHECK(platforms->spec("init")->choices == Texts{"systemd", "none"});
  CHECK(platforms->spec("x") == nullptr);
  REQUIRE(platforms->find("generic") != nullptr);
  CHECK(platforms->find("generic")->facts.at("service").value() == "httpd");
  CHECK(platforms->find("generic")->facts.at("restart").words().size() == 3);
  REQUIRE(platforms->find("bsd") != nullptr);
  CHECK(platforms->find("bsd")->abi == Abi::bsd);
  CHECK(platforms->find("bsd")->packages.at("php") == "php-httpd");
  CHECK(platforms->find("bsd")->packages.count("ssl") == 0);
  CHECK(platforms->find("solaris") == nullptr);
}

TEST_CASE("each fault of a platforms file is told with its place", "[rules][read]") {
  struct Row {
    std::string from, to, where, what;
  };
  for (const auto& row : std::vector<Row>{
           {"\"type\": \"unit\"", "\"type\": \"name\"", ":3:", "unknown type of fact"},
           {"{\"type\": \"unit\", ", "{", ":3:16", "the member 'type' is missing"},
           {"\"help\": \"h\"", "\"text\": \"h\"", ":3:", "unknown member 'text'"},
           {"\"service\": \"httpd\"", "\"service\": \"ht tpd\"", ":8:", "'ht tpd' is no unit"},
           {"\"service\": \"httpd\"", "\"servise\": \"httpd\"", ":8:", "unknown fact 'servise'"},
           {"\"init\": \"systemd\"", "\"init\": \"upstart\"", ":8:", "'upstart' is no choice"},
           {"[\"systemctl\", \"restart\", \"{service}\"]", "\"systemctl restart httpd\"",
            ":8:", "a list is expected here"},
           {"\"service\": \"httpd\"", "\"service\": [\"httpd\"]", ":8:", "a string is expected here"},
           {"\"id\": \"generic\"", "\"id\": \"general\"", ":1:1", "there is no platform 'generic'"},
           {"\"abi\": \"bsd\"", "\"abi\": \"mac\"", ":9:", "unknown abi 'mac'"},
           {"\"weight\": 10", "\"weight\": \"10\"", ":9:", "a whole number is expected here"},
           {", \"weight\": 10", "", ":9:", "the member 'weight' is missing"},
           {"\"name\": \"b\", ", "", ":9:5", "the member 'name' is missing"},
       }) {
    CAPTURE(row.from, row.to);
    const auto problems = platform_problems(with(kPlatforms, row.from, row.to));
    CAPTURE(problems);
    bool told = false;
    for (const auto& line : problems) {
      told = told || (line.starts_with("rules/platforms.json" + row.where) && line.find(row.what) != std::string::npos);
    }
    CHECK(told);
  }
}
