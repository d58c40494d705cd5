#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "cli/run.h"
#include "report/report.h"
#include "support.h"

using namespace ahdiag;
using nlohmann::json;
using Texts = std::vector<std::string>;

namespace {

const std::string kRule = R"json({
  "id": "AH99001", "title": "no {dir}", "severity": "critical", "effect": "e {dir}",
  "match": {"code": "AH99001", "message": "no (?P<dir>/.*)"},
  "slots": {"dir": {"type": "path"}}, "path": "dir", "subject": {"kind": "path", "value": "dir"},
  "consequences": [{"code": "AH99002", "means": "two"}],
  "cases": [
    {"id": "gone", "when": {"errno": ["ENOENT", "none"]}, "class": "missing-directory", "certainty": "certain", "cause": "c {dir}",
     "repair": [{"why": "w", "run": ["mkdir", "--", "{dir}"], "undo": ["rmdir", "--", "{dir}"], "expect": {"exit": [0, 1]}}],
     "persist": [{"why": "p", "write": {"path": "/etc/x.conf", "mode": "0640", "owner": "root", "group": "wheel", "content": ["{dir}"]}}],
     "verify": [{"why": "v", "do": "look", "user": "any"}], "notes": ["n {dir}"]},
    {"id": "other", "class": "unknown-error", "severity": "warning", "cause": "c"}
  ],
  "references": ["https://example.com/"]
})json";

const std::string kNotice = R"json({
  "id": "AH99003", "title": "t", "severity": "notice", "effect": "e", "match": {"code": "AH99003"},
  "cases": [{"id": "only", "class": "unknown-error", "cause": "c"}]
})json";

// The report of one run over these lines, read back.
json report_of(const Texts& lines, Severity min_severity = Severity::notice, const std::string& name = "error.log") {
  static test::Files files;
  static const RuleBook book = [] {
    files.add("test/AH99001.json", kRule).add("test/AH99003.json", kNotice);
    return files.book();
  }();
  const Feed feed = [&](const Listener& listener) {
    Reading reading;
    listener.begin(name);
    for (const auto& line : lines) {
      reading.bytes += line.size() + 1;
      listener.line({line, ++reading.lines, 0});
    }
    listener.end(reading);
  };
  Problems problems;
  Request request;
  request.setting.platform = "rhel";
  request.min_severity = min_severity;
  const auto report = diagnose(book, feed, request, problems);
  REQUIRE(problems.empty());
  const std::string text = to_json(report);
  CHECK(text.ends_with("}\n"));
  return json::parse(text);
}

const std::string kStamp = "[Wed Mar 13 07:02:11.000001 2024] [core:error] [pid 22:tid 23] ";
const std::string kGone = kStamp + "(2)No such file or directory: AH99001: no /run/x";

}  // namespace

TEST_CASE("an empty log is well, and the report has all of its members", "[report][json]") {
  const auto report = report_of({});
  CHECK(report["schema_version"] == "1.0");
  CHECK(report["status"] == "ok");
  CHECK(report["tool"]["name"] == "ahdiag");
  CHECK(report["tool"]["rules"].get<int>() > 2);
  CHECK(report["incidents"] == json::array());
  CHECK(report["unmatched"] == json::array());
  CHECK(report["suppressed"] == json{{"notices", 0}, {"over_limits", 0}});
  REQUIRE(report["input"].size() == 1);
  CHECK(report["input"][0]["format"] == "empty");
  CHECK(report["input"][0]["first"].is_null());
  CHECK(report["input"][0]["error"].is_null());
}

TEST_CASE("an input says what was read", "[report][json]") {
  const auto report = report_of({kGone, "raw words", "[Wed Mar 13 07:02:12.5 2024] [core:notice] [pid 1] AH00489: x"});
  const auto& input = report["input"][0];
  CHECK(input["name"] == "error.log");
  CHECK(input["format"] == "httpd-2.4");
  CHECK(input["lines"] == 3);
  CHECK(input["entries"] == 3);
  CHECK(input["unparsed"] == 1);
  CHECK(input["first"] == "2024-03-13T07:02:11.000001");
  CHECK(input["last"] == "2024-03-13T07:02:12.5");
}

TEST_CASE("an incident says what, why, where, how often and what to do", "[report][json]") {
  const auto report = report_of({kGone, kStamp + "AH99002: x", kGone});
  CHECK(report["status"] == "critical");
  CHECK(report["platform"]["id"] == "rhel");
  CHECK(report["platform"]["source"] == "option");
  CHECK(report["platform"]["facts"]["service"] == "httpd");
  CHECK(report["platform"]["facts"]["restart"] == "systemctl restart httpd");
  REQUIRE(report["incidents"].size() == 1);
  const auto& one = report["incidents"][0];
  CHECK(one["rule"] == "AH99001");
  CHECK(one["case"] == "gone");
  CHECK(one["code"] == "AH99001");
  CHECK(one["title"] == "no /run/x");
  CHECK(one["effect"] == "e /run/x");
  CHECK(one["severity"] == "critical");
  CHECK(one["confidence"] == "certain");
  CHECK(one["module"] == "core");
  CHECK(one["level"] == "error");
  CHECK(one["errno"] == json{{"number", 2}, {"name", "ENOENT"}, {"text", "No such file or directory"}, {"kind", "os"}});
  CHECK(one["path"] == "/run/x");
  CHECK(one["subject"] == json{{"kind", "path"}, {"value", "/run/x"}});
  CHECK(one["cause"] == json{{"class", "missing-directory"}, {"text", "c /run/x"}});
  CHECK(one["captures"] == json{{"dir", "/run/x"}});
  CHECK(one["refused"] == json::array());
  CHECK(one["count"] == 2);
  CHECK(one["first_seen"] == "2024-03-13T07:02:11.000001");
  CHECK(one["references"] == json::array({"https://example.com/"}));
  REQUIRE(one["candidates"].size() == 1);
  CHECK(one["candidates"][0]["case"] == "gone");
  REQUIRE(one["consequences"].size() == 1);
  CHECK(one["consequences"][0]["code"] == "AH99002");
  CHECK(one["consequences"][0]["title"] == "two");
  CHECK(one["consequences"][0]["rule"].is_null());
}

TEST_CASE("the marks of an evidence are bytes of its text", "[report][json]") {
  const auto report = report_of({kGone});
  const auto& evidence = report["incidents"][0]["evidence"][0];
  CHECK(evidence["source"] == "error.log");
  CHECK(evidence["line"] == 1);
  CHECK(evidence["pid"] == 22);
  const auto text = evidence["text"].get<std::string>();
  CHECK(text == kGone);
  Texts parts;
  for (const auto& span : evidence["spans"]) {
    const auto start = span["start"].get<std::size_t>();
    parts.push_back(span["what"].get<std::string>() + "=" + text.substr(start, span["end"].get<std::size_t>() - start));
  }
  CHECK(parts == Texts{"errno=(2)No such file or directory", "code=AH99001", "path=/run/x"});
}

TEST_CASE("a plan is argv, files and words", "[report][json]") {
  const auto report = report_of({kGone});
  const auto& steps = report["incidents"][0]["plan"]["steps"];
  REQUIRE(steps.size() == 5);
  CHECK(steps[0]["phase"] == "repair");
  CHECK(steps[0]["kind"] == "command");
  CHECK(steps[0]["argv"] == json::array({"mkdir", "--", "/run/x"}));
  CHECK(steps[0]["shell"] == "mkdir -- /run/x");
  CHECK(steps[0]["expect"]["exit"] == json::array({0, 1}));
  CHECK(steps[0]["risk"] == "low");
  CHECK(steps[0]["root"] == true);
  CHECK(steps[1]["kind"] == "file");
  CHECK(steps[1]["path"] == "/etc/x.conf");
  CHECK(steps[1]["content"] == "/run/x\n");
  CHECK(steps[1]["mode"] == "0640");
  CHECK(steps[1]["group"] == "wheel");
  CHECK(steps[2]["kind"] == "manual");
  CHECK(steps[2]["text"] == "look");
  CHECK(steps[2]["root"] == false);
  CHECK(steps[3]["phase"] == "undo");
  CHECK(steps[3]["argv"] == json::array({"rm", "-f", "--", "/etc/x.conf"}));
  CHECK(steps[4]["argv"] == json::array({"rmdir", "--", "/run/x"}));
  CHECK(report["incidents"][0]["plan"]["notes"] == json::array({"n /run/x"}));
  CHECK(report["incidents"][0]["plan"]["missing"] == json::array());
}

TEST_CASE("what is not known is null, never left out", "[report][json]") {
  const auto report = report_of({"AH99001: no /run/x"});
  const auto& one = report["incidents"][0];
  for (const char* name : {"errno", "module", "level", "first_seen", "last_seen"}) {
    CAPTURE(name);
    REQUIRE(one.contains(name));
    CHECK(one[name].is_null());
  }
  CHECK(one["evidence"][0]["pid"].is_null());
  CHECK(one["evidence"][0]["time"].is_null());
}

TEST_CASE("bytes that are no UTF-8 do not break the report", "[report][json]") {
  const auto report = report_of({kStamp + "AH99001: no /run/\xE9\xFF\x1B[2J", kStamp + "words \xC3\x28 of no rule"},
                                Severity::notice, "a\xE9.log");
  CHECK(report["input"][0]["name"] == "a\\xe9.log");
  const auto& one = report["incidents"][0];
  REQUIRE(one["refused"].size() == 1);
  CHECK(one["refused"][0]["name"] == "dir");
  CHECK(one["refused"][0]["text"] == "/run/\\xe9\\xff\\x1b[2J");
  CHECK_FALSE(one["refused"][0]["why"].get<std::string>().empty());
  for (const auto& step : one["plan"]["steps"]) CHECK(step["kind"] == "manual");
  REQUIRE(report["unmatched"].size() == 1);
}

TEST_CASE("what no rule knows is counted in the report", "[report][json]") {
  const auto report = report_of({kStamp + "AH99011: x", kStamp + "AH99011: y"});
  CHECK(report["status"] == "ok");
  REQUIRE(report["unmatched"].size() == 1);
  CHECK(report["unmatched"][0]["code"] == "AH99011");
  CHECK(report["unmatched"][0]["module"] == "core");
  CHECK(report["unmatched"][0]["level"] == "error");
  CHECK(report["unmatched"][0]["count"] == 2);
  CHECK(report["unmatched"][0]["example"] == kStamp + "AH99011: x");
}

TEST_CASE("the status is the worst that was found, shown or not", "[report][json]") {
  CHECK(report_of({kStamp + "AH99003: x"})["status"] == "ok");
  CHECK(report_of({kStamp + "(13)Permission denied: AH99001: no /run/x"})["status"] == "warning");
  const auto hidden =
      report_of({kStamp + "(13)Permission denied: AH99001: no /run/x", kStamp + "AH99003: x"}, Severity::error);
  CHECK(hidden["incidents"] == json::array());
  CHECK(hidden["status"] == "warning");
  CHECK(hidden["suppressed"]["notices"] == 2);
}

TEST_CASE("a level has httpd's name, the fine ones too", "[report][json]") {
  const auto report = report_of({"[core:trace3] [pid 1] AH99001: no /run/x"});
  CHECK(report["incidents"][0]["level"] == "trace3");
}

TEST_CASE("the same log gives the same report", "[report][json]") {
  CHECK(report_of({kGone, kStamp + "AH99003: x"}) == report_of({kGone, kStamp + "AH99003: x"}));
}
