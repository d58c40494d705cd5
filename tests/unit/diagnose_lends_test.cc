#include <string>
#include <vector>

#include "catch.h"
#include "diagnose/collector.h"
#include "support.h"

using namespace ahdiag;
using Texts = std::vector<std::string>;

namespace {

std::string rule(const std::string& id, const std::string& rest) {
  return R"j({"id": ")j" + id + R"j(", "title": "t", "severity": "error", "effect": "e",
    "cases": [{"id": "a", "class": "unknown-error", "cause": "c"}], )j" +
         rest + "}";
}

// AH99001 takes file and status from AH99002, and the address from what AH99003, a mere trace, says; it may itself be a
// consequence of AH99004.
const RuleBook& shared_book() {
  static const RuleBook book = [] {
    static test::Files files;
    files.add(
        "test/AH99001.json",
        rule("AH99001", R"j("match": {"code": "AH99001", "origin": "any", "message": "failed(?: on (?P<file>/.*))?"},
                "slots": {"file": {"type": "path", "from": "server"}, "uri": {"type": "text"}},
                "subject": {"kind": "path", "value": "file"}, "same": [],
                "consequences": [{"rule": "AH99002", "lends": ["file", "errno"]},
                                 {"rule": "AH99003", "lends": ["uri"]}])j"));
    files.add("test/AH99002.json",
              rule("AH99002", R"j("match": {"code": "AH99002", "origin": "any", "message": "(?P<file>/.*)"},
                "slots": {"file": {"type": "path"}})j"));
    files.add("test/AH99003.json", rule("AH99003", R"j("standing": "context",
                "match": {"code": "AH99003", "origin": "any", "message": "asking (?P<uri>.*)"},
                "slots": {"uri": {"type": "text"}})j"));
    files.add("test/AH99004.json",
              rule("AH99004", R"j("match": {"code": "AH99004"}, "consequences": [{"rule": "AH99001"}])j"));
    return files.book();
  }();
  return book;
}

std::string line(int pid, const std::string& text) { return "[core:error] [pid " + std::to_string(pid) + "] " + text; }

// "AH99001 file=/a errno=2" for each incident.
Texts shown(const Collection& found) {
  Texts all;
  for (const auto& one : found.incidents) {
    std::string text = one.rule->id;
    for (const auto& [name, value] : one.captures) text += " " + name + "=" + value;
    if (one.status) text += " errno=" + std::to_string(one.status->number);
    all.push_back(text);
  }
  return all;
}

Texts of(const Texts& lines) { return shown(test::collect(shared_book(), lines)); }

}  // namespace

TEST_CASE("a failure takes from its consequence what its own entry lacks", "[diagnose][lends]") {
  CHECK(of({line(1, "AH99001: failed"), line(1, "(2)No such file or directory: AH99002: /a")}) ==
        Texts{"AH99001 file=/a errno=2"});
  CHECK(of({line(1, "(2)No such file or directory: AH99002: /a"), line(1, "AH99001: failed")}) ==
        Texts{"AH99001 file=/a errno=2"});
  CHECK(of({line(1, "AH99001: failed"), line(2, "(2)No such file or directory: AH99002: /a")}) ==
        Texts{"AH99001", "AH99002 file=/a errno=2"});
}

TEST_CASE("what the failure says itself stays, and the first that lends wins", "[diagnose][lends]") {
  CHECK(of({line(1, "(13)Permission denied: AH99001: failed on /own"),
            line(1, "(2)No such file or directory: AH99002: /a")}) == Texts{"AH99001 file=/own errno=13"});
  CHECK(of({line(1, "AH99001: failed"), line(1, "AH99002: /a"), line(1, "AH99002: /b")}) == Texts{"AH99001 file=/a"});
}

TEST_CASE("a visitor's words are not lent to a slot of the server", "[diagnose][lends]") {
  const std::string visitor = "[core:error] [pid 1] [client 192.0.2.1:5] ";
  CHECK(of({line(1, "AH99001: failed"), visitor + "AH99002: /a"}) == Texts{"AH99001"});
  CHECK(of({line(1, "AH99001: failed"), visitor + "AH99003: asking /a"}) == Texts{"AH99001 uri=/a"});
}

TEST_CASE("a trace lends and is nothing by itself", "[diagnose][lends]") {
  CHECK(of({line(1, "AH99003: asking /x")}).empty());
  CHECK(test::collect(shared_book(), {line(1, "AH99003: asking /x")}).unmatched.empty());
  CHECK(of({line(1, "AH99003: asking /x"), line(1, "AH99001: failed")}) == Texts{"AH99001 uri=/x"});
}

TEST_CASE("a trace lends to a failure that waits for a root of its own", "[diagnose][lends]") {
  Texts lines = {line(1, "AH99003: asking /x"), line(1, "AH99001: failed")};
  CHECK(of(lines) == Texts{"AH99001 uri=/x"});
  lines.insert(lines.end(), 100, "[core:info] [pid 1] AH99999: time goes by");
  CHECK(of(lines) == Texts{"AH99001 uri=/x"});
}

TEST_CASE("what waited beside a failure goes with it to its root", "[diagnose][lends]") {
  Texts lines = {line(1, "(2)No such file or directory: AH99002: /a"), line(1, "AH99001: failed")};
  lines.insert(lines.end(), 59, "[core:info] [pid 1] AH99999: time goes by");
  lines.push_back(line(1, "AH99004: why both"));
  const auto late = test::collect(shared_book(), lines);
  REQUIRE(late.incidents.size() == 1);
  CHECK(late.incidents[0].consequences.size() == 2);
}
