#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.h"
#include "diagnose/scope.h"
#include "rules/read_steps.h"
#include "support.h"

using namespace ahdiag;
using test::text;

namespace {

Condition condition(const std::string& json) {
  Problems problems;
  Condition read;
  Node::parse({"test.json", json, &problems}, [&](const Node& node) { read = read_condition(node); });
  CAPTURE(json, test::lines_of(problems));
  REQUIRE(problems.empty());
  return read;
}

struct Bench {
  Setting setting;
  std::set<std::string, std::less<>> seen{"AH00016", "closing"};

  Bench() {
    setting.platform = "rhel";
    setting.facts.emplace("init", test::fact("word", "systemd"));
    setting.facts.emplace("run_dir", test::fact("path", "/run/httpd"));
    setting.facts.emplace("service", test::fact("unit", "httpd"));
  }

  [[nodiscard]] Scope scope() const {
    Scope scope(setting, seen);
    scope.set_errno("ENOENT");
    scope.put("dir", test::slot("path", "/var/run/httpd"));
    scope.put("log", test::slot("path", "/var/log/httpd"));
    scope.put("said", test::slot("text", "words"));
    scope.refuse("climbs", {"/run/../etc", "it climbs"});
    return scope;
  }
};

}  // namespace

TEST_CASE("a condition holds if all of its members do", "[diagnose][scope]") {
  const Bench bench;
  const Scope scope = bench.scope();
  const std::vector<std::pair<std::string, bool>> rows = {
      {R"({})", true},
      {R"({"errno": "ENOENT"})", true},
      {R"({"errno": ["EACCES", "ENOENT"]})", true},
      {R"({"errno": "EACCES"})", false},
      {R"({"errno": "none"})", false},
      {R"({"platform": "rhel"})", true},
      {R"({"platform": ["debian", "generic"]})", false},
      {R"({"has": "dir"})", true},
      {R"({"has": ["dir", "log"]})", true},
      {R"({"has": ["dir", "climbs"]})", false},
      {R"({"has": "nothing"})", false},
      {R"({"lacks": "nothing"})", true},
      {R"({"lacks": ["nothing", "climbs"]})", true},
      {R"({"lacks": ["nothing", "dir"]})", false},
      {R"({"slot": {"dir": "/var/run/httpd"}})", true},
      {R"({"slot": {"dir": ["/x", "/var/run/httpd"]}})", true},
      {R"({"slot": {"dir": "/run/httpd"}})", false},
      {R"({"slot": {"climbs": "/run/../etc"}})", false},
      {R"({"below": {"dir": ["/run"]}})", true},
      {R"({"below": {"dir": ["/srv", "{run_dir}"]}})", true},
      {R"({"below": {"log": ["/run", "/var/run"]}})", false},
      {R"({"below": {"climbs": ["/run"]}})", false},
      {R"({"below": {"nothing": ["/run"]}})", false},
      {R"({"volatile": "dir"})", true},
      {R"({"volatile": "run_dir"})", true},
      {R"({"volatile": "log"})", false},
      {R"({"volatile": "climbs"})", false},
      {R"({"volatile": "nothing"})", false},
      {R"({"seen": "AH00016"})", true},
      {R"({"seen": ["AH00017", "closing"]})", true},
      {R"({"seen": "AH00017"})", false},
      {R"({"not": {"errno": "ENOENT"}})", false},
      {R"({"not": {"errno": "EACCES"}})", true},
      {R"({"not": {"errno": "ENOENT", "platform": "debian"}})", true},
      {R"({"not": {"not": {"errno": "ENOENT"}}})", true},
      {R"({"not": [{"errno": "EACCES"}, {"platform": "debian"}]})", true},
      {R"({"not": [{"errno": "EACCES"}, {"errno": "ENOENT"}]})", false},
      {R"({"speaker": "server"})", true},
      {R"({"speaker": "client"})", false},
      {R"({"count": 2})", false},
      {R"({"init": "systemd"})", true},
      {R"({"init": ["openrc", "systemd"]})", true},
      {R"({"init": "openrc"})", false},
      {R"({"selinux": "yes"})", false},
      {R"({"errno": "ENOENT", "platform": "rhel", "has": "dir"})", true},
      {R"({"errno": "ENOENT", "platform": "debian", "has": "dir"})", false},
  };
  for (const auto& [json, holds] : rows) {
    CAPTURE(json);
    CHECK(scope.holds(condition(json)) == holds);
  }
}

TEST_CASE("an entry without a status has the status none", "[diagnose][scope]") {
  const Bench bench;
  const Scope scope(bench.setting, bench.seen);
  CHECK(scope.holds(condition(R"({"errno": "none"})")));
  CHECK_FALSE(scope.holds(condition(R"({"errno": "ENOENT"})")));
}

TEST_CASE("a boundary that nobody has told holds nothing", "[diagnose][scope]") {
  const Bench bench;
  const Scope scope = bench.scope();
  CHECK_FALSE(scope.holds(condition(R"({"below": {"log": ["{lock_dir}"]}})")));
  CHECK_FALSE(scope.holds(condition(R"({"below": {"dir": ["{climbs}"]}})")));
}

TEST_CASE("prose shows slots, facts, and what was refused as it was logged", "[diagnose][scope]") {
  const Bench bench;
  Scope scope = bench.scope();
  CHECK(scope.prose(text("in {dir} of {service}: {said}")) == "in /var/run/httpd of httpd: words");
  CHECK(scope.prose(text("not {climbs}")) == "not /run/../etc");
  CHECK(scope.prose(text("{}${x}")) == "{}${x}");
  scope.set("restart", Fact::command(test::argv({"systemctl", "restart", "{service}", "a b"})));
  CHECK(scope.prose(text("run {restart}")) == "run systemctl restart httpd 'a b'");
}

TEST_CASE("prose never shows the braces of a hole that nothing fills", "[diagnose][scope]") {
  const Bench bench;
  const Scope scope = bench.scope();
  const auto shown = scope.prose(text("in {nowhere}."));
  CAPTURE(shown);
  CHECK(shown.find('{') == std::string::npos);
  CHECK(shown != "in .");
}

TEST_CASE("words and conditions see a slot before a fact of its name", "[diagnose][scope]") {
  const Bench bench;
  Scope scope = bench.scope();
  scope.put("run_dir", test::slot("path", "/srv/run"));
  CHECK(scope.prose(text("{run_dir}")) == "/srv/run");
  CHECK_FALSE(scope.holds(condition(R"({"volatile": "run_dir"})")));
}

TEST_CASE("a remedy's parameters stand for what it was called with", "[diagnose][scope]") {
  const Bench bench;
  const Scope outer = bench.scope();
  const Scope inner = outer.with(
      {{"where", text("{dir}")}, {"unit", text("{service}")}, {"bad", text("{climbs}")}, {"none", text("{nowhere}")}});
  REQUIRE(inner.slot("where") != nullptr);
  CHECK(inner.slot("where")->value() == "/var/run/httpd");
  CHECK(inner.prose(text("{unit}")) == "httpd");
  REQUIRE(inner.refused("bad") != nullptr);
  CHECK(inner.refused("bad")->logged == "/run/../etc");
  CHECK(inner.refused("bad")->why == "it climbs");
  CHECK(inner.refused("none") != nullptr);
  CHECK(inner.slot("none") == nullptr);
  CHECK(outer.slot("where") == nullptr);
}

TEST_CASE("a parameter hides a slot of its name", "[diagnose][scope]") {
  const Bench bench;
  const Scope outer = bench.scope();
  const Scope inner = outer.with({{"dir", text("{log}")}, {"log", text("{dir}")}});
  CHECK(inner.slot("dir")->value() == "/var/log/httpd");
  CHECK(inner.slot("log")->value() == "/var/run/httpd");
  Scope other = outer;
  other.refuse("run_dir", {"/run/x y", "it has a blank"});
  const Scope asked = other.with({{"dir", text("{run_dir}")}});
  CHECK(asked.fact("dir") == nullptr);  // the rule's own run_dir, which is refused, and not the platform's
  CHECK(asked.refused("dir") != nullptr);

  const Scope refused = outer.with({{"dir", text("{climbs}")}});
  CHECK(refused.slot("dir") == nullptr);
  CHECK(refused.refused("dir") != nullptr);
  CHECK_FALSE(refused.holds(condition(R"({"has": "dir"})")));
}
