// A line that comes again and again is told without being read again: nothing but its number may differ from what a
// reader that forgets makes of it.
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "entry/reader.h"

using namespace ahdiag;
using std::string_view;

namespace {

struct Told {
  std::uint64_t line = 0;
  std::string text, message, code, noise, around, time;
  bool operator==(const Told&) const = default;
};

struct All {
  std::vector<Told> told;
  std::uint64_t unparsed = 0, noise = 0;
};

All read(const std::vector<std::string>& lines) {
  All all;
  EntryReader reader(0, [&](const Entry& entry, string_view around) {
    all.told.push_back({entry.place.line, std::string(entry.text), std::string(entry.message), std::string(entry.code),
                        std::string(entry.carrier.noise), std::string(around),
                        entry.time ? to_rfc3339(*entry.time) : ""});
  });
  std::uint64_t number = 0;
  for (const auto& line : lines) {
    const std::string copy = line;
    reader.line({copy, ++number, 0});
  }
  reader.finish();
  all.unparsed = reader.unparsed();
  for (std::size_t i = 1; i < static_cast<std::size_t>(Noise::kNoises); ++i)
    all.noise += reader.noise(static_cast<Noise>(i));
  return all;
}

}  // namespace

TEST_CASE("a line that comes again is told again", "[entry][reader]") {
  for (const std::string line :
       {"x", "words of nobody", "AH00558: httpd: Could not reliably determine", "web-1  | x", "sed: no such file",
        "Syntax OK", "{\"a\": 1}", "PHP Warning:  x in /x.php on line 7", "Active: failed (Result: exit-code)",
        "client denied by server configuration: /srv/x", "(98)Address already in use: AH00072: make_sock: x",
        "Starting httpd: AH00558: x", "`x`", "AH00526: Syntax error on line 1 of /etc/x.conf:"}) {
    CAPTURE(line);
    const std::string stamp = "[Wed Mar 13 07:02:11.000001 2024] [core:error] [pid 1] AH00023: x";
    // Two that are told apart from each other by nothing but a blank line between them.
    const All once = read({stamp, line, "", line, ""});
    const All again = read({stamp, line, line, line, line, ""});
    if (again.told.size() < 5) continue;  // they are one entry, or none
    for (std::size_t i = 1; i < again.told.size(); ++i) {
      Told expected = once.told.at(1);
      expected.line = i + 1;
      CHECK(again.told[i] == expected);
    }
    CHECK(again.unparsed == once.unparsed * 2);
    CHECK(again.noise == once.noise * 2);
  }
}

TEST_CASE("what comes between two of a kind is not forgotten", "[entry][reader]") {
  const std::string stamp = "[Wed Mar 13 07:02:11.000001 2024] [core:error] [pid 1] AH00023: x";
  const All all = read({"x", "x", "", "x", "x", stamp, "x", "y", "x", "x"});
  std::vector<std::uint64_t> lines;
  for (const auto& one : all.told) lines.push_back(one.line);
  CHECK(lines == std::vector<std::uint64_t>{1, 2, 4, 5, 6, 7, 8, 9, 10});
  CHECK(all.unparsed == 8);
  CHECK(all.told.at(4).code == "AH00023");
}

TEST_CASE("a trace's lines that are alike stay one trace's", "[entry][reader]") {
  const All all = read({"Traceback (most recent call last):", "  File \"/a.py\", line 3, in f",
                        "  File \"/a.py\", line 3, in f", "ValueError: x", "#1 {main}", "#1 {main}"});
  REQUIRE(!all.told.empty());
  CHECK(all.told.front().text.find("line 3, in f\\nFile") != std::string::npos);
}

TEST_CASE("the words of a frame are no line of the log", "[entry][reader]") {
  // The parts are one line, which in a frame means what it says, and outside of one is a frame.
  const All all = read({"2024-03-13T07:02:11.1Z stdout P >", "2024-03-13T07:02:11.1Z stdout F  x", "> x", "> x"});
  std::vector<std::string> texts;
  for (const auto& one : all.told) texts.push_back(one.text);
  CHECK(texts == std::vector<std::string>{"> x", "x", "x"});
}
