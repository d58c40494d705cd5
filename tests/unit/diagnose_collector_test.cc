#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "diagnose/collector.h"
#include "support.h"

using namespace ahdiag;
using Texts = std::vector<std::string>;

namespace {

std::string rule(const std::string& id, const std::string& severity, const std::string& match,
                 const std::string& more) {
  return "{\"id\": \"" + id + "\", \"title\": \"t\", \"severity\": \"" + severity +
         "\", \"effect\": \"e\", \"match\": {" + match +
         "}, \"cases\": [{\"id\": \"a\", \"class\": \"unknown-error\", \"cause\": \"c\"}]" + more + "}";
}

// AH99001 makes httpd log AH99002 (no rule) and AH99003 (a rule of its own); AH99004 goes with nothing.
const RuleBook& shared_book() {
  static const RuleBook book = [] {
    static test::Files files;
    files.add("test/AH99001.json",
              rule("AH99001", "critical", R"j("code": "AH99001", "message": "no (?P<dir>/.*)")j",
                   R"j(, "slots": {"dir": {"type": "path"}}, "path": "dir", "subject": {"kind": "path", "value": "dir"},
                    "consequences": [{"code": "AH99002", "means": "two"}, {"rule": "AH99003", "means": "three"}])j"));
    files.add("test/AH99003.json", rule("AH99003", "error", R"j("code": "AH99003")j", ""));
    files.add("test/AH99004.json", rule("AH99004", "error", R"j("code": "AH99004")j", ""));
    files.add("test/closing.json",
              rule("closing", "critical", R"j("contains": "peculiar end", "message": "peculiar end")j",
                   R"j(, "standing": "summary")j"));
    return files.book();
  }();
  return book;
}

std::string stamped(int second, int pid, const std::string& text) {
  const std::string minute = std::to_string(100 + second / 60).substr(1),
                    rest = std::to_string(100 + second % 60).substr(1);
  return "[Sun Nov 22 15:" + minute + ":" + rest + ".000000 2026] [core:error] [pid " + std::to_string(pid) + "] " +
         text;
}

// "AH99001 x2 {AH99002 x1, AH99003 x1}" for each incident.
Texts shown(const Collection& found) {
  Texts all;
  for (const auto& one : found.incidents) {
    std::string text = one.rule->id + " x" + std::to_string(one.count);
    std::string more;
    for (const auto& consequence : one.consequences) {
      more += (more.empty() ? "" : ", ") + (consequence.rule == nullptr ? consequence.code : consequence.rule->id) +
              " x" + std::to_string(consequence.count);
    }
    all.push_back(text + (more.empty() ? "" : " {" + more + "}"));
  }
  return all;
}

Texts unmatched(const Collection& found) {
  Texts all;
  for (const auto& one : found.unmatched) {
    all.push_back((one.code.empty() ? one.example.substr(one.example.rfind("] ") + 2) : one.code) + " x" +
                  std::to_string(one.count));
  }
  return all;
}

std::string rfc(const std::optional<Stamp>& stamp) { return stamp ? to_rfc3339(*stamp) : ""; }

}  // namespace

TEST_CASE("one failure is one incident however often it was logged", "[diagnose][collector]") {
  const auto& book = shared_book();
  Limits limits;
  limits.evidence = 3;
  const auto found =
      test::collect(book,
                    {stamped(5, 1, "AH99001: no /a"), stamped(9, 1, "AH99001: no /a"), stamped(3, 1, "AH99001: no /a"),
                     stamped(7, 2, "AH99001: no /a"), stamped(6, 3, "AH99001: no /a")},
                    limits);
  REQUIRE(shown(found) == Texts{"AH99001 x5"});
  const Incident& one = found.incidents[0];
  CHECK(rfc(one.first) == "2026-11-22T15:00:03.000000");
  CHECK(rfc(one.last) == "2026-11-22T15:00:09.000000");
  REQUIRE(one.evidence.size() == 3);
  CHECK(one.evidence[0].place.line == 1);
  CHECK(one.evidence[1].place.line == 2);
  CHECK(one.evidence[2].place.line == 5);
  CHECK(one.captures.at("dir") == "/a");
  CHECK(one.order == 1);
}

TEST_CASE("another subject or another status is another incident", "[diagnose][collector]") {
  const auto& book = shared_book();
  const auto found = test::collect(book, {stamped(1, 1, "AH99001: no /a"), stamped(1, 1, "AH99001: no /b"),
                                          stamped(1, 1, "(2)No such file or directory: AH99001: no /a"),
                                          stamped(1, 1, "(13)Permission denied: AH99001: no /a"),
                                          stamped(1, 1, "(13)Permission denied: AH99001: no /a")});
  CHECK(shown(found) == Texts{"AH99001 x1", "AH99001 x1", "AH99001 x1", "AH99001 x2"});
}

TEST_CASE("what a failure makes httpd log goes with it, before and after", "[diagnose][collector]") {
  const auto& book = shared_book();
  const std::string root = stamped(1, 1, "AH99001: no /a"), code = stamped(1, 1, "AH99002: x"),
                    by_rule = stamped(1, 1, "AH99003: y");
  CHECK(shown(test::collect(book, {root, code, by_rule})) == Texts{"AH99001 x1 {AH99002 x1, AH99003 x1}"});
  CHECK(shown(test::collect(book, {code, by_rule, root})) == Texts{"AH99001 x1 {AH99002 x1, AH99003 x1}"});
  CHECK(shown(test::collect(book, {code, root, by_rule, by_rule})) == Texts{"AH99001 x1 {AH99002 x1, AH99003 x2}"});
  const auto found = test::collect(book, {root, code});
  REQUIRE(found.incidents.size() == 1);
  REQUIRE(found.incidents[0].consequences.size() == 1);
  CHECK(found.incidents[0].consequences[0].means == "two");
  CHECK(found.incidents[0].consequences[0].code == "AH99002");
  REQUIRE(found.incidents[0].consequences[0].evidence.size() == 1);
  CHECK(found.incidents[0].consequences[0].evidence[0].place.line == 2);
  CHECK(found.unmatched.empty());
}

TEST_CASE("without its root a consequence stands for itself", "[diagnose][collector]") {
  const auto& book = shared_book();
  const auto found =
      test::collect(book, {stamped(1, 1, "AH99002: x"), stamped(1, 1, "AH99003: y"), stamped(2, 1, "AH99003: y")});
  CHECK(shown(found) == Texts{"AH99003 x2"});
  CHECK(unmatched(found) == Texts{"AH99002 x1"});
}

TEST_CASE("what goes with nothing stands for itself", "[diagnose][collector]") {
  const auto& book = shared_book();
  const auto found = test::collect(book, {stamped(1, 1, "AH99001: no /a"), stamped(1, 1, "AH99004: x")});
  CHECK(shown(found) == Texts{"AH99001 x1", "AH99004 x1"});
}

TEST_CASE("another process tells another story", "[diagnose][collector]") {
  const auto& book = shared_book();
  const auto after =
      test::collect(book, {stamped(1, 1, "AH99001: no /a"), stamped(1, 2, "AH99003: y"), stamped(1, 2, "AH99002: x")});
  CHECK(shown(after) == Texts{"AH99001 x1", "AH99003 x1"});
  CHECK(unmatched(after) == Texts{"AH99002 x1"});
  const auto before = test::collect(book, {stamped(1, 2, "AH99003: y"), stamped(1, 1, "AH99001: no /a")});
  CHECK(shown(before) == Texts{"AH99001 x1", "AH99003 x1"});
  // A line of the start-up form has no process id: it may be anybody's.
  CHECK(shown(test::collect(book, {stamped(1, 1, "AH99001: no /a"), "AH99003: y"})) ==
        Texts{"AH99001 x1 {AH99003 x1}"});
}

TEST_CASE("what stands far away goes with nothing", "[diagnose][collector]") {
  const auto& book = shared_book();
  const auto late = test::collect(book, {stamped(1, 1, "AH99001: no /a"), stamped(600, 1, "AH99003: y")});
  CHECK(shown(late) == Texts{"AH99001 x1", "AH99003 x1"});
  const auto early = test::collect(book, {stamped(1, 1, "AH99003: y"), stamped(600, 1, "AH99001: no /a")});
  CHECK(shown(early).size() == 2);
  Texts between = {stamped(1, 1, "AH99001: no /a")};
  for (int i = 0; i < 200; ++i)
    between.push_back("[Sun Nov 22 15:00:01.000000 2026] [core:info] [pid 1] AH99009: words");
  between.push_back(stamped(1, 1, "AH99003: y"));
  CHECK(shown(test::collect(book, between)) == Texts{"AH99001 x1", "AH99003 x1"});
}

TEST_CASE("a consequence goes with the root that was heard of last", "[diagnose][collector]") {
  const auto& book = shared_book();
  const auto found = test::collect(
      book, {stamped(1, 1, "AH99001: no /a"), stamped(2, 1, "AH99001: no /b"), stamped(3, 1, "AH99003: y")});
  CHECK(shown(found) == Texts{"AH99001 x1", "AH99001 x1 {AH99003 x1}"});
}

TEST_CASE("closing words go with the failure of the same start", "[diagnose][collector]") {
  const auto& book = shared_book();
  CHECK(shown(test::collect(book, {stamped(1, 1, "AH99001: no /a"), "peculiar end"})) ==
        Texts{"AH99001 x1 {closing x1}"});
  CHECK(shown(test::collect(book, {"peculiar end", stamped(1, 1, "AH99001: no /a")})) ==
        Texts{"AH99001 x1 {closing x1}"});
  CHECK(shown(test::collect(book, {"peculiar end"})) == Texts{"closing x1"});
  // What is no outage ends nothing.
  const auto other = test::collect(book, {stamped(1, 1, "AH99004: x"), "peculiar end"});
  CHECK(shown(other) == Texts{"AH99004 x1", "closing x1"});
}

TEST_CASE("what no rule knows is counted by its id or its shape", "[diagnose][collector]") {
  const auto& book = shared_book();
  const auto found = test::collect(book, {stamped(1, 1, "AH99011: one 12"), stamped(1, 1, "AH99011: other 13"),
                                          stamped(1, 1, "child 12 died of 3"), stamped(1, 1, "child 4711 died of 9"),
                                          stamped(1, 1, "child 1 died of 2"), stamped(1, 1, "something else")});
  CHECK(found.incidents.empty());
  CHECK(unmatched(found) == Texts{"child 12 died of 3 x3", "AH99011 x2", "something else x1"});
  CHECK(found.unmatched[1].module == "core");
  CHECK(found.unmatched[1].level == Level::error);
}

TEST_CASE("what is below an error and has no rule is not counted", "[diagnose][collector]") {
  const auto& book = shared_book();
  for (const std::string level : {"warn", "notice", "info", "debug", "trace3"}) {
    const auto found =
        test::collect(book, {"[core:" + level + "] [pid 1] AH99011: x", "[core:" + level + "] [pid 1] words"});
    CAPTURE(level);
    CHECK(found.unmatched.empty());
    CHECK(found.over == 0);
  }
  for (const std::string level : {"emerg", "alert", "crit", "error"}) {
    CAPTURE(level);
    CHECK(test::collect(book, {"[core:" + level + "] [pid 1] AH99011: x"}).unmatched.size() == 1);
  }
}

TEST_CASE("what goes over the limits is counted", "[diagnose][collector]") {
  const auto& book = shared_book();
  Limits limits;
  limits.incidents = 2;
  limits.unmatched = 3;
  Texts lines;
  for (int i = 0; i < 5; ++i) lines.push_back(stamped(1, 1, "AH99001: no /" + std::to_string(i)));
  lines.push_back(stamped(1, 1, "AH99001: no /0"));
  for (int i = 0; i < 5; ++i) lines.push_back(stamped(1, 1, "AH9902" + std::to_string(i) + ": x"));
  lines.push_back(stamped(1, 1, "AH99020: x"));
  const auto found = test::collect(book, lines, limits);
  CHECK(shown(found) == Texts{"AH99001 x2", "AH99001 x1"});
  CHECK(found.unmatched.size() == 3);
  CHECK(found.over == 3 + 2);
}

TEST_CASE("evidence stays within its limit and says where the entry stands", "[diagnose][collector]") {
  const auto& book = shared_book();
  Texts lines;
  for (int i = 0; i < 100; ++i) {
    lines.push_back(stamped(1, 1, "AH99001: no /a"));
    lines.push_back(stamped(1, 1, "AH99002: x"));
  }
  Limits limits;
  limits.evidence = 2;
  const auto found = test::collect(book, lines, limits);
  REQUIRE(shown(found) == Texts{"AH99001 x100 {AH99002 x100}"});
  REQUIRE(found.incidents[0].evidence.size() == 2);
  CHECK(found.incidents[0].evidence[0].place.line == 1);
  CHECK(found.incidents[0].evidence[1].place.line == 199);
  CHECK(found.incidents[0].consequences[0].evidence.size() == 2);
}

TEST_CASE("what the log shows is remembered by id and by rule", "[diagnose][collector]") {
  const auto& book = shared_book();
  const auto found =
      test::collect(book, {stamped(1, 1, "AH99001: no /a"), "[core:info] [pid 1] AH99012: x", "peculiar end"});
  CHECK(found.seen.contains("AH99001"));
  CHECK(found.seen.contains("AH99012"));
  CHECK(found.seen.contains("closing"));
  CHECK_FALSE(found.seen.contains("AH99004"));
}

TEST_CASE("a visitor's words are no evidence", "[diagnose][collector]") {
  const auto& book = shared_book();
  const auto found = test::collect(
      book,
      {"[Sun Nov 22 15:00:01.000000 2026] [core:info] [pid 1] [client 1.2.3.4:5] AH00128: x, referer: AH99001: no /a",
       "[Sun Nov 22 15:00:01.000000 2026] [php:error] [pid 1] [client 1.2.3.4:5] AH99001: no /a",
       "[Sun Nov 22 15:00:01.000000 2026] [php:error] [pid 1] [client 1.2.3.4:5] peculiar end",
       "1.2.3.4 - - [22/Nov/2026:15:20:05 +0000] \"GET / HTTP/1.1\" 200 45 \"-\" \"AH99001: no /a\""});
  CHECK(found.incidents.empty());
}

TEST_CASE("a visitor's words do not fold into a failure", "[diagnose][collector]") {
  const auto& book = shared_book();
  const auto found =
      test::collect(book, {stamped(1, 1, "AH99001: no /a"),
                           "[Sun Nov 22 15:00:01.000000 2026] [php:error] [pid 1] [client 1.2.3.4:5] AH99003: y"});
  CHECK(shown(found) == Texts{"AH99001 x1"});
}

TEST_CASE("the telling parts of an entry are marked in its evidence", "[diagnose][collector]") {
  const auto& book = shared_book();
  const auto found = test::collect(book, {stamped(1, 7, "(2)No such file or directory: AH99001: no /srv/\x01x")});
  REQUIRE(found.incidents.size() == 1);
  REQUIRE(found.incidents[0].evidence.size() == 1);
  const Evidence& evidence = found.incidents[0].evidence[0];
  CHECK(evidence.pid == 7);
  Texts parts;
  for (const auto& span : evidence.spans)
    parts.push_back(span.what + "=" + evidence.text.substr(span.start, span.end - span.start));
  CHECK(parts == Texts{"errno=(2)No such file or directory", "code=AH99001", "path=/srv/\\x01x"});
}
