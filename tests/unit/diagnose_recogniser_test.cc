#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "catch.h"
#include "diagnose/collector.h"
#include "diagnose/recogniser.h"
#include "diagnose/signs.h"
#include "entry/plain_line.h"
#include "entry/reader.h"
#include "rules/book.h"
#include "text/hash.h"

using namespace ahdiag;
using Texts = std::vector<std::string>;

namespace {

const RuleBook& book() {
  static const RuleBook one = [] {
    Problems problems;
    return RuleBook::load({}, problems);
  }();
  return one;
}

std::string stamped(std::size_t number, std::string_view rest) {
  const auto two = [](std::size_t n) { return std::to_string(100 + n % 100).substr(1); };
  return "[Sun Nov 22 15:" + two(number / 600 % 60) + ":" + two(number / 10 % 60) + "." +
         std::to_string(1'000'000 + number).substr(1) + " 2026] " + std::string(rest);
}

// Of each kind that a collector tells apart: one failure on many pages, one on more paths than it keeps, consequences
// with and without their root, or one that comes late, what no rule knows, what scripts write, the server's own words,
// and a banner.
Texts log_of(std::size_t rounds) {
  Texts lines;
  const auto say = [&](std::string_view rest) { lines.push_back(stamped(lines.size(), rest)); };
  for (std::size_t i = 0; i < rounds; ++i) {
    const std::string n = std::to_string(i), who = "[pid " + n + ":tid 7] [client 203.0.113.9:" + n + "] ";
    say("[authz_core:error] " + who + "AH01630: client denied by server configuration: /srv/www/" + n +
        ", referer: https://www.example.com/");
    say("[core:crit] " + who + "(13)Permission denied: AH00529: /srv/" + n +
        "/.htaccess pcfg_openfile: unable to check htaccess file, ensure it is readable and that '/srv/" + n +
        "/' is executable");
    say("[proxy_http:error] " + who + "AH01114: HTTP: failed to make connection to backend: host" + n);
    if (i % 7 == 0)
      say("[proxy:error] [pid 9] (111)Connection refused: AH00957: HTTP: attempt to connect to 127.0.0.1:80" +
          std::to_string(10 + i % 90) + " (127.0.0.1) failed");
    say("[security2:error] " + who + "ModSecurity: Warning. Matched phrase \"" + n + "\" [id \"913100\"] [msg \"m\"]");
    say("[auth_basic:error] " + who + "AH01618: user " + std::to_string(i % 3) + " not found: /private/");
    if (i > rounds / 2 && i % 37 == 0)
      say("[authnz_pam:warn] " + who + "PAM authentication failed for user x: Error in service module");
    say("[peculiar:error] " + who + "AH99999: nobody knows " + n);
    say("[peculiar:error] " + who + "nobody knows " + n + " either");
    say("[cgi:error] " + who + "AH01215: Traceback (most recent call last):");
    if (i % 2 == 0) say("[cgi:error] " + who + "AH01215: ValueError: " + n);
    say("[core:notice] [pid 1] AH00094: Command line: '/usr/sbin/apache2 -D " + n + "'");
    say("[core:notice] [pid 1] AH00052: child pid " + n + " exit signal Segmentation fault (11)");
  }
  return lines;
}

std::string told(const std::vector<Evidence>& all) {
  std::string text;
  for (const auto& one : all) text += " " + std::to_string(one.place.line) + " " + one.text;
  return text;
}

Texts told(const Collection& found) {
  Texts all;
  for (const auto& one : found.incidents) {
    all.push_back(one.key + " x" + std::to_string(one.count) + " from " + std::to_string(one.order) + " " +
                  std::to_string(one.first->micros) + "-" + std::to_string(one.last->micros) + told(one.evidence));
    for (const auto& other : one.consequences)
      all.push_back("  " + other.code + " x" + std::to_string(other.count) + told(other.evidence));
  }
  for (const auto& one : found.unmatched)
    all.push_back(one.code + " x" + std::to_string(one.count) + " " + one.example);
  for (const auto& one : found.seen) all.push_back("seen " + one);
  all.push_back("over " + std::to_string(found.over));
  return all;
}

// What is made of the lines, so many at once; those that are new and of which nothing is known are recognised, or not.
Texts collected(const Texts& lines, std::size_t at_once, bool recognises, std::size_t* recognised = nullptr) {
  Signs signs(book().signs());
  Collector collector(book(), signs);
  EntryReader reader(
      0, [&](const Entry& entry, std::string_view around) { collector.entry(entry, around); }, nullptr, &collector);
  PlainLooker looker;
  Recogniser recogniser(book());
  Recognitions recognitions;
  std::vector<LookedLine> looked;
  std::vector<std::uint32_t> unknown;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    LookedLine& one = looked.emplace_back(LookedLine{{lines[i], i + 1, 0}, {}});
    looker.look(lines[i], one.plain);
    if (one.plain.is_plain()) one.plain.known = collector.known().find(one.plain.words);
    if (one.plain.is_plain() && one.plain.known == 0) unknown.push_back(static_cast<std::uint32_t>(looked.size() - 1));
    if (looked.size() < at_once && i + 1 < lines.size()) continue;
    recogniser.sort(looked, unknown);
    if (recognises) recogniser.see(looked, recognitions);
    unknown.clear();
    if (recognised != nullptr) *recognised += recognitions.all().size();
    reader.lines(looked, recognitions.all());
    looked.clear();
    recognitions.clear();
  }
  reader.finish();
  return told(collector.finish());
}

// The same where each line is read, whatever was said before.
Texts read_each(const Texts& lines) {
  Signs signs(book().signs());
  Collector collector(book(), signs);
  EntryReader reader(0, [&](const Entry& entry, std::string_view around) { collector.entry(entry, around); });
  for (std::size_t i = 0; i < lines.size(); ++i) reader.line({lines[i], i + 1, 0});
  reader.finish();
  return told(collector.finish());
}

}  // namespace

TEST_CASE("what was recognised before its turn comes to the same", "[diagnose][recogniser]") {
  constexpr std::size_t kRounds = 1500;
  const Texts lines = log_of(kRounds);
  const Texts expected = collected(lines, 1, false);
  CHECK(expected.size() > 100);
  CHECK(read_each(lines) == expected);
  std::size_t recognised = 0;
  for (const std::size_t at_once : {1U, 2U, 60U, 1000U, 5000U}) {
    CAPTURE(at_once);
    CHECK(collected(lines, at_once, true, &recognised) == expected);
    CHECK(collected(lines, at_once, false) == expected);
  }
  CHECK(recognised > 4 * kRounds);
}

TEST_CASE("more words of consequences than are remembered are counted all the same", "[diagnose][recogniser]") {
  constexpr std::size_t kMany = 5000;
  Texts lines;
  for (std::size_t i = 0; i < 2 * kMany; ++i) {
    lines.push_back(stamped(i, "[proxy_http:error] [pid 9] AH01114: HTTP: failed to make connection to backend: host" +
                                   std::to_string(i % kMany)));
  }
  const Texts expected = read_each(lines);
  CHECK(expected.back() == "over " + std::to_string(2 * (kMany - 100)));
  CHECK(collected(lines, 1000, false) == expected);
  CHECK(collected(lines, 1000, true) == expected);
}

TEST_CASE("only what its words tell is recognised, and no more than there is room for", "[diagnose][recogniser]") {
  PlainLooker looker;
  Recogniser recogniser(book());
  Recognitions all;
  const auto sees = [&](const std::string& line) {
    PlainLine plain;
    looker.look(line, plain);
    REQUIRE(plain.is_plain());
    recogniser.see(line, plain, all);
    return plain.recognised;
  };
  const std::string client = "[pid 1] [client 203.0.113.9:1] ";
  const std::string line =
      stamped(1, "[authz_core:error] " + client + "AH01630: client denied by server configuration: /srv/x");
  CHECK(sees(line));
  REQUIRE(all.all().size() == 1);
  const Recognition& one = all.all().front();
  CHECK(one.rule->id == "AH01630");
  CHECK(one.code == "AH01630");
  CHECK(one.speaker == Speaker::client);
  CHECK(one.hash == hash_of(one.key));
  CHECK_FALSE(sees(stamped(1, "[authz_core:error] " + client + "AH01630: client denied by server \xC3\xA9 x")));
  CHECK_FALSE(sees(stamped(1, "[peculiar:error] " + client + "nobody knows")));
  CHECK_FALSE(sees(stamped(1, "[cgi:error] " + client + "AH01215: ValueError: x")));
  std::size_t more = 0;
  while (!all.is_full() && more < 10'000)
    more += sees(stamped(1, "[authz_core:error] " + client + "AH01630: client denied by server configuration: /srv/" +
                                std::to_string(more)))
                ? 1U
                : 10'000U;
  CHECK(more < 10'000);
  CHECK_FALSE(
      sees(stamped(1, "[authz_core:error] " + client + "AH01630: client denied by server configuration: /a/b")));
  all.clear();
  CHECK(sees(stamped(1, "[authz_core:error] " + client + "AH01630: client denied by server configuration: /a/b")));
}

TEST_CASE("of many lines, those are recognised that nothing goes on with", "[diagnose][recogniser]") {
  const std::string client = "[pid 1] [client 203.0.113.9:1] ";
  const auto denied = [&](std::string_view path) {
    return stamped(
        1, "[authz_core:error] " + client + "AH01630: client denied by server configuration: " + std::string(path));
  };
  const Texts texts = {denied("/a"),
                       "    and a line that is no plain one, however long",
                       denied("/b"),
                       denied("/c"),
                       stamped(1, "[auth_basic:error] " + client + "AH01618: user x not found: /"),
                       denied("/d")};
  PlainLooker looker;
  std::vector<LookedLine> lines;
  for (const auto& text : texts) {
    lines.push_back({{text}, {}});
    looker.look(text, lines.back().plain);
  }
  lines[2].plain.open = true;
  Recogniser recogniser(book());
  Recognitions all;
  recogniser.sort(lines, std::vector<std::uint32_t>{0, 2, 3, 4, 5});
  CHECK_FALSE(recogniser.is_mixed());  // two of three are of a kind
  recogniser.see(lines, all);
  std::vector<bool> recognised;
  for (const auto& [line, plain] : lines) recognised.push_back(plain.recognised);
  CHECK(recognised == std::vector<bool>{false, false, false, true, true, true});
  REQUIRE(all.all().size() == 3);
  CHECK(all.all()[lines[4].plain.known].code == "AH01618");
  recogniser.sort(lines, std::vector<std::uint32_t>{3, 4});
  CHECK_FALSE(recogniser.is_mixed());
  recogniser.sort(lines, {});
  CHECK_FALSE(recogniser.is_mixed());
}

TEST_CASE("two threads may ask the rules at once", "[diagnose][recogniser]") {
  Problems problems;
  const RuleBook fresh = RuleBook::load({}, problems);  // nothing of it is read yet
  const Texts lines = log_of(50);
  const auto ids = [&](Texts& all) {
    RuleMatch match;
    for (const auto& line : lines) {
      const Entry entry = parse_entry(line);
      all.push_back(fresh.match(entry, match) ? match.rule->id : "");
    }
  };
  Texts one, other;
  std::thread thread([&] { ids(other); });
  ids(one);
  thread.join();
  CHECK(one == other);
  CHECK(one.front() == "AH01630");
}
