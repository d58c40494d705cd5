#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "cli/run.h"
#include "report/report.h"
#include "support.h"
#include "text/ascii.h"
#include "text/utf8.h"

using namespace ahdiag;
using Texts = std::vector<std::string>;

namespace {

const std::string kRule = R"json({
  "id": "AH99001", "title": "The directory {dir} is gone", "severity": "critical", "effect": "Nothing is served.",
  "match": {"code": "AH99001", "message": "no (?P<dir>/.*)"},
  "slots": {"dir": {"type": "path"}}, "path": "dir", "subject": {"kind": "path", "value": "dir"},
  "consequences": [{"code": "AH99002", "means": "it gives up"}],
  "cases": [
    {"id": "gone", "class": "missing-directory", "certainty": "certain", "cause": "Nobody has made {dir}.", "summary": "Make it.",
     "inspect": [{"why": "Is it there?", "run": ["stat", "--", "{dir}"], "expect": {"exit": 1, "output": "none"}}],
     "repair": [{"why": "Create it.", "run": ["mkdir", "--", "{dir}"], "risk": "service-interruption", "undo": ["rmdir", "--", "{dir}"]}],
     "persist": [{"why": "Write it down.",
                  "write": {"path": "/etc/x.conf", "mode": "0644", "owner": "root", "group": "root", "format": "tmpfiles", "content": ["d {dir}", "EOF", "", "last"]}}],
     "verify": [{"why": "Look.", "do": "Open the site."}], "notes": ["It is empty after a boot."]},
    {"id": "other", "class": "unknown-error", "cause": "c"}
  ]
})json";

std::string report_of(const Texts& lines, const TextStyle& style = {}, const std::string& name = "error.log",
                      const std::string& platform = "rhel") {
  static test::Files files;
  static const RuleBook book = [] {
    files.add("test/AH99001.json", kRule);
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
  request.setting.platform = platform;
  const auto report = diagnose(book, feed, request, problems);
  REQUIRE(problems.empty());
  return to_text(report, style);
}

void check_has(const std::string& text, const std::string& part) {
  CAPTURE(text, part);
  CHECK(contains(text, part));
}

std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n';
    if (!blank || !out.ends_with(' ')) out += blank ? ' ' : c;
  }
  return out;
}

const std::string kStamp = "[Wed Mar 13 07:02:11.000001 2024] [core:error] [pid 22] ";
const std::string kGone = kStamp + "(2)No such file or directory: AH99001: no /run/x";

}  // namespace

TEST_CASE("a log without a finding says so", "[report][text]") {
  const auto text = report_of({});
  check_has(text, "Nothing to diagnose");
  check_has(text, "0 lines read");
}

TEST_CASE("a finding is told in the order in which it is needed", "[report][text]") {
  const auto text = report_of({kGone, kStamp + "AH99002: x", kGone});
  std::size_t at = 0;
  for (const std::string part : {"critical: The directory /run/x is gone [AH99001]",
                                 "error.log, line 1, and 1 more, 2024-03-13T07:02:11.000001",
                                 "AH99001: no /run/x",
                                 "Cause",
                                 "Nobody has made /run/x. (certain)",
                                 "Effect",
                                 "Nothing is served.",
                                 "AH99002: it gives up",
                                 "Look first",
                                 "stat -- /run/x",
                                 "Repair",
                                 "mkdir -- /run/x",
                                 "Make it last",
                                 "/etc/x.conf",
                                 "Verify",
                                 "Open the site.",
                                 "To take it all back",
                                 "rmdir -- /run/x",
                                 "To know",
                                 "It is empty after a boot.",
                                 "3 lines read; plans are for rhel (as told)."}) {
    CAPTURE(text, part);
    const auto found = text.find(part, at);
    CHECK(found != std::string::npos);
    if (found != std::string::npos) at = found;
  }
}

TEST_CASE("a step that is expected to fail says how, one that interrupts says so", "[report][text]") {
  const auto text = report_of({kGone});
  check_has(text, "# expect exit status 1, 'none'");
  check_has(text, "Create it. (interrupts the service)");
}

TEST_CASE("the telling parts are marked below the entry", "[report][text]") {
  const auto text = report_of({kGone}, {false, 200, true});
  const auto line = text.find("    [Wed Mar 13");
  REQUIRE(line != std::string::npos);
  const auto end = text.find('\n', line);
  const auto row = text.substr(line, end - line);
  const auto marks = text.substr(end + 1, text.find('\n', end + 1) - end - 1);
  const auto path = row.find("/run/x"), status = row.find("(2)No such file or directory");
  REQUIRE(path != std::string::npos);
  REQUIRE(marks.size() == path + 6);
  CHECK(marks.substr(path) == "^^^^^^");
  CHECK(marks.substr(status, 28) == std::string(28, '^'));
  CHECK(marks.substr(0, status) == std::string(status, ' '));
}

TEST_CASE("a file is a here-document that its own text does not end", "[report][text]") {
  const auto text = report_of({kGone});
  check_has(text, "<<'EOF_'\nd /run/x\nEOF\n\nlast\nEOF_\n");
}

TEST_CASE("lines keep to the width, but for commands", "[report][text]") {
  for (const std::size_t width : {std::size_t{60}, std::size_t{80}, std::size_t{120}}) {
    const auto text = report_of({kGone, kStamp + "AH99002: x"}, {false, width, true});
    for (const auto line : split(text, '\n')) {
      CAPTURE(width, line);
      const bool command = contains(line, "install -o") || contains(line, "stat --");
      CHECK((command || columns(line) <= width));
    }
  }
}

TEST_CASE("there is colour only where it is wanted", "[report][text]") {
  CHECK_FALSE(contains(report_of({kGone}), "\x1B"));
  const auto coloured = report_of({kGone}, {true, 80, true});
  CHECK(contains(coloured, "\x1B["));
  CHECK_FALSE(contains(coloured, "^^^"));
}

TEST_CASE("nothing of a log steers the terminal", "[report][text]") {
  const std::string nasty = "\x1B[2J\x1B]0;x\x07\xC2\x9B\xE2\x80\xAE\xFF\r";
  for (const bool colour : {false, true}) {
    const auto text = report_of({kStamp + "AH99001: no /run/" + nasty, kStamp + "words " + nasty + "x"},
                                {colour, 80, true}, "log" + nasty);
    std::string bare;
    for (std::size_t i = 0; i < text.size(); ++i) {
      // Our own colours: ESC [ digits and ; m.
      if (colour && text[i] == '\x1B' && i + 1 < text.size() && text[i + 1] == '[') {
        auto end = i + 2;
        while (end < text.size() && (is_digit(text[end]) || text[end] == ';')) ++end;
        if (end < text.size() && text[end] == 'm') {
          i = end;
          continue;
        }
      }
      if (text[i] != '\n') bare += text[i];
    }
    CAPTURE(text);
    CHECK(printable(bare) == bare);
  }
}

TEST_CASE("a command is not broken by what the log says", "[report][text]") {
  const auto text = report_of({kStamp + "AH99001: no /srv/it's; reboot $HOME"});
  check_has(text, "mkdir -- '/srv/it'\\''s; reboot $HOME'\n");
}

TEST_CASE("what was refused is a manual step that says why", "[report][text]") {
  const auto text = report_of({kStamp + "AH99001: no /run/../etc"});
  CHECK_FALSE(contains(text, "mkdir"));
  check_has(squeezed(text), "no command is made of dir '/run/../etc'");
}

TEST_CASE("what no rule knows is listed with its number", "[report][text]") {
  Texts lines;
  for (int i = 0; i < 8; ++i) lines.push_back(kStamp + "AH9902" + std::to_string(i) + ": x");
  lines.push_back(kStamp + "AH99027: x");
  const auto text = report_of(lines);
  check_has(text, "No rule for");
  check_has(text, "- 2 times AH99027, core (");
  check_has(text, "and 3 more kinds");
}

TEST_CASE("standard input has a name", "[report][text]") {
  check_has(report_of({kGone}, {}, "-"), "standard input, line 1");
}

TEST_CASE("a report says how sure it is of the platform", "[report][text]") {
  check_has(squeezed(report_of({kGone}, {}, "x", "")), "the log does not show the platform");
  check_has(squeezed(report_of({"[Wed Mar 13 07:02:11 2024] [notice] Apache/2.4.6 (CentOS) configured"}, {}, "x", "")),
            "plans are for rhel (the log shows (CentOS)");
}
