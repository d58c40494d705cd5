#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "diagnose/judge.h"
#include "support.h"

using namespace ahdiag;
using Texts = std::vector<std::string>;

namespace {

const std::string kRule = R"json({
  "id": "AH99001", "title": "no {dir}", "severity": "critical", "effect": "e {dir}",
  "match": {"code": "AH99001", "message": "no (?P<file>/.*)"},
  "slots": {"file": {"type": "path", "under": ["{run_dir}"]}, "dir": {"dirname": "file"}},
  "path": "file", "subject": {"kind": "path", "value": "dir"},
  "cases": [
    {"id": "gone", "when": {"errno": "ENOENT"}, "class": "missing-directory", "cause": "c"},
    {"id": "denied", "when": {"errno": "EACCES"}, "class": "permission-denied", "severity": "warning", "title": "denied {dir}", "cause": "c"},
    {"id": "label", "when": {"errno": "EACCES", "selinux": "yes"}, "class": "selinux-denied", "cause": "c"},
    {"id": "other", "class": "unknown-error", "cause": "c"}
  ]
})json";

const std::string kPlain = R"json({
  "id": "AH99002", "title": "t", "severity": "critical", "effect": "e", "match": {"code": "AH99002"},
  "cases": [{"id": "only", "when": {"errno": "EPERM"}, "class": "permission-denied", "cause": "c"}]
})json";

struct Run {
  test::Files files;
  RuleBook book;
  Setting setting;
  Collection found;
  std::vector<Diagnosis> all;

  explicit Run(const Texts& lines, const std::string& platform = "rhel", const Texts& rules = {kRule, kPlain})
      : book(load(files, rules)) {
    Problems problems;
    setting = choose_setting(book.platforms(), Signs(book.platforms()), {platform, {}, ""}, problems);
    REQUIRE(problems.empty());
    found = test::collect(book, lines);
    all = judge(found, setting);
  }

 private:
  static RuleBook load(test::Files& files, const Texts& rules) {
    constexpr std::string_view kId = "\"id\": \"";
    for (const auto& rule : rules) {
      const auto at = rule.find(kId) + kId.size();
      files.add("test/" + rule.substr(at, rule.find('"', at) - at) + ".json", rule);
    }
    return files.book();
  }
};

Texts cases(const Diagnosis& diagnosis) {
  Texts ids;
  for (const auto& one : diagnosis.candidates) ids.push_back(one.cause->id);
  return ids;
}

const std::string kGone = "(2)No such file or directory: AH99001: no /run/httpd/x";
const std::string kDenied = "(13)Permission denied: AH99001: no /run/httpd/x";

}  // namespace

TEST_CASE("the status picks the cause", "[diagnose][judge]") {
  const Run gone({kGone});
  REQUIRE(gone.all.size() == 1);
  CHECK(cases(gone.all[0]) == Texts{"gone"});
  CHECK(gone.all[0].severity == Severity::critical);
  CHECK(gone.all[0].scope.errno_name() == "ENOENT");

  const Run denied({kDenied});
  REQUIRE(denied.all.size() == 1);
  CHECK(cases(denied.all[0]) == Texts{"denied", "label"});
  CHECK(denied.all[0].severity == Severity::warning);
  CHECK(cases(Run({kDenied}, "debian").all.at(0)) == Texts{"denied"});
}

TEST_CASE("the last resort is reported where nothing else fits", "[diagnose][judge]") {
  CHECK(cases(Run({"(28)No space left on device: AH99001: no /run/httpd/x"}).all.at(0)) == Texts{"other"});
  CHECK(cases(Run({"AH99001: no /run/httpd/x"}).all.at(0)) == Texts{"other"});
  CHECK(cases(Run({"AH99002: x"}).all.at(0)) == Texts{"only"});
}

TEST_CASE("a status has its name by the platform's numbers", "[diagnose][judge]") {
  CHECK(Run({"(35)Irgendein Text: AH99001: no /var/run/x"}, "freebsd").all.at(0).scope.errno_name() == "EAGAIN");
  CHECK(Run({"(35)Irgendein Text: AH99001: no /run/httpd/x"}).all.at(0).scope.errno_name() == "EDEADLK");
}

TEST_CASE("slots are accepted, or refused with a reason", "[diagnose][judge]") {
  const Run fine({kGone});
  const Scope& scope = fine.all.at(0).scope;
  REQUIRE(scope.slot("file") != nullptr);
  CHECK(scope.slot("file")->value() == "/run/httpd/x");
  REQUIRE(scope.slot("dir") != nullptr);
  CHECK(scope.slot("dir")->value() == "/run/httpd");
  CHECK(scope.all_refused().empty());

  const Run elsewhere({"AH99001: no /etc/passwd"});
  const Scope& refused = elsewhere.all.at(0).scope;
  CHECK(refused.slot("file") == nullptr);
  REQUIRE(refused.refused("file") != nullptr);
  CHECK(refused.refused("file")->logged == "/etc/passwd");
  CHECK_FALSE(refused.refused("file")->why.empty());
}

TEST_CASE("what is derived from a refused slot is refused as well", "[diagnose][judge]") {
  for (const std::string path : {"/etc/passwd", "/run/httpd/../../etc/passwd", "/run/httpd/\\n/x"}) {
    const Run run({"AH99001: no " + path});
    CAPTURE(path);
    CHECK(run.all.at(0).scope.slot("file") == nullptr);
    CHECK(run.all.at(0).scope.slot("dir") == nullptr);
  }
}

TEST_CASE("a path whose boundary nobody has told is refused", "[diagnose][judge]") {
  const Run run({"AH99001: no /etc/passwd"}, "generic");
  REQUIRE(run.setting.facts.count("run_dir") == 0);
  CHECK(run.all.at(0).scope.slot("file") == nullptr);
}

TEST_CASE("a refused text is no boundary", "[diagnose][judge]") {
  const std::string rule = R"json({
    "id": "AH99003", "title": "t", "severity": "error", "effect": "e",
    "match": {"code": "AH99003", "message": "(?P<base>\\S+) (?P<file>/.*)"},
    "slots": {"base": {"type": "path", "under": ["/run"]}, "file": {"type": "path", "under": ["{base}"]}},
    "cases": [{"id": "a", "class": "unknown-error", "cause": "c"}]
  })json";
  const Run fine({"AH99003: /run/x /run/x/y"}, "rhel", {rule});
  REQUIRE(fine.all.at(0).scope.slot("file") != nullptr);
  const Run bad({"AH99003: /etc /etc/passwd"}, "rhel", {rule});
  CHECK(bad.all.at(0).scope.slot("base") == nullptr);
  CHECK(bad.all.at(0).scope.slot("file") == nullptr);
}

TEST_CASE("a relative path lies under ServerRoot", "[diagnose][judge]") {
  const std::string rule = R"json({
    "id": "AH99003", "title": "t", "severity": "error", "effect": "e",
    "match": {"code": "AH99003", "message": "(?P<logged>.*)"},
    "slots": {"logged": {"type": "text"}, "file": {"resolve": "logged"}, "dir": {"dirname": "file"}},
    "cases": [{"id": "a", "class": "unknown-error", "cause": "c"}]
  })json";
  const Run relative({"AH99003: logs/x"}, "rhel", {rule});
  REQUIRE(relative.all.at(0).scope.slot("file") != nullptr);
  CHECK(relative.all.at(0).scope.slot("file")->value() == "/etc/httpd/logs/x");
  REQUIRE(relative.all.at(0).scope.slot("dir") != nullptr);
  CHECK(relative.all.at(0).scope.slot("dir")->value() == "/etc/httpd/logs");
  const Run absolute({"AH99003: /srv/x"}, "rhel", {rule});
  REQUIRE(absolute.all.at(0).scope.slot("file") != nullptr);
  CHECK(absolute.all.at(0).scope.slot("file")->value() == "/srv/x");
  const Run climbing({"AH99003: ../../etc/passwd"}, "rhel", {rule});
  CHECK(climbing.all.at(0).scope.slot("file") == nullptr);
  CHECK(Run({"AH99003: logs/x"}, "generic", {rule}).all.at(0).scope.slot("file") == nullptr);
}

TEST_CASE("the worst stands first, of equals the one that came first", "[diagnose][judge]") {
  const Run run({kDenied, "AH99002: x", kGone, "AH99001: no /run/httpd/y/x"});
  Texts order;
  for (const auto& one : run.all) order.push_back(one.incident.rule->id + "/" + one.candidates.front().cause->id);
  CHECK(order == Texts{"AH99002/only", "AH99001/gone", "AH99001/other", "AH99001/denied"});
}

TEST_CASE("the same cause on the same subject has the same id in every run", "[diagnose][judge]") {
  const std::string id = Run({kGone}).all.at(0).id;
  CHECK(id.size() == 16);
  CHECK(Run({"AH99002: x", "[Sun Nov 22 15:00:01.000000 2026] [core:error] [pid 9] " + kGone, kGone}).all.at(1).id ==
        id);
  CHECK(Run({kDenied}).all.at(0).id != id);
  CHECK(Run({"(2)No such file or directory: AH99001: no /run/httpd/y/x"}).all.at(0).id != id);
}

TEST_CASE("a path that is no UTF-8 is shown, never taken", "[diagnose][judge]") {
  const Run run({"AH99001: no /run/httpd/\\xe9"});
  CHECK(run.all.at(0).scope.slot("file") == nullptr);
  REQUIRE(run.all.at(0).scope.refused("file") != nullptr);
  CHECK(run.all.at(0).scope.refused("file")->logged == "/run/httpd/\\xe9");
}

TEST_CASE("what is known of the place of a configuration error is told", "[diagnose][judge]") {
  const std::string rule = R"json({
    "id": "inside", "title": "in {config_place}", "severity": "critical", "effect": "e",
    "match": {"within": "config-error", "contains": "Peculiar", "message": "Peculiar.*"},
    "cases": [{"id": "only", "class": "bad-argument", "cause": "c"}]
  })json";
  const auto title = [&](const std::string& line) { return Run({line}, "rhel", {rule}).all.at(0).title; };
  CHECK(title("AH00526: Syntax error on line 12 of /etc/httpd/x.conf: Peculiar") == "in line 12 of /etc/httpd/x.conf");
  CHECK(title("/srv/www/.htaccess: Peculiar") == "in /srv/www/.htaccess");
  CHECK(title("Peculiar") == "in the configuration file that the message names");
}
