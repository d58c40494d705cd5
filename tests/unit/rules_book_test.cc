#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.h"
#include "rules/book.h"
#include "support.h"

using namespace ahdiag;
using Texts = std::vector<std::string>;

namespace {

std::string rule(const std::string& id, const std::string& match, const std::string& more = "") {
  return "{\"id\": \"" + id + "\", \"title\": \"t\", \"severity\": \"error\", \"effect\": \"e\", \"match\": {" + match +
         "}, \"cases\": [{\"id\": \"a\", \"class\": \"unknown-error\", \"cause\": \"c\"}]" + more + "}";
}

// A book with these rules; each match is the inside of the member.
RuleBook book_of(test::Files& files, const std::vector<std::pair<std::string, std::string>>& rules,
                 const std::string& more = "") {
  for (const auto& [id, match] : rules) files.add("rules/test/" + id + ".json", rule(id, match, more));
  return files.book();
}

// The id of the rule that matches the only entry of `line`; "-" if none does.
std::string matched(const RuleBook& book, const std::string& line) {
  std::string id;
  test::for_each_entry({line}, [&](const Entry& entry, std::string_view) {
    const auto match = book.match(entry);
    id = match ? match->rule->id : "-";
  });
  return id;
}

const std::string kStamp = "[Sun Nov 22 15:20:05.000001 2026] [core:error] [pid 1] ";

}  // namespace

TEST_CASE("the built-in rules load without a problem", "[rules][book]") {
  Problems problems;
  const auto book = RuleBook::load({}, problems);
  CHECK(test::lines_of(problems) == Texts{});
  CHECK(book.rules().size() > 10);
  CHECK(book.platforms().find("generic") != nullptr);
  REQUIRE(book.rule("AH01762") != nullptr);
  CHECK(book.rule("AH01762")->id == "AH01762");
  CHECK(book.rule("AH99999") == nullptr);
  CHECK(book.remedy("runtime-directory") != nullptr);
  CHECK(book.remedy("nothing") == nullptr);
}

TEST_CASE("an id finds its rule, and the whole message decides", "[rules][book]") {
  test::Files files;
  const auto book = book_of(files, {{"AH99001", R"j("code": "AH99001", "message": "no (?P<x>a+)")j"}});
  CHECK(matched(book, kStamp + "AH99001: no aa") == "AH99001");
  CHECK(matched(book, "AH99001: no aa") == "AH99001");
  CHECK(matched(book, "(2)No such file or directory: AH99001: no aa") == "AH99001");
  CHECK(matched(book, kStamp + "AH99001: no aab") == "-");
  CHECK(matched(book, kStamp + "AH99001: x no aa") == "-");
  CHECK(matched(book, kStamp + "AH99002: no aa") == "-");
  CHECK(matched(book, kStamp + "no aa") == "-");
  CHECK(matched(book, kStamp + "AH99002: AH99001: no aa") == "-");
}

TEST_CASE("a rule for several ids is found by each", "[rules][book]") {
  test::Files files;
  const auto book = book_of(files, {{"several", R"j("code": ["AH99001", "AH99002"])j"}});
  CHECK(matched(book, kStamp + "AH99001: x") == "several");
  CHECK(matched(book, kStamp + "AH99002: y") == "several");
}

TEST_CASE("a group's text is the entry's own", "[rules][book]") {
  test::Files files;
  files.add("rules/test/AH99001.json",
            rule("AH99001", R"j("code": "AH99001", "message": "(?P<a>x+)(?: (?P<b>y+))? (?P<c>z)")j",
                 R"j(, "slots": {"a": {"type": "text"}, "b": {"type": "text"}, "c": {"type": "text"}})j"));
  const auto book = files.book();
  test::for_each_entry({kStamp + "AH99001: xx z"}, [&](const Entry& entry, std::string_view) {
    const auto match = book.match(entry);
    REQUIRE(match.has_value());
    std::vector<std::pair<std::string_view, std::string_view>> slots;
    match->for_each_slot([&](std::string_view name, std::string_view text) { slots.emplace_back(name, text); });
    REQUIRE(slots.size() == 2);
    CHECK(slots[0] == std::pair<std::string_view, std::string_view>("a", "xx"));
    CHECK(slots[0].second.data() == entry.message.data());
    CHECK(slots[1].first == "c");
  });
}

TEST_CASE("a visitor's words are never evidence", "[rules][book]") {
  test::Files files;
  const auto book = book_of(files, {{"AH99001", R"j("code": "AH99001")j"},
                                    {"words", R"j("contains": "no server", "message": "no server.*")j"}});
  CHECK(matched(book, kStamp + "AH99001: x") == "AH99001");
  CHECK(matched(book, kStamp + "[client 1.2.3.4:5] AH99001: x") == "-");
  CHECK(matched(book, kStamp + "[remote 1.2.3.4:5] AH99001: x") == "-");
  CHECK(matched(book, kStamp + "no server") == "words");
  CHECK(matched(book, kStamp + "[client 1.2.3.4:5] no server") == "-");
  CHECK(matched(book, kStamp + "[client 1.2.3.4:5] AH00128: x, referer: AH99001: x") == "-");
  CHECK(matched(book, "[Sun Nov 22 15:20:05 2026] [error] [client 1.2.3.4] no server") == "-");
}

TEST_CASE("a rule may ask for a client's entries, or for any", "[rules][book]") {
  test::Files files;
  const auto book = book_of(files, {{"AH99001", R"j("code": "AH99001", "origin": "client")j"},
                                    {"AH99002", R"j("code": "AH99002", "origin": "any")j"}});
  CHECK(matched(book, kStamp + "AH99001: x") == "-");
  CHECK(matched(book, kStamp + "[client 1.2.3.4:5] AH99001: x") == "AH99001");
  CHECK(matched(book, kStamp + "[remote 1.2.3.4:5] AH99001: x") == "AH99001");
  CHECK(matched(book, kStamp + "AH99002: x") == "AH99002");
  CHECK(matched(book, kStamp + "[client 1.2.3.4:5] AH99002: x") == "AH99002");
}

TEST_CASE("a rule may ask for a module", "[rules][book]") {
  test::Files files;
  const auto book = book_of(files, {{"AH99001", R"j("code": "AH99001", "module": "ssl")j"}});
  CHECK(matched(book, kStamp + "AH99001: x") == "-");
  CHECK(matched(book, "[Sun Nov 22 15:20:05.000001 2026] [ssl:error] [pid 1] AH99001: x") == "AH99001");
}

TEST_CASE("a rule without id is found by its literal, in entries without id", "[rules][book]") {
  test::Files files;
  const auto book =
      book_of(files, {{"words", R"j("contains": "peculiar words", "message": "(?:a )?peculiar words.*")j"}});
  CHECK(matched(book, kStamp + "peculiar words") == "words");
  CHECK(matched(book, "a peculiar words of all") == "words");
  CHECK(matched(book, kStamp + "x peculiar words") == "-");
  CHECK(matched(book, kStamp + "AH99001: peculiar words") == "-");
}

TEST_CASE("a configuration error is matched by its inside", "[rules][book]") {
  test::Files files;
  const auto book =
      book_of(files, {{"inside", R"j("within": "config-error", "message": "Peculiar '(?P<x>[^']*)'.*")j"}});
  CHECK(matched(book, "AH00526: Syntax error on line 11 of /etc/x: Peculiar 'Foo', y") == "inside");
  CHECK(matched(book, "httpd: Syntax error on line 1 of /a: Syntax error on line 11 of /b: Peculiar 'Foo'") ==
        "inside");
  CHECK(matched(book, "[core:alert] [pid 1] [client 1.2.3.4:5] /srv/.htaccess: Peculiar 'Foo'") == "inside");
  CHECK(matched(book, "[core:error] [pid 1] [client 1.2.3.4:5] /srv/.htaccess: Peculiar 'Foo'") == "-");
  CHECK(matched(book, kStamp + "[client 1.2.3.4:5] AH00128: Syntax error on line 1 of /x: Peculiar 'Foo'") == "-");
  CHECK(matched(book, "Peculiar 'Foo'") == "-");
}

TEST_CASE("a specific rule goes before a fallback", "[rules][book]") {
  test::Files files;
  files.add("rules/test/a-fallback.json", rule("a-fallback", R"j("code": "AH99001")j", R"j(, "rank": "fallback")j"));
  files.add("rules/test/b-specific.json", rule("b-specific", R"j("code": "AH99001", "message": "x.*")j"));
  const auto book = files.book();
  CHECK(matched(book, kStamp + "AH99001: x") == "b-specific");
  CHECK(matched(book, kStamp + "AH99001: y") == "a-fallback");
  test::for_each_entry({kStamp + "AH99001: x"}, [&](const Entry& entry, std::string_view) {
    const auto claims = book.claims(entry);
    REQUIRE(claims.size() == 1);
    CHECK(claims[0]->id == "b-specific");
  });
}

// All that the examples of the built-in rules show, one after another, as a thread asks that uses its memory again.
TEST_CASE("what was asked before makes no other answer", "[rules][book]") {
  Problems problems;
  const auto book = RuleBook::load({}, problems);
  Texts lines;
  for (const auto& one : book.rules()) {
    for (const auto& example : one.examples) lines.insert(lines.end(), example.log.begin(), example.log.end());
  }
  REQUIRE(lines.size() > 1000);
  RuleMatch match;
  std::size_t found = 0;
  for (std::size_t i = 0; i < lines.size() * 2; ++i) {
    const std::size_t of = i < lines.size() ? i : (i * 7919) % lines.size();  // as they stand, and mixed
    const Entry entry = parse_entry(lines[of]);
    const auto fresh = book.match(entry);
    const bool matches = book.match(entry, match);
    CAPTURE(lines[of]);
    REQUIRE(matches == fresh.has_value());
    REQUIRE(match.rule == (fresh ? fresh->rule : nullptr));
    REQUIRE(match.texts == (fresh ? fresh->texts : std::vector<std::string_view>{}));
    found += matches ? 1 : 0;
  }
  CHECK(found > lines.size());
}

TEST_CASE("two rules that claim an entry are both told", "[rules][book]") {
  test::Files files;
  const auto book =
      book_of(files, {{"one", R"j("code": "AH99001")j"}, {"two", R"j("code": "AH99001", "message": "x")j"}});
  test::for_each_entry({kStamp + "AH99001: x"},
                       [&](const Entry& entry, std::string_view) { CHECK(book.claims(entry).size() == 2); });
  CHECK(matched(book, kStamp + "AH99001: x") == "one");
}

TEST_CASE("a file replaces the built-in one of its id", "[rules][book]") {
  test::Files files;
  files.add("mine/AH01762.json", rule("AH01762", R"j("code": "AH01762", "message": "mine")j"));
  const auto book = files.book();
  int found = 0;
  for (const auto& one : book.rules()) found += one.id == "AH01762" ? 1 : 0;
  CHECK(found == 1);
  CHECK(book.rule("AH01762")->match.message.source() == "mine");
  CHECK(book.text_of("mine/AH01762.json").starts_with("{\"id\": \"AH01762\""));
  CHECK(book.text_of("nothing").empty());
}

TEST_CASE("a file with a problem is left out, the others are not", "[rules][book]") {
  test::Files files;
  files.add("rules/test/AH99001.json", "{");
  files.add("rules/test/AH99002.json", rule("AH99002", R"j("code": "AH99002")j"));
  files.add("rules/test/rule.schema.json", "no rule at all");
  files.add("rules/test/notes.txt", "no rule at all");
  Problems problems;
  const auto book = RuleBook::load(files.list(), problems);
  CHECK(problems.size() == 1);
  CHECK(book.rule("AH99001") == nullptr);
  CHECK(matched(book, kStamp + "AH99002: x") == "AH99002");
}

TEST_CASE("any bytes may stand in a message", "[rules][book]") {
  test::Files files;
  const auto book = book_of(files, {{"AH99001", R"j("code": "AH99001", "message": "file (?P<x>.*) is gone")j"}});
  CHECK(matched(book, kStamp + "AH99001: file caf\xE9 \xC3\xA9 \x01 is gone") == "AH99001");
  CHECK(matched(book, kStamp + "AH99001: file " + std::string(30000, '\xFF') + " is gone") == "AH99001");
}
