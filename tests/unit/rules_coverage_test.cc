// What the library owes: advice for every id that httpd logs when it is in need.
#include <algorithm>
#include <set>
#include <string>

#include "catch.h"
#include "plan/plan.h"
#include "rules/tables.h"
#include "support.h"
#include "text/ascii.h"

using namespace ahdiag;
using namespace ahdiag::test;

namespace {

bool gives_advice(const Steps& steps) {
  return !steps.inspect.empty() || !steps.repair.empty() || !steps.remedies.empty();
}

bool advises(const Rule& rule) {
  return std::ranges::all_of(rule.cases, [&](const Case& one) {
    return gives_advice(one.steps) || gives_advice(rule.shared) || !one.summary.empty();
  });
}

std::set<std::string> codes_with_advice(const RuleBook& book) {
  std::set<std::string> all;
  for (const auto& rule : book.rules()) {
    if (advises(rule)) all.insert(rule.match.codes.begin(), rule.match.codes.end());
  }
  return all;
}

}  // namespace

TEST_CASE("every id at crit, alert or emerg has advice of a rule of its own or of its group", "[rules][coverage]") {
  const auto book = Files().book();
  const auto advised = codes_with_advice(book);
  std::size_t urgent = 0;
  std::string without;
  for (const auto& facts : all_codes()) {
    const Level level = facts.worst_level();
    if (level == Level::none || level > Level::crit) continue;
    ++urgent;
    if (!advised.contains(std::string(facts.code))) without += std::string(facts.code) + " ";
  }
  CHECK(urgent > 500);
  CHECK(without == "");
}

TEST_CASE("every id that a rule names is one of httpd's", "[rules][coverage]") {
  const auto book = Files().book();
  for (const auto& rule : book.rules()) {
    for (const auto& code : rule.match.codes) {
      CAPTURE(rule.id, code);
      CHECK((code == "*" || find_code(code).has_value()));
    }
    for (const auto& one : rule.consequences) {
      CAPTURE(rule.id, one.code);
      CHECK((one.code.empty() || find_code(one.code).has_value()));
    }
  }
}

TEST_CASE("the catalogue is whole: module, level and status of each id are known words", "[rules][coverage]") {
  const std::set<std::string_view> statuses = {"yes", "no", "const", "-"};
  std::size_t unknown = 0;
  for (const auto& facts : all_codes()) {
    CAPTURE(facts.code);
    CHECK(!area_of_module(facts.module).empty());
    CHECK((facts.level == "-" || facts.worst_level() != Level::none));
    CHECK(statuses.contains(facts.status));
    CHECK((facts.client == "yes" || facts.client == "no" || facts.client == "-"));
    if (facts.status == "-") ++unknown;
  }
  CHECK(all_codes().size() >= 3857);
  CHECK(unknown < 400);  // of releases that are gone, and those read from a binary
}

namespace {

// Words that stand where nothing is known.
bool has_blank(const std::string& text) {
  return contains(text, "(unknown ") || contains(text, "{}") || contains(text, "  ,");
}

std::string blanks_of(const Plan& plan) {
  std::string all;
  const auto look = [&](const std::string& text) {
    if (has_blank(text)) all += text + "\n";
  };
  look(plan.summary);
  for (const auto& note : plan.notes) look(note);
  for (const auto& step : plan.steps) {
    look(step.why);
    if (const auto* manual = std::get_if<Manual>(&step.action)) look(manual->text);
    if (const auto* command = std::get_if<Command>(&step.action)) {
      for (const auto& word : command->argv()) {
        if (word.empty()) all += "an empty word in: " + step.why + "\n";
      }
    }
  }
  return all;
}

}  // namespace

TEST_CASE("every example has a plan without a blank on every platform", "[rules][coverage]") {
  const auto book = Files().book();
  std::size_t plans = 0;
  for (const auto& rule : book.rules()) {
    for (const auto& example : rule.examples) {
      if (example.expect.empty()) continue;
      for (const auto& platform : book.platforms().list) {
        Problems problems;
        auto collection = collect(book, example.log);
        const auto setting = choose_setting(book.platforms(), Signs(book.platforms()), {platform.id, {}, {}}, problems);
        for (const auto& diagnosis : judge(collection, setting)) {
          if (diagnosis.incident.rule != &rule) continue;
          ++plans;
          CAPTURE(rule.id, example.name, platform.id);
          CHECK(blanks_of(make_plan(diagnosis, book)) == "");
        }
      }
    }
  }
  CHECK(plans > 5000);
}
