#include <functional>
#include <set>
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

PlainLine look(PlainLooker& looker, std::string_view line) {
  PlainLine plain;
  looker.look(line, plain);
  return plain;
}

bool same(const std::string& a, const std::string& b) {
  PlainLooker looker;
  const auto first = look(looker, a), second = look(looker, b);
  REQUIRE(first.is_plain());
  REQUIRE(second.is_plain());
  return first.words == second.words;
}

bool is_plain(const std::string& line) {
  PlainLooker looker;
  return look(looker, line).is_plain();
}

// Answers each repeat with the entry that it stands for.
class Hearer : public Familiar {
 public:
  explicit Hearer(std::function<void(const Entry&)> hear) : hear_(std::move(hear)) {}

  Verdict last = 0;
  std::size_t kept = 0;

  [[nodiscard]] Verdict verdict() const override { return last; }
  void again(std::span<const LookedLine> all, std::uint32_t source) override {
    for (const auto& [line, plain] : all) {
      Entry entry = parse_entry(line.text);
      entry.place = {source, line.number};
      CHECK(entry.time->micros == plain.micros);
      CHECK(entry.pid == plain.process(line.text));
      hear_(entry);
    }
  }
  void recognise(const Recognition&, const Repeat& line) override { again({&line.looked, 1}, line.source); }
  void keep() override { ++kept; }

 private:
  std::function<void(const Entry&)> hear_;
};

// The entries that a reader tells of, repeats marked with "again".
Texts told(const Texts& lines, bool familiar, std::size_t at_once = 1) {
  Texts all;
  const auto tell = [&](const Entry& entry, const std::string& how) {
    all.push_back(how + std::to_string(entry.place.line) + " " + std::to_string(entry.time ? entry.time->micros : 0) +
                  " " + std::string(entry.text));
  };
  Hearer hearer([&](const Entry& entry) { tell(entry, "again "); });
  EntryReader reader(
      0,
      [&](const Entry& entry, std::string_view) {
        hearer.last = 1;
        tell(entry, "");
      },
      nullptr, familiar ? &hearer : nullptr);
  PlainLooker looker;
  std::vector<LookedLine> looked;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    looked.push_back({{lines[i], i + 1, 0}, look(looker, lines[i])});
    if (looked.size() < at_once && i + 1 < lines.size()) continue;
    reader.lines(looked);
    looked.clear();
  }
  reader.finish();
  CHECK((hearer.kept > 0) == familiar);
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
  for (const std::size_t at_once : {2, 7, 5000}) CHECK(without_again(told(lines, true, at_once)) == plainly);
}

// All that parse_entry tells of a line, as words.
std::string all_of(const Entry& entry) {
  std::string all;
  for (const auto text :
       {entry.text, entry.module, entry.where, entry.peer, entry.remote, entry.code, entry.second_code, entry.message,
        entry.referer, entry.request_id, entry.connection_id, entry.virtual_host, level_name(entry)})
    all += std::string(text) + "|";
  all += std::to_string(entry.time ? entry.time->micros : -1) + " " +
         std::to_string(entry.time ? entry.time->digits : -1) + " " + std::to_string(entry.pid.value_or(-1)) + " " +
         std::to_string(entry.tid.value_or(-1)) + " " + std::to_string(static_cast<int>(entry.speaker)) + " " +
         std::to_string(entry.status ? entry.status->number : -1) + (entry.header ? " header" : "") +
         (entry.truncated ? " cut" : "");
  if (entry.config)
    all += " " + std::string(entry.config->file) + ":" + std::to_string(entry.config->line) + ":" +
           std::string(entry.config->body);
  return all;
}

TEST_CASE("a line that was looked at is parsed to the same entry", "[entry][plain]") {
  const Texts heads = {"[core:error] [pid 1] ",
                       "[:error] [pid 12345678:tid 139836926555164] ",
                       "[ssl:warn] [pid 7:tid 8] ",
                       "[error] ",
                       "[nonsense:level] [pid 1] ",
                       "[proxy:trace3] [pid 2:tid 3] ",
                       "[cgi:error] "};
  const Texts leads = {"",
                       "(13)Permission denied: ",
                       "mod_proxy.c(1467): ",
                       "mod_proxy.c(1467): (111)Connection refused: ",
                       "[R:0oWQCnekd2Y] ",
                       "(made up "};
  const Texts peers = {"",
                       "[client 203.0.113.9:4711] ",
                       "[client 2001:db8::1] ",
                       "[remote 127.0.0.1:80] ",
                       "[remote 127.0.0.1:80] [client 203.0.113.9:1] ",
                       "[client ] "};
  const Texts words = {"AH00023: words enough of it",
                       "(2)No such file: AH01630: x, referer: http://a/",
                       "AH02997: AH02198: xlate filter",
                       "plain words, referer: a, referer: http://b/",
                       "  AH00526: Syntax error on line 3 of /etc/x.conf: bad",
                       "/srv/.htaccess: Invalid command 'x'",
                       "[R:0oWQCnekd2Y] words of a script",
                       "AH00094: pid 5:tid 7"};
  PlainLooker looker;
  std::size_t plains = 0;
  for (const auto& head : heads) {
    for (const auto& lead : leads) {
      for (const auto& peer : peers) {
        for (const auto& said : words) {
          const std::string line = kStamp + head + lead + peer + said;
          const auto plain = look(looker, line);
          if (!plain.is_plain() || !is_untouched(plain, line)) continue;
          ++plains;
          CAPTURE(line);
          CHECK(all_of(parse_plain(line, plain)) == all_of(parse_entry(line)));
        }
      }
    }
  }
  CHECK(plains > 500);
}

TEST_CASE("a referer is found wherever it begins", "[entry][plain]") {
  const std::string header = kStamp + "[core:error] [pid 1:tid 2] [client 203.0.113.9:4711] ";
  PlainLooker looker;
  for (std::size_t words = 1; words < 300; ++words) {
    for (const std::size_t referer : {0, 1, 5, 20, 21, 22, 53, 54, 64, 65, 117, 118, 140}) {
      const std::string said = std::string(words - 1, ',') + "x";
      const std::string line = header + said + (referer > 0 ? ", referer: " + std::string(referer, 'r') : "");
      const auto plain = look(looker, line);
      CAPTURE(line);
      REQUIRE(plain.is_plain());
      REQUIRE(plain.words_size == words);
      REQUIRE(plain.referer_size == referer);
      REQUIRE(look(looker, header + said).words == plain.words);
      if (referer > 0) REQUIRE_FALSE(look(looker, line + "\xC3\xA9").is_plain());
    }
  }
  const auto plain = look(looker, header + "AH00023: x, referer: a, reason, r: b");
  CHECK(plain.referer_size == std::string_view("a, reason, r: b").size());
  CHECK(look(looker, kStamp + "[a, referer: b] [pid 1:tid 2] [client 203.0.113.9:4711] AH00023: x").referer_size == 0);
}

TEST_CASE("each byte of the words counts", "[entry][plain]") {
  const std::string header = kStamp + "[core:error] [pid 1:tid 2] [client 203.0.113.9:4711] ";
  PlainLooker looker;
  for (const std::size_t size :
       {1, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65, 127, 128, 129, 200, 511, 512, 513, 600}) {
    std::set<Fingerprint> seen = {look(looker, header + std::string(size, 'x')).words};
    for (std::size_t at = 0; at < size; ++at) {
      std::string words(size, 'x');
      words[at] = 'y';
      CAPTURE(size, at);
      REQUIRE(seen.insert(look(looker, header + words).words).second);
    }
    CHECK(seen.insert(look(looker, header + std::string(size + 1, 'x')).words).second);
  }
}

TEST_CASE("the table of known words forgets the oldest", "[entry][plain]") {
  constexpr Fingerprint kPlace = 5, kNext = Fingerprint{1} << 16U;  // of the same place in the table
  KnownWords known;
  CHECK(known.find(kPlace + kNext) == 0);
  known.keep(kPlace + kNext, 7);
  CHECK(known.find(kPlace + kNext) == 7);
  CHECK(known.find(kPlace + 2 * kNext) == 0);
  CHECK(known.find(kPlace + 1 + kNext) == 0);
  for (Fingerprint i = 2; i < 8; ++i) known.keep(kPlace + i * kNext, 9);
  CHECK(known.find(kPlace + kNext) == 7);
  known.keep(kPlace + 8 * kNext, 9);
  CHECK(known.find(kPlace + kNext) == 0);
  CHECK(known.find(kPlace + 2 * kNext) == 9);
  CHECK(known.find(kPlace + 8 * kNext) == 9);
  CHECK(known.find(kPlace + 8 * kNext + (Fingerprint{1} << 60U)) == 0);
}
