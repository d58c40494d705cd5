#include "diagnose/judge.h"
#include "host_tree.h"
#include "support.h"

namespace ahdiag {
namespace {

using test::TestTree;

// A rule with three causes of one status, told apart by the machine.
std::string rule_with(const std::string& first, const std::string& second) {
  return R"json({"id": "test-look", "title": "t", "severity": "error", "effect": "e",
  "match": {"contains": "cannot use", "message": "cannot use (?P<file>\\S+)"},
  "slots": {"file": {"type": "path", "under": ["/srv"]}, "dir": {"dirname": "file"}},
  "subject": {"kind": "path", "value": "file"},
  "cases": [
    {"id": "first", "class": "missing-directory", )json" +
         first + R"json("cause": "c"},
    {"id": "second", "class": "permission-denied", )json" +
         second + R"json("cause": "c"},
    {"id": "third", "class": "bad-argument", "certainty": "possible", "cause": "c"}],
  "examples": []})json";
}

struct Settled {
  std::vector<std::string> cases;  // "second certain confirmed"
  std::vector<std::string> sightings;
};

Settled settled(const std::string& rule, const TestTree& tree, const std::string& path = "/srv/a/b") {
  test::Files files;
  const RuleBook book = files.add("test-look.json", rule).book();
  Collection collection =
      test::collect(book, {"[Wed Mar 13 07:02:11.000001 2024] [x:error] [pid 9] cannot use " + path});
  REQUIRE(collection.incidents.size() == 1);
  Problems problems;
  const Setting setting =
      choose_setting(book.platforms(), Signs(book.platforms()), {"debian", {}, "", nullptr}, problems);
  Host host = tree.host();
  const auto all = judge(collection, setting, &host);
  Settled result;
  for (const auto& one : all.front().candidates) {
    result.cases.push_back(one.cause->id + " " + std::string(certainty_name(one.certainty)) + " " +
                           std::string(verdict_name(one.verdict)));
    for (const auto& sighting : one.sightings) result.sightings.push_back(sighting.text);
  }
  for (const auto& sighting : all.front().sightings) result.sightings.push_back(sighting.text);
  return result;
}

using Cases = std::vector<std::string>;
const std::string kMissing = R"("confirm": [{"missing": "{dir}"}], )";
const std::string kRefused = R"("confirm": [{"refuses": {"path": "{dir}", "user": "www-data"}}], )";
const std::string kPasswd = "www-data:x:33:33::/:/bin/sh\n";

TEST_CASE("what is seen is certain, what is not so is last") {
  CHECK(settled(rule_with(kMissing, kRefused), TestTree().directory("/srv").file("/etc/passwd", kPasswd)).cases ==
        Cases{"first certain confirmed", "third possible open", "second possible refuted"});
  CHECK(
      settled(rule_with(kMissing, kRefused), TestTree().directory("/srv/a", 0700).file("/etc/passwd", kPasswd)).cases ==
      Cases{"second certain confirmed", "third possible open", "first possible refuted"});
}

TEST_CASE("what could not be seen leaves the cause open") {
  const auto one = settled(rule_with(kMissing, kRefused), TestTree().directory("/srv/a"));  // no such user
  CHECK(one.cases == Cases{"second likely open", "third possible open", "first possible refuted"});
}

TEST_CASE("what refutes proves nothing by its absence") {
  const std::string refute = R"("refute": [{"exists": "{file}"}], )";
  CHECK(settled(rule_with(refute, ""), TestTree().file("/srv/a/b", "")).cases.back() == "first possible refuted");
  CHECK(settled(rule_with(refute, ""), TestTree().directory("/srv")).cases.front() == "first likely open");
}

TEST_CASE("looks may be turned round") {
  const std::string turned = R"("confirm": [{"not": {"missing": "{file}"}}], )";
  CHECK(settled(rule_with(turned, ""), TestTree().file("/srv/a/b", "")).cases.front() == "first certain confirmed");
}

TEST_CASE("a path that the rule refuses is not looked at") {
  const auto one = settled(rule_with(kMissing, ""), TestTree().directory("/etc"), "/etc/shadow");
  CHECK(one.cases.front() == "first likely open");
  REQUIRE(one.sightings.size() == 1);
  CHECK(one.sightings.front().find("not looked at '/etc") == 0);
}

TEST_CASE("without looks the subject is told") {
  const auto one = settled(rule_with("", ""), TestTree().directory("/srv"));
  REQUIRE(one.sightings.size() == 1);
  CHECK(one.sightings.front() == "/srv/a/b does not exist: /srv/a is missing");
}

TEST_CASE("a look that no machine understands is a fault of the rule") {
  for (const std::string wrong : {R"("confirm": [{"nosuch": "{dir}"}], )", R"("confirm": [{"label": "{dir}"}], )",
                                  R"("confirm": [{"refuses": {"paht": "{dir}"}}], )"}) {
    Problems problems;
    const std::string text = rule_with(wrong, "");
    CHECK_FALSE(read_rule({"test-look.json", text}, problems).has_value());
    CHECK_FALSE(problems.empty());
  }
}

}  // namespace
}  // namespace ahdiag
