#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "rules/book.h"
#include "rules/steps.h"
#include "support.h"

using namespace ahdiag;
using Answer = MatchSteps::Answer;
using Views = std::vector<std::string_view>;

namespace {

// "yes: a|b", "no", "gave up", "-" for what no steps are made of.
std::string told(std::string_view expression, std::string_view text) {
  const auto steps = MatchSteps::of(expression);
  if (!steps) return "-";
  Views groups, likely;
  const Answer answer = steps->match(text, groups);
  CHECK(steps->match(text, likely, true) == answer);
  if (answer == Answer::yes) CHECK(likely == groups);
  switch (answer) {
    case Answer::no: return "no";
    case Answer::gave_up: return "gave up";
    case Answer::yes: break;
  }
  std::string all = "yes:";
  for (const auto group : groups) all += (all.size() > 4 ? "|" : " ") + std::string(group);
  return all;
}

struct Row {
  std::string_view expression, text, told;
};

}  // namespace

TEST_CASE("steps find what Perl finds", "[rules][steps]") {
  const std::vector<Row> rows = {
      {"", "", "yes:"},
      {"", "a", "no"},
      {"abc", "abc", "yes:"},
      {"abc", "abcd", "no"},
      {"a(b*)c", "abbc", "yes: bb"},
      {"a(b*)(b?)c", "abbc", "yes: bb|"},
      {"a(b*?)(b*)c", "abbc", "yes: |bb"},
      {"(.*), (.*)", "a, b, c", "yes: a, b|c"},
      {"(.*?), (.*)", "a, b, c", "yes: a|b, c"},
      {"(?P<x>\\S+) (?P<y>\\d+)\\s*", "port 80  ", "yes: port|80"},
      {"(a|ab)(c|bcd)(d*)", "abcd", "yes: a|bcd|"},
      {"(?:(a)|(b))+", "ab", "-"},
      {"(?:(a)|b)?c", "bc", "yes: "},
      {"(?:x(?:y|z)?)?w", "xzw", "yes:"},
      {"[^']*'(?P<n>[^']*)'", "it's '", "yes: s "},
      {"[a-c\\]x-]+", "a]x-b", "yes:"},
      {"[^\\s\"]+", "a\"b", "no"},
      {"\\w{2,3}(\\d{1,})", "ab123", "yes: 23"},
      {"\\w{2}(\\d+)", "ab123", "yes: 123"},
      {"(?i:EtaG) x", "eTag x", "yes:"},
      {"(?i:a)b", "AB", "no"},
      {"a.c", "a\nc", "yes:"},
      {"\\.\\*\\\\\\[", ".*\\[", "yes:"},
      {"(.*?)(?:, referer: .*)?\\s*", "abc, referer: d ", "yes: abc"},
      {"(.*)(?:, referer: .*)?", "abc, referer: d", "yes: abc, referer: d"},
      {"a(?: b|$)", "a", "yes:"},
      {"a(?:$|b).*", "abc", "yes:"},
      {"\\bword", "word", "-"},
      {"^a", "a", "-"},
      {"(?i)a", "a", "-"},
      {"(ab)*", "abab", "-"},
      {"(a", "a", "-"},
      {"a)", "a)", "-"},
      {"[a", "a", "-"},
      {"a{2000}", "a", "-"},
      {"\xC3\xA9+", "\xC3\xA9\xA9", "yes:"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.expression, row.text);
    CHECK(told(row.expression, row.text) == row.told);
  }
  CHECK(told("[^a]*", std::string_view()) == "yes:");
}

TEST_CASE("a text that would take too long ends with an empty purse", "[rules][steps]") {
  const std::string expression = "(?:a*)(?:a*)(?:a*)(?:a*)(?:a*)(?:a*)(?:a*)(?:a*)b?c";
  CHECK(told(expression, "aaabc") == "yes:");
  CHECK(told(expression, std::string(3000, 'a') + "bd") == "gave up");
  CHECK(told("(.*)x(.*)x(.*)x(.*)y(.*)", std::string(5000, 'x')) == "gave up");
}

// On the messages of all examples and on mutilated ones, the steps of every rule say what RE2 says.
TEST_CASE("steps and automaton agree", "[rules][steps]") {
  Problems problems;
  const auto book = RuleBook::load({}, problems);
  std::vector<std::string> messages;
  for (const auto& rule : book.rules()) {
    for (const auto& example : rule.examples) {
      test::for_each_entry(example.log, [&](const Entry& entry, std::string_view) {
        messages.emplace_back(entry.message);
        if (entry.config) messages.emplace_back(entry.config->body);
      });
    }
  }
  REQUIRE(messages.size() > 1000);
  std::mt19937 random(1762);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same in every run
  const auto pick = [&](std::size_t size) { return random() % size; };
  std::size_t asked = 0, matched = 0;
  for (const auto& rule : book.rules()) {
    const auto& pattern = rule.match.message;
    if (pattern.empty()) continue;
    const auto check = [&](std::string_view text) {
      Views groups, others;
      const bool by_steps = pattern.match(text, groups);
      const bool by_automaton = pattern.match_by_automaton(text, others);
      ++asked;
      matched += by_steps ? 1U : 0U;
      if (by_steps == by_automaton && groups == others) return;
      CAPTURE(rule.id, text);
      CHECK(by_steps == by_automaton);
      CHECK(groups == others);
    };
    for (const auto& example : rule.examples) {
      test::for_each_entry(example.log, [&](const Entry& entry, std::string_view) {
        for (std::string text : {std::string(entry.message), std::string(entry.config ? entry.config->body : "")}) {
          check(text);
          for (int i = 0; i < 8 && !text.empty(); ++i) {
            std::string other = text;
            other.erase(pick(other.size()), 1 + pick(6));
            check(other);
            other.insert(pick(other.size() + 1), std::string(1 + pick(3), " :'[]/,x1"[pick(9)]));
            check(other);
          }
        }
      });
    }
    for (int i = 0; i < 20; ++i) check(messages[pick(messages.size())]);
  }
  CHECK(asked > 20'000);
  CHECK(matched > 2'000);
}
