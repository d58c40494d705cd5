#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "entry/plain_line.h"
#include "entry/reader.h"

using namespace ahdiag;
using Texts = std::vector<std::string>;

namespace {

const std::string kStamp = "[Wed Mar 13 07:02:11.000001 2024] ";

std::optional<PlainLine> look(PlainLooker& looker, std::string_view line) {
  PlainLine plain;
  return looker.look(line, plain) ? std::optional(plain) : std::nullopt;
}

bool same(const std::string& a, const std::string& b) {
  PlainLooker looker;
  const auto first = look(looker, a), second = look(looker, b);
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  return first->words == second->words;
}

bool is_plain(const std::string& line) {
  PlainLooker looker;
  return look(looker, line).has_value();
}

// The entries that a reader tells of, repeats marked with "again".
Texts told(const Texts& lines, bool familiar, bool looks_ahead = false) {
  Texts all;
  std::map<std::string, Verdict> known;
  Verdict last = 0;
  const auto tell = [&](const Entry& entry, const std::string& how) {
    all.push_back(how + std::to_string(entry.place.line) + " " + std::to_string(entry.time ? entry.time->micros : 0) +
                  " " + std::string(entry.text));
  };
  const Familiarity familiarity{[&] { return last; },
                                [&](Verdict, const Repeat& repeat) {
                                  Entry entry = parse_entry(repeat.text);
                                  entry.place = repeat.place;
                                  CHECK(entry.time->micros == repeat.time.micros);
                                  CHECK(entry.pid == repeat.pid);
                                  tell(entry, "again ");
                                }};
  EntryReader reader(
      0,
      [&](const Entry& entry, std::string_view) {
        last = 1;
        tell(entry, "");
      },
      nullptr, familiar ? &familiarity : nullptr);
  PlainLooker looker;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool alone = looks_ahead && (i + 1 == lines.size() || look(looker, lines[i + 1]));
    reader.line({lines[i], i + 1, 0}, look(looker, lines[i]), alone);
  }
  reader.finish();
  all.push_back(reader.format() + " " + std::to_string(reader.entries()) + " " + std::to_string(reader.unparsed()));
  return all;
}

Texts without_again(Texts texts) {
  for (auto& text : texts) {
    if (text.starts_with("again ")) text.erase(0, 6);
  }
  return texts;
}

}  // namespace

TEST_CASE("time, process, peer and referer are not what a line says", "[entry][plain]") {
  const std::string words = "AH01630: client denied by server configuration: /srv/x";
  const auto line = [&](std::string_view stamp, std::string_view pid, std::string_view peer, std::string_view rest) {
    return std::string(stamp) + "[authz_core:error] [pid " + std::string(pid) + "] [client " + std::string(peer) +
           "] " + std::string(rest);
  };
  const auto one = line(kStamp, "1", "203.0.113.9:4711", words);
  CHECK(same(one, line(kStamp, "22:tid 333", "2001:db8::1:80", words)));
  CHECK(same(one, line("[Thu Mar 14 00:00:00.999999 2024] ", "1", "203.0.113.9:1", words)));
  CHECK(same(one, line("[Wed Mar 13 07:02:11 2024] ", "1", "203.0.113.9:4711", words)));
  CHECK(same(one, line(kStamp, "1", "203.0.113.9:4711", words + ", referer: https://www.example.com/")));
  CHECK_FALSE(same(one, line(kStamp, "1", "203.0.113.9:4711", words + "y")));
  CHECK_FALSE(same(one, kStamp + "[authz_core:warn] [pid 1] [client 203.0.113.9:4711] " + words));
  CHECK_FALSE(same(one, kStamp + "[authz_core:error] [pid 1] [remote 203.0.113.9:4711] " + words));
  CHECK_FALSE(same(one, kStamp + "[authz_core:error] [pid 1] " + words));
  CHECK_FALSE(
      same(one, kStamp + "[authz_core:error] [pid 1] (13)Permission denied: [client 203.0.113.9:4711] " + words));
}

TEST_CASE("what is not plain is not looked at", "[entry][plain]") {
  const std::string head = kStamp + "[core:error] [pid 1] ";
  CHECK(is_plain(head + "AH00023: x y z"));
  CHECK(is_plain("[Wed Mar 13 07:02:11 2024] [error] [client 203.0.113.9] File does not exist: /srv/x"));
  for (const std::string& line :
       Texts{"", "x", "AH00023: words", head + "AH00023: ends with a dollar$", head + "AH00023: ends with a blank ",
             head + "AH00023: ends like cat -v^M", "[Wed Mar 33 07:02:11.000001 2024] [core:error] [pid 1] AH00023: x",
             "[Wed Mar 13 07:02:11.00000x 2024] [core:error] [pid 1] AH00023: x",
             "[2024-03-13 07:02:11.000001] [core:error] [pid 1] AH00023: words",
             kStamp + "[core:error] [pid x] AH00023: words of it",
             kStamp + "[core:error] [pid 1] [client made-up host] AH00023: x", head + std::string(5000, 'x'),
             head + "[client 203.0.113.9:1] x, referer: \x1b[31m"}) {
    CAPTURE(line);
    CHECK_FALSE(is_plain(line));
  }
}

TEST_CASE("a reader that need not repeat itself tells the same", "[entry][plain]") {
  const Texts kinds = {
      kStamp + "[core:error] [pid 1] AH00023: one",
      kStamp + "[core:error] [pid 2] AH00023: one",
      kStamp + "[core:error] [pid 2] AH00526: Syntax error on line 2 of /etc/x.conf:",  // goes on
      "Invalid command 'X'",
      kStamp +
          "[authz_core:error] [pid 3:tid 4] [client 203.0.113.9:1] AH01630: client denied by server configuration: /x, "
          "referer: http://a/ [x]:",
      "    goes on behind it",
      kStamp + "[wsgi:error] [pid 5] [client 203.0.113.9:1] Traceback (most recent call last):",
      kStamp + "[wsgi:error] [pid 5] [client 203.0.113.9:1]   File \"/srv/app.py\", line 3, in <module>",
      kStamp + "[wsgi:error] [pid 5] [client 203.0.113.9:1] ImportError: no x",
      "",
      "Mar 13 07:02:11 web httpd[1]: AH00558: httpd: Could not reliably determine the server's name",
      kStamp + "[core:error] [pid 1] AH00023: two$",
      kStamp + "[core:error] [pid 1] AH00023: " + std::string(40, 'w'),
      "12: " + kStamp + "[core:error] [pid 1] AH00023: numbered",
      "raw words of a script",
  };
  Texts lines;
  std::uint32_t state = 1762;
  for (int i = 0; i < 5000; ++i) {
    state = state * 1664525U + 1013904223U;
    lines.push_back(kinds[(state >> 16U) % kinds.size()]);
  }
  const auto plainly = told(lines, false);
  const auto familiarly = told(lines, true);
  CHECK(familiarly != plainly);  // something was told as a repeat
  CHECK(without_again(familiarly) == plainly);
  CHECK(without_again(told(lines, true, true)) == plainly);
}

TEST_CASE("the table of known words forgets the oldest", "[entry][plain]") {
  KnownWords known;
  CHECK(known.find({1, 2}) == 0);
  known.keep({1, 2}, 7);
  CHECK(known.find({1, 2}) == 7);
  CHECK(known.find({1, 3}) == 0);
  CHECK(known.find({2, 2}) == 0);
  for (std::uint64_t i = 0; i < 3; ++i) known.keep({1, 100 + i}, 9);
  CHECK(known.find({1, 2}) == 7);
  known.keep({1, 200}, 9);
  CHECK(known.find({1, 2}) == 0);
  CHECK(known.find({1, 102}) == 9);
}
