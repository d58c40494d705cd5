#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "rules/lint.h"
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
  "slots": {"dir": {"type": "path"}, "name": {"basename": "dir"}},
  "path": "dir",
  "subject": {"kind": "path", "value": "dir"},
  "cases": [
    {"id": "a", "class": "unknown-error", "cause": "c {dir}", "summary": "s",
     "inspect": [{"why": "i", "run": ["ls", "--", "{dir}"]}],
     "repair": [{"why": "r", "run": ["mkdir", "--", "{dir}"], "undo": ["rmdir", "--", "{dir}"]}],
     "persist": [{"why": "p", "write": {"path": "/etc/x.conf", "mode": "0644", "content": ["{dir}"]}}],
     "remedies": [{"name": "make", "with": {"dir": "{dir}"}}]}
  ],
  "examples": [
    {"name": "p", "log": ["AH99001: cannot open /x"], "expect": [{"case": "a"}]},
    {"name": "n", "log": ["AH99001: something else"], "expect": []}
  ],
  "references": ["https://httpd.apache.org/docs/2.4/"]
})json";

const std::string kRemedy = R"json({
  "name": "make",
  "parameters": {"dir": "path"},
  "repair": [{"why": "w", "run": ["mkdir", "--", "{dir}"], "undo": ["rmdir", "--", "{dir}"]}],
  "alternatives": [{"title": "t", "when": "w", "set": {"persist": "unit"}}]
})json";

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// What the linter says of these two files and of no other.
Texts lint_of(const std::string& rule, const std::string& remedy = kRemedy, const std::string& other = "") {
  test::Files files;
  files.add("test/AH99001.json", rule).add("test/remedies/make.json", remedy);
  if (!other.empty()) files.add("test/AH99002.json", other);
  const auto book = files.book();
  Texts lines;
  for (const auto& problem : lint(book)) {
    if (problem.where.starts_with("test/")) lines.push_back(to_line(problem));
  }
  return lines;
}

void check_told(const Texts& lines, const std::string& where, const std::string& what) {
  CAPTURE(lines, where, what);
  bool told = false;
  for (const auto& line : lines) told = told || (line.starts_with(where) && line.find(what) != std::string::npos);
  CHECK(told);
}

struct Row {
  std::string from, to, where, what;
};

}  // namespace

TEST_CASE("a good rule has nothing that the linter minds", "[rules][lint]") { CHECK(lint_of(kRule) == Texts{}); }

TEST_CASE("the linter refuses names that nothing carries", "[rules][lint]") {
  for (const auto& row : std::vector<Row>{
           {"no {dir}", "no {dri}", ":3:12", "nothing is called 'dri'"},
           {"\"effect\": \"e\"", "\"effect\": \"e {x}\"", ":5:13", "nothing is called 'x'"},
           {"c {dir}", "c {folder}", ":11:", "nothing is called 'folder'"},
           {"\"summary\": \"s\"", "\"summary\": \"{x}\"", ":11:", "nothing is called 'x'"},
           {"[\"ls\", \"--\", \"{dir}\"]", "[\"ls\", \"--\", \"{dri}\"]", ":12:", "nothing is called 'dri'"},
           {"\"why\": \"i\"", "\"why\": \"{x}\"", ":12:", "nothing is called 'x'"},
           {"[\"rmdir\", \"--\", \"{dir}\"]", "[\"rmdir\", \"{x}\"]", ":13:", "nothing is called 'x'"},
           {"\"content\": [\"{dir}\"]", "\"content\": [\"{x}\"]", ":14:", "nothing is called 'x'"},
           {"(?P<dir>", "(?P<folder>", ":6:", "the group 'folder' has no slot"},
           {"\"dir\": {\"type\": \"path\"}", "\"dir\": {\"type\": \"path\"}, \"x\": {\"type\": \"text\"}",
            ":7:", "no group of the expression fills the slot 'x'"},
           {"{\"basename\": \"dir\"}", "{\"basename\": \"x\"}", ":7:", "there is no slot 'x'"},
           {"{\"type\": \"path\"}", "{\"type\": \"path\", \"under\": [\"{x}\"]}", ":7:", "nothing is called 'x'"},
           {"\"path\": \"dir\"", "\"path\": \"x\"", ":8:11", "there is no slot 'x'"},
           {"\"value\": \"dir\"", "\"value\": \"x\"", ":9:", "there is no slot 'x'"},
           {"\"path\": \"dir\",", "\"path\": \"dir\", \"same\": [\"errno\", \"x\"],", ":8:", "there is no slot 'x'"},
           {"\"path\": \"dir\",", "\"path\": \"dir\", \"consequences\": [{\"rule\": \"nothing\"}],",
            ":8:", "there is no rule 'nothing'"},
           {"\"path\": \"dir\",", "\"path\": \"dir\", \"consequences\": [{\"rule\": \"AH99001\"}],",
            ":8:", "no consequence of itself"},
           {"\"class\": \"unknown-error\"", "\"class\": \"mystery\"", ":11:", "there is no cause class 'mystery'"},
           {"{\"name\": \"make\"", "{\"name\": \"made\"", ":15:", "there is no remedy 'made'"},
           {"{\"dir\": \"{dir}\"}", "{\"dri\": \"{dir}\"}", ":15:", "the remedy has no parameter 'dri'"},
           {"{\"dir\": \"{dir}\"}", "{\"dri\": \"{dir}\"}", ":15:", "the remedy's parameter 'dir' is not given"},
           {"{\"dir\": \"{dir}\"}", "{\"dir\": \"{dir}/x\"}", ":15:", "a parameter is one slot or fact"},
           {"[{\"case\": \"a\"}]", "[{\"case\": \"b\"}]", ":18:", "there is no case 'b'"},
       }) {
    CAPTURE(row.to);
    check_told(lint_of(with(kRule, row.from, row.to)), "test/AH99001.json" + row.where, row.what);
  }
}

TEST_CASE("the linter refuses conditions that never hold", "[rules][lint]") {
  const std::string from = "\"id\": \"a\",";
  for (const auto& row : std::vector<Row>{
           {from, R"({"errno": "ENOENTT"})", "", "unknown status 'ENOENTT'"},
           {from, R"({"platform": ["rhel", "plan9"]})", "", "unknown platform 'plan9'"},
           {from, R"({"has": ["x"]})", "", "there is no slot 'x'"},
           {from, R"({"lacks": ["x"]})", "", "there is no slot 'x'"},
           {from, R"({"volatile": "x"})", "", "there is no slot 'x'"},
           {from, R"({"slot": {"x": "y"}})", "", "there is no slot 'x'"},
           {from, R"({"below": {"x": ["/run"]}})", "", "there is no slot 'x'"},
           {from, R"({"below": {"dir": ["{x}"]}})", "", "nothing is called 'x'"},
           {from, R"({"not": {"errno": "ENOENTT"}})", "", "unknown status 'ENOENTT'"},
           {from, R"({"moon": "full"})", "", "there is no condition or fact 'moon'"},
           {from, R"({"init": "upstart"})", "", "the fact 'init' is never 'upstart'"},
       }) {
    CAPTURE(row.to);
    check_told(lint_of(with(kRule, row.from, row.from + " \"when\": " + row.to + ",")),
               "test/AH99001.json:11:", row.what);
  }
  for (const std::string fine :
       {R"({"errno": ["ENOENT", "none", "APR_TIMEUP"]})", R"({"platform": "rhel"})", R"({"has": ["dir", "name"]})",
        R"({"volatile": "run_dir"})", R"({"below": {"dir": ["{run_dir}"]}})", R"({"init": "systemd"})",
        R"({"not": {"slot": {"dir": "/run"}}})", R"({"seen": ["AH00016"]})"}) {
    CAPTURE(fine);
    CHECK(lint_of(with(kRule, from, from + " \"when\": " + fine + ",")) == Texts{});
  }
}

TEST_CASE("the linter refuses steps that must not be", "[rules][lint]") {
  const std::string repair = "\"run\": [\"mkdir\", \"--\", \"{dir}\"]";
  for (const auto& row : std::vector<Row>{
           {", \"undo\": [\"rmdir\", \"--\", \"{dir}\"]", "", ":13:", "a change needs an 'undo'"},
           {"\"why\": \"r\"", "\"why\": \"r\", \"risk\": \"none\"", ":13:", "a change has a risk"},
           {"\"why\": \"i\"", "\"why\": \"i\", \"risk\": \"low\"", ":12:", "an inspection has no risk"},
           {repair, "\"run\": []", ":13:", "a command has at least one word"},
           {repair, R"("run": ["sh", "-c", "mkdir {dir}"])", ":13:", "never a shell line"},
           {repair, R"("run": ["/bin/bash", "-c", "x"])", ":13:", "never a shell line"},
           {repair, R"("run": ["python3", "-c", "x"])", ":13:", "never a shell line"},
           {repair, R"("run": ["bash", "-ec", "x"])", ":13:", "never a shell line"},
           {repair, R"("run": ["sudo", "sh", "-c", "x"])", ":13:", "never a shell line"},
           {repair, R"("run": ["/usr/bin/sh", "-c", "x"])", ":13:", "never a shell line"},
           {repair, R"("run": ["mkdir -p /x"])", ":13:", "never a shell line"},
           {repair, R"("run": ["chmod", "777", "{dir}"])", ":13:", "never 'chmod 777'"},
           {repair, R"("run": ["chmod", "0777", "{dir}"])", ":13:", "never 'chmod 0777'"},
           {repair, R"("run": ["setenforce", "0"])", ":13:", "never 'setenforce 0'"},
           {repair, R"("run": ["rm", "-rf", "{dir}"])", ":13:", "never 'rm -rf'"},
           {repair, R"("run": ["rm", "-fr", "{dir}"])", ":13:", "never"},
           {repair, R"("run": ["rm", "-r", "-f", "{dir}"])", ":13:", "never"},
           {repair, R"("run": ["chmod", "-R", "0755", "{dir}"])", ":13:", "never 'chmod -R'"},
           {repair, R"("run": ["chown", "-R", "x", "{dir}"])", ":13:", "never 'chown -R'"},
           {"\"undo\": [\"rmdir\", \"--\", \"{dir}\"]", R"("undo": ["rm", "-rf", "{dir}"])", ":13:", "never 'rm -rf'"},
           {"/etc/x.conf", "/tmp/x.conf", ":14:", "below /etc, /usr/local or a fact's directory"},
           {"/etc/x.conf", "x.conf", ":14:", "below /etc, /usr/local or a fact's directory"},
       }) {
    CAPTURE(row.to);
    check_told(lint_of(with(kRule, row.from, row.to)), "test/AH99001.json" + row.where, row.what);
  }
}

TEST_CASE("the linter lets no free text into a command or a file", "[rules][lint]") {
  const std::string text = with(kRule, "\"dir\": {\"type\": \"path\"}", "\"dir\": {\"type\": \"text\"}");
  const auto lines = lint_of(text);
  check_told(lines, "test/AH99001.json:12:", "free text");
  check_told(lines, "test/AH99001.json:13:", "free text");
  check_told(lines, "test/AH99001.json:14:", "no file may carry it");
}

TEST_CASE("the linter lets no free text into a file's path or a remedy", "[rules][lint]") {
  const std::string said =
      with(with(kRule, "(?P<dir>/.*)", "(?P<dir>/.*) (?P<said>x)"), "\"dir\": {\"type\": \"path\"}",
           "\"dir\": {\"type\": \"path\"}, \"said\": {\"type\": \"text\"}");
  const std::string fits = with(said, "cannot open /x\"", "cannot open /x x\"");
  CHECK(lint_of(fits) == Texts{});
  check_told(lint_of(with(fits, "/etc/x.conf", "/etc/{said}.conf")), "test/AH99001.json:14:", "free text");
  CHECK_FALSE(lint_of(with(fits, "{\"dir\": \"{dir}\"}", "{\"dir\": \"{said}\"}")).empty());
}

TEST_CASE("the linter asks for examples of both kinds", "[rules][lint]") {
  check_told(
      lint_of(with(kRule, ",\n    {\"name\": \"n\", \"log\": [\"AH99001: something else\"], \"expect\": []}", "")),
      "test/AH99001.json:17:", "a rule has a negative example");
  check_told(lint_of(with(kRule, "[{\"case\": \"a\"}]", "[]")),
             "test/AH99001.json:17:", "a rule has a positive example");
}

TEST_CASE("the linter finds cases that stand twice or not at all", "[rules][lint]") {
  check_told(lint_of(with(kRule, "  \"cases\": [\n",
                          "  \"cases\": [\n    {\"id\": \"a\", \"class\": \"unknown-error\", \"cause\": \"c\"},\n")),
             "test/AH99001.json:12:", "the case 'a' stands twice");
}

TEST_CASE("the linter finds two rules for one line", "[rules][lint]") {
  const std::string other =
      with(with(kRule, "\"id\": \"AH99001\"", "\"id\": \"AH99002\""), "\"persist\"", "\"verify\"");
  check_told(lint_of(kRule, kRemedy, other), "test/AH99001.json:18:", "AH99001 and AH99002 both claim line 1");
}

TEST_CASE("the linter looks into remedies too", "[rules][lint]") {
  for (const auto& row : std::vector<Row>{
           {"{\"dir\": \"path\"}", "{\"dir\": \"folder\"}", ":3:", "unknown type 'folder'"},
           {"[\"mkdir\", \"--\", \"{dir}\"]", "[\"mkdir\", \"--\", \"{x}\"]", ":4:", "nothing is called 'x'"},
           {", \"undo\": [\"rmdir\", \"--\", \"{dir}\"]", "", ":4:", "a change needs an 'undo'"},
           {"\"title\": \"t\"", "\"title\": \"{x}\"", ":5:", "nothing is called 'x'"},
           {"{\"persist\": \"unit\"}", "{\"persist\": \"moon\"}", ":5:", "never 'moon'"},
           {"{\"persist\": \"unit\"}", "{\"x\": \"unit\"}", ":5:", "'x'"},
           {"\"when\": \"w\"", "\"when\": \"w\", \"where\": {\"platform\": \"plan9\"}",
            ":5:", "unknown platform 'plan9'"},
       }) {
    CAPTURE(row.to);
    check_told(lint_of(kRule, with(kRemedy, row.from, row.to)), "test/remedies/make.json" + row.where, row.what);
  }
}
