#include "plan/plan.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "catch.h"
#include "support.h"
#include "text/shell.h"

using namespace ahdiag;
using Texts = std::vector<std::string>;

namespace {

std::string rule(const std::string& cases, const std::string& more = "") {
  return R"json({
    "id": "AH99001", "title": "no {dir}", "severity": "critical", "effect": "e",
    "match": {"code": "AH99001", "message": "no (?P<dir>/.*?)(?: said (?P<said>.*))?"},
    "slots": {"dir": {"type": "path"}, "said": {"type": "text"}},
    "path": "dir", "subject": {"kind": "path", "value": "dir"},
    "cases": [)json" +
         cases + "]" + more + "}";
}

const std::string kHead = R"json({"id": "a", "class": "unknown-error", "cause": "c {dir}")json";

Plan plan_of(const std::string& rule_json, const Texts& remedies = {}, const std::string& line = "AH99001: no /run/x",
             const std::string& platform = "rhel") {
  test::Files files;
  files.add("test/AH99001.json", rule_json);
  for (const auto& remedy : remedies) {
    const auto at = remedy.find("\"name\": \"") + 9;
    files.add("test/remedies/" + remedy.substr(at, remedy.find('"', at) - at) + ".json", remedy);
  }
  const auto book = files.book();
  Problems problems;
  const Setting setting = choose_setting(book.platforms(), Signs(book.platforms()), {platform, {}, ""}, problems);
  REQUIRE(problems.empty());
  auto found = test::collect(book, {line});
  const auto all = judge(found, setting);
  REQUIRE(all.size() == 1);
  return make_plan(all[0], book);
}

// "repair: mkdir -- /x" for each step.
Texts shown(const std::vector<Step>& steps) {
  Texts all;
  for (const auto& step : steps) {
    std::string text = std::string(phase_name(step.phase)) + ": ";
    if (const auto* command = std::get_if<Command>(&step.action)) text += shell_line(command->argv());
    if (const auto* file = std::get_if<FileWrite>(&step.action)) text += "> " + file->path();
    if (const auto* manual = std::get_if<Manual>(&step.action)) text += "(" + manual->text + ")";
    all.push_back(text);
  }
  return all;
}

}  // namespace

TEST_CASE("a plan looks, repairs, makes it last, verifies, and can be taken back in reverse", "[plan]") {
  const auto plan = plan_of(rule(kHead + R"json(,
      "verify": [{"why": "v", "run": ["true", "v"]}],
      "persist": [{"why": "p", "write": {"path": "/etc/x.conf", "mode": "0644", "owner": "root", "group": "root", "content": ["{dir}"]}}],
      "repair": [{"why": "r1", "run": ["mkdir", "--", "{dir}"], "undo": ["rmdir", "--", "{dir}"]},
                 {"why": "r2", "run": ["touch", "{dir}/f"], "undo": "Nothing to take back from {dir}."}],
      "inspect": [{"why": "i", "run": ["ls", "{dir}"], "expect": {"exit": [0, 2]}}]})json"));
  CHECK(shown(plan.steps) == Texts{"inspect: ls /run/x", "repair: mkdir -- /run/x", "repair: touch /run/x/f",
                                   "persist: > /etc/x.conf", "verify: true v", "undo: rm -f -- /etc/x.conf",
                                   "undo: rmdir -- /run/x"});
  CHECK(plan.steps[2].undo_note == "Nothing to take back from /run/x.");
  REQUIRE(plan.steps[0].expect.has_value());
  CHECK(plan.steps[0].expect->exits == std::vector<int>{0, 2});
  CHECK(plan.steps[0].risk == Risk::none);
  CHECK(plan.steps[1].risk == Risk::low);
  CHECK(plan.missing.empty());
}

TEST_CASE("a case's steps come before the rule's, and a remedy's after them", "[plan]") {
  const std::string remedy = R"json({"name": "make", "parameters": {"folder": "path"},
      "repair": [{"why": "m", "run": ["mkdir", "--", "{folder}"], "undo": ["rmdir", "--", "{folder}"]}]})json";
  const auto plan = plan_of(rule(kHead + R"json(, "repair": [{"why": "r", "run": ["first"], "undo": "u"}],
      "remedies": [{"name": "make", "with": {"folder": "{dir}"}}]})json",
                                 R"json(, "repair": [{"why": "s", "run": ["shared"], "undo": "u"}])json"),
                            {remedy});
  CHECK(shown(plan.steps) ==
        Texts{"repair: first", "repair: mkdir -- /run/x", "repair: shared", "undo: rmdir -- /run/x"});
}

TEST_CASE("only steps whose condition holds are taken", "[plan]") {
  const std::string rule_json = rule(kHead + R"json(, "repair": [
      {"why": "r", "where": {"platform": "rhel"}, "run": ["red"], "undo": "u"},
      {"why": "d", "where": {"platform": "debian"}, "run": ["deb"], "undo": "u"}],
      "notes": ["always", {"text": "red", "where": {"platform": "rhel"}}, {"text": "deb", "where": {"platform": "debian"}},
                "always"]})json");
  CHECK(shown(plan_of(rule_json).steps) == Texts{"repair: red"});
  CHECK(plan_of(rule_json).notes == Texts{"always", "red"});
  CHECK(shown(plan_of(rule_json, {}, "AH99001: no /run/x", "debian").steps) == Texts{"repair: deb"});
}

TEST_CASE("the same step is taken once", "[plan]") {
  const auto plan = plan_of(rule(kHead + R"json(, "repair": [
      {"why": "a", "run": ["mkdir", "{dir}"], "undo": ["rmdir", "{dir}"]}, {"why": "b", "run": ["mkdir", "/run/x"], "undo": ["rmdir", "{dir}"]}],
      "verify": [{"why": "c", "run": ["mkdir", "{dir}"]}]})json"));
  CHECK(shown(plan.steps) == Texts{"repair: mkdir /run/x", "verify: mkdir /run/x", "undo: rmdir /run/x"});
}

TEST_CASE("no command is made of what was refused", "[plan]") {
  const std::string steps = kHead + R"json(, "repair": [
      {"why": "r", "run": ["mkdir", "--", "{dir}"], "undo": ["rmdir", "--", "{dir}"]},
      {"why": "o", "run": ["chmod", "0755", "{dir}"], "otherwise": "See to {dir} yourself.", "undo": "u"}],
      "persist": [{"why": "p", "write": {"path": "/etc/x.conf", "mode": "0644", "owner": "root", "group": "root", "content": ["d {dir}"]}}]})json";
  for (const std::string path : {"/run/../etc", "/run/a\\nb", "/run//x", "/run/\xE2\x80\xAEx", "/run/\\x1b[2J"}) {
    const auto plan = plan_of(rule(steps), {}, "AH99001: no " + path);
    CAPTURE(path, shown(plan.steps));
    REQUIRE(plan.steps.size() == 3);
    for (const auto& step : plan.steps) CHECK(std::holds_alternative<Manual>(step.action));
    CHECK(plan.missing == Texts{"dir"});
    CHECK(std::get<Manual>(plan.steps[1].action).text.starts_with("See to /run/"));
  }
}

TEST_CASE("a person sees what was refused without its control bytes", "[plan]") {
  const auto plan = plan_of(rule(kHead + R"json(, "repair": [
      {"why": "r {dir}", "run": ["mkdir", "--", "{dir}"], "undo": "u"}, {"why": "d", "do": "Look at {dir}."}]})json"),
                            {}, "AH99001: no /run/\x1B[2J\xE2\x80\xAEx");
  for (const auto& step : plan.steps) {
    const auto& text = std::get<Manual>(step.action).text;
    CHECK(text.find('\x1B') == std::string::npos);
    CHECK(text.find("\xE2\x80\xAE") == std::string::npos);
    CHECK(step.why.find('\x1B') == std::string::npos);
  }
}

TEST_CASE("free text is in no command", "[plan]") {
  const auto plan =
      plan_of(rule(kHead + R"json(, "repair": [{"why": "r", "run": ["echo", "{said}"], "undo": "u"}]})json"), {},
              "AH99001: no /run/x said $(id)");
  REQUIRE(plan.steps.size() == 1);
  CHECK(std::holds_alternative<Manual>(plan.steps[0].action));
  CHECK(plan.missing == Texts{"said"});
}

TEST_CASE("a fact that nobody tells makes a step manual and is named", "[plan]") {
  const auto plan = plan_of(rule(kHead + R"json(, "repair": [{"why": "r", "run": ["{restart}"], "undo": "u"},
      {"why": "s", "run": ["ls", "{lock_dir}"], "undo": "u"}, {"why": "t", "run": ["cat", "{lock_dir}"], "undo": "u"}]})json"),
                            {}, "AH99001: no /run/x", "generic");
  REQUIRE(plan.steps.size() >= 2);
  CHECK(shown(plan.steps)[0] == "repair: apachectl restart");
  CHECK(std::holds_alternative<Manual>(plan.steps[1].action));
  CHECK(plan.missing == Texts{"lock_dir"});
}

TEST_CASE("what was not done needs no undoing", "[plan]") {
  const auto plan = plan_of(rule(kHead + R"json(, "repair": [
      {"why": "r", "run": ["ls", "{lock_dir}"], "undo": ["rmdir", "--", "/x"]}]})json"),
                            {}, "AH99001: no /run/x", "generic");
  for (const auto& step : plan.steps) CHECK(step.phase != Phase::undo);
}

TEST_CASE("a plan says in one sentence what it does", "[plan]") {
  CHECK(plan_of(rule(kHead + R"json(, "summary": "Make {dir}."})json")).summary == "Make /run/x.");
  CHECK(plan_of(rule(kHead + R"json(, "inspect": [{"why": "Look.", "do": "x"}],
      "repair": [{"why": "Create it.", "do": "y"}]})json"))
            .summary == "Create it.");
  CHECK(plan_of(rule(kHead + R"json(, "inspect": [{"why": "Look.", "do": "x"}]})json")).summary == "Look.");
}

TEST_CASE("other causes are alternatives with their own steps", "[plan]") {
  const auto plan = plan_of(rule(kHead + R"json(, "repair": [{"why": "r", "run": ["one"], "undo": "u"}]},
      {"id": "b", "class": "permission-denied", "cause": "because of {dir}", "summary": "Do two.",
       "repair": [{"why": "r", "run": ["two"], "undo": ["three"]}]})json"));
  CHECK(shown(plan.steps) == Texts{"repair: one"});
  REQUIRE(plan.alternatives.size() == 1);
  CHECK(plan.alternatives[0].title == "Do two.");
  CHECK(plan.alternatives[0].when.find("because of /run/x") != std::string::npos);
  CHECK(shown(plan.alternatives[0].steps) == Texts{"repair: two", "undo: three"});
}

TEST_CASE("another way to make it last is an alternative", "[plan]") {
  const std::string remedy = R"json({"name": "last", "parameters": {"folder": "path"},
      "persist": [{"why": "t", "where": {"persist": "tmpfiles"}, "run": ["tmpfiles", "{folder}"], "undo": "u"},
                  {"why": "u", "where": {"persist": "unit"}, "run": ["unit", "{folder}"], "undo": "u"}],
      "alternatives": [{"title": "A line", "when": "usual", "set": {"persist": "tmpfiles"}},
                       {"title": "A unit for {folder}", "when": "rare", "set": {"persist": "unit"}},
                       {"title": "Elsewhere", "when": "never", "set": {"persist": "unit"}, "where": {"platform": "debian"}}]})json";
  const auto plan =
      plan_of(rule(kHead + R"json(, "remedies": [{"name": "last", "with": {"folder": "{dir}"}}]})json"), {remedy});
  CHECK(shown(plan.steps) == Texts{"persist: tmpfiles /run/x"});
  REQUIRE(plan.alternatives.size() == 1);
  CHECK(plan.alternatives[0].title == "A unit for /run/x");
  CHECK(plan.alternatives[0].when == "rare");
  CHECK(shown(plan.alternatives[0].steps) == Texts{"persist: unit /run/x"});
}

TEST_CASE("remedies that use each other come to an end", "[plan]") {
  const std::string first =
      R"json({"name": "one", "repair": [{"why": "1", "run": ["one"], "undo": "u"}], "remedies": [{"name": "two"}]})json";
  const std::string second =
      R"json({"name": "two", "repair": [{"why": "2", "run": ["two"], "undo": "u"}], "remedies": [{"name": "one"}]})json";
  const auto plan = plan_of(rule(kHead + R"json(, "remedies": [{"name": "one"}]})json"), {first, second});
  CHECK(shown(plan.steps) == Texts{"repair: one", "repair: two"});
}

TEST_CASE("a value with blanks stays one word of the plan", "[plan]") {
  const auto plan =
      plan_of(rule(kHead + R"json(, "repair": [{"why": "r", "run": ["mkdir", "--", "{dir}"], "undo": "u"}]})json"), {},
              "AH99001: no /srv/my site; reboot");
  REQUIRE(plan.steps.size() == 1);
  const auto* command = std::get_if<Command>(&plan.steps[0].action);
  REQUIRE(command != nullptr);
  CHECK(Texts(command->argv().begin(), command->argv().end()) == Texts{"mkdir", "--", "/srv/my site; reboot"});
}
