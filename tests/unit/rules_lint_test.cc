#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "rules/lint.h"
#include "support.h"
#include "text/ascii.h"

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
     "persist": [{"why": "p", "write": {"path": "/etc/x.conf", "mode": "0644", "owner": "root", "group": "root", "content": ["{dir}"]}}],
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

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// The line of `text` that ":12:" names.
std::string excerpt(std::string_view text, const std::string& where) {
  const auto lines = split(text, '\n');
  const auto number = where.empty() ? 1 : static_cast<std::size_t>(std::stoi(where.substr(1)));
  return number <= lines.size() ? std::string(lines[number - 1]) : std::string();
}

// Many small rules and remedies, each with an id of its own and of the same length, in one book: loading one takes
// time.
class Bench {
 public:
  // A rule of whose lint one line begins with its file and `where` and holds `what`; with neither: it has no line.
  void rule(const std::string& json, const std::string& where = "", const std::string& what = "") {
    const std::string id = "AH" + std::to_string(number_++);
    want("test/" + id + ".json", replaced(json, "AH99001", id), where, what);
  }
  void remedy(const std::string& json, const std::string& where, const std::string& what) {
    const std::string name = "m" + std::to_string(number_++);
    want("test/remedies/" + name + ".json", replaced(json, "\"make\"", "\"" + name + "\""), where, what);
  }

  void check() {
    files_.add("test/remedies/make.json", kRemedy);
    Problems problems;
    const auto book = RuleBook::load(files_.list(), problems);
    for (auto& problem : lint(book)) problems.push_back(std::move(problem));
    for (const auto& one : wanted_) {
      Texts lines;
      bool told = false;
      for (const auto& problem : problems) {
        if (!problem.where.starts_with(one.file)) continue;
        lines.push_back(to_line(problem));
        told = told ||
               (problem.where.starts_with(one.file + one.where) && lines.back().find(one.what) != std::string::npos);
      }
      CAPTURE(one.where, one.what, lines);
      INFO(excerpt(one.json, one.where));
      CHECK(told == !one.what.empty());
      CHECK(lines.empty() == one.what.empty());
    }
  }

 private:
  struct Wanted {
    std::string file, json, where, what;
  };
  void want(const std::string& file, const std::string& json, const std::string& where, const std::string& what) {
    files_.add(file, json);
    wanted_.push_back({file, json, where, what});
  }

  test::Files files_;
  std::vector<Wanted> wanted_;
  int number_ = 98000;
};

struct Row {
  std::string from, to, where, what;
};

}  // namespace

TEST_CASE("a good rule has nothing that the linter minds", "[rules][lint]") {
  Bench bench;
  bench.rule(kRule);
  bench.check();
}

TEST_CASE("the linter refuses names that nothing carries", "[rules][lint]") {
  Bench bench;
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
    bench.rule(with(kRule, row.from, row.to), row.where, row.what);
  }
  bench.check();
}

TEST_CASE("the linter refuses conditions that never hold", "[rules][lint]") {
  Bench bench;
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
    bench.rule(with(kRule, row.from, row.from + " \"when\": " + row.to + ","), ":11:", row.what);
  }
  for (const std::string fine :
       {R"({"errno": ["ENOENT", "none", "APR_TIMEUP"]})", R"({"platform": "rhel"})", R"({"has": ["dir", "name"]})",
        R"({"volatile": "run_dir"})", R"({"below": {"dir": ["{run_dir}"]}})", R"({"init": "systemd"})",
        R"({"not": {"slot": {"dir": "/run"}}})", R"({"seen": ["AH00016"]})"}) {
    bench.rule(with(kRule, from, from + " \"when\": " + fine + ","));
  }
  bench.check();
}

TEST_CASE("the linter refuses steps that must not be", "[rules][lint]") {
  Bench bench;
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
           {repair, R"("run": ["chmod", "0777", "{dir}"])", ":13:", "never 'chmod 777'"},
           {repair, R"("run": ["chmod", "666", "{dir}"])", ":13:", "never 'chmod 777' or the like"},
           {repair, R"("run": ["chmod", "o+w", "{dir}"])", ":13:", "never 'chmod 777' or the like"},
           {repair, R"("run": ["chmod", "a=rwx", "{dir}"])", ":13:", "never 'chmod 777' or the like"},
           {repair, R"("run": ["install", "-d", "-m", "0777", "{dir}"])", ":13:", "never 'chmod 777' or the like"},
           {repair, R"("run": ["echo", "x", ">", "{dir}"])", ":13:", "never a shell line"},
           {repair, R"("run": ["cat", "{dir}", "|", "tee"])", ":13:", "never a shell line"},
           {repair, R"("run": ["rm", "-f", "--", "/var/log/*"])", ":13:", "\"risk\": \"data\""},
           {repair, R"("run": ["truncate", "-s", "0", "{dir}"])", ":13:", "\"risk\": \"data\""},
           {repair, R"("run": ["find", "{dir}", "-delete"])", ":13:", "\"risk\": \"data\""},
           {"0644", "0666", ":14:", "nobody but the owner and the group may write"},
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
    bench.rule(with(kRule, row.from, row.to), row.where, row.what);
  }
  bench.check();
}

TEST_CASE("the linter lets no free text into a command or a file", "[rules][lint]") {
  Bench bench;
  const std::string text = with(kRule, "\"dir\": {\"type\": \"path\"}", "\"dir\": {\"type\": \"text\"}");
  bench.rule(text, ":12:", "free text");
  bench.rule(text, ":13:", "free text");
  bench.rule(text, ":14:", "no file may carry it");
  bench.check();
}

TEST_CASE("the linter lets no free text into a file's path or a remedy", "[rules][lint]") {
  Bench bench;
  const std::string said =
      with(with(kRule, "(?P<dir>/.*)", "(?P<dir>/.*) (?P<said>x)"), "\"dir\": {\"type\": \"path\"}",
           "\"dir\": {\"type\": \"path\"}, \"said\": {\"type\": \"text\"}");
  const std::string fits = with(said, "cannot open /x\"", "cannot open /x x\"");
  bench.rule(fits);
  bench.rule(with(fits, "/etc/x.conf", "/etc/{said}.conf"), ":14:", "free text");
  bench.rule(with(fits, "{\"dir\": \"{dir}\"}", "{\"dir\": \"{said}\"}"), ":15:", "said");
  bench.check();
}

TEST_CASE("the linter asks for examples of both kinds", "[rules][lint]") {
  Bench bench;
  bench.rule(with(kRule, ",\n    {\"name\": \"n\", \"log\": [\"AH99001: something else\"], \"expect\": []}", ""),
             ":17:", "a rule has a negative example");
  bench.rule(with(kRule, "[{\"case\": \"a\"}]", "[]"), ":17:", "a rule has a positive example");
  bench.check();
}

TEST_CASE("the linter finds cases that stand twice or not at all", "[rules][lint]") {
  Bench bench;
  bench.rule(with(kRule, "  \"cases\": [\n",
                  "  \"cases\": [\n    {\"id\": \"a\", \"class\": \"unknown-error\", \"cause\": \"c\"},\n"),
             ":12:", "the case 'a' stands twice");
  bench.check();
}

TEST_CASE("the linter finds two rules for one line", "[rules][lint]") {
  test::Files files;
  files.add("test/remedies/make.json", kRemedy).add("test/AH99001.json", kRule);
  files.add("test/AH99002.json", with(kRule, "\"id\": \"AH99001\"", "\"id\": \"AH99002\""));
  bool told = false;
  for (const auto& problem : lint(files.book())) {
    const auto line = to_line(problem);
    told = told || (line.starts_with("test/AH99001.json:18:") &&
                    line.find("AH99001 and AH99002 both claim line 1") != std::string::npos);
  }
  CHECK(told);
}

TEST_CASE("the linter looks into remedies too", "[rules][lint]") {
  Bench bench;
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
    bench.remedy(with(kRemedy, row.from, row.to), row.where, row.what);
  }
  bench.check();
}
