#include <fmt/format.h>

#include <algorithm>

#include "cli/examples.h"
#include "cli/run.h"
#include "rules/lint.h"
#include "rules/scaffold.h"
#include "rules/tables.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

std::string codes_of(const Rule& rule) { return rule.match.codes.empty() ? "-" : join(rule.match.codes, ","); }

std::string list_of(const RuleBook& book) {
  std::string text;
  for (const auto& rule : book.rules()) {
    text += fmt::format("{:<28} {:<9} {:<18} {}\n", rule.id, severity_name(rule.severity), codes_of(rule),
                        rule.title.source());
  }
  return text;
}

std::string card_of(const Rule& rule) {
  std::string text = fmt::format("{}  ({}, {})\n  {}\n  {}\n", rule.id, severity_name(rule.severity), rule.file,
                                 rule.title.source(), rule.effect.source());
  text += fmt::format("\nMatches   {}{}\n", codes_of(rule),
                      rule.match.within_config_error ? ", inside a configuration error" : "");
  if (!rule.match.message.empty()) text += fmt::format("          {}\n", rule.match.message.source());
  text += "\nCauses\n";
  for (const auto& one : rule.cases) {
    text += fmt::format("  {:<24} {} ({})\n      {}\n", one.id, one.cause_class, certainty_name(one.certainty),
                        one.cause.source());
  }
  if (!rule.consequences.empty()) text += "\nFolds\n";
  for (const auto& one : rule.consequences)
    text += fmt::format("  {}  {}\n", one.code.empty() ? one.rule : one.code, one.means);
  if (!rule.references.empty()) text += "\nSee\n  " + join(rule.references, "\n  ") + "\n";
  return text;
}

int show(const RuleBook& book, const std::string& id) {
  if (const Rule* rule = book.rule(id)) return print(card_of(*rule));
  for (const auto& rule : book.rules()) {
    const auto& codes = rule.match.codes;
    if (std::find(codes.begin(), codes.end(), id) != codes.end()) return print(card_of(rule));
  }
  complain({{"there is no rule '" + id + "'", "", "", "ahdiag rules list shows them"}});
  return kUsage;
}

int begin(const RuleBook& book, const std::string& id) {
  if (book.rule(id) != nullptr) {
    complain({{"there is a rule '" + id + "' already", "", "", "ahdiag rules show " + id}});
    return kUsage;
  }
  const bool looks_like_id = id.starts_with("AH") && id.size() > 2 && is_digit(id[2]);
  if (looks_like_id && !find_code(id)) {
    complain({{"httpd has no id '" + id + "'", "", "", "another name is in lower case: no-listening-sockets"}});
    return kUsage;
  }
  complain({{"write it to rules/" + place_of_rule(id) + " and replace each " + std::string(kToWrite), "", "",
             "then ahdiag rules check rules"}});
  return print(scaffold(id));
}

int check(const RuleBook& book, Problems problems) {
  for (auto& problem : lint(book)) problems.push_back(std::move(problem));
  complain(problems);
  if (!problems.empty()) return kFound;
  return print(fmt::format("{} rules, {} remedies, {} platforms: nothing wrong\n", book.rules().size(),
                           book.remedies().size(), book.platforms().list.size()));
}

int test(const RuleBook& book, const Problems& problems) {
  complain(problems);
  if (!problems.empty()) return kUsage;
  std::size_t examples = 0;
  Problems failures;
  for (const auto& rule : book.rules()) {
    for (const auto& example : rule.examples) {
      ++examples;
      for (auto& failure : run_example(book, rule, example)) failures.push_back(std::move(failure));
    }
  }
  complain(failures);
  const int written =
      print(fmt::format("{} examples of {} rules, {} failures\n", examples, book.rules().size(), failures.size()));
  return written != kNothingFound ? written : failures.empty() ? kNothingFound : kFound;
}

}  // namespace

int run_rules(const Options& options) {
  Problems problems;
  const std::string& folder =
      options.mode == Mode::rules_show || options.mode == Mode::rules_new || options.argument.empty()
          ? options.rules
          : options.argument;
  const auto rules = load_rules(folder, problems);
  switch (options.mode) {
    case Mode::rules_check: return check(rules.book, std::move(problems));
    case Mode::rules_new: return begin(rules.book, options.argument);
    case Mode::rules_test: return test(rules.book, problems);
    default: break;
  }
  complain(problems);
  if (!problems.empty()) return kUsage;
  return options.mode == Mode::rules_show ? show(rules.book, options.argument) : print(list_of(rules.book));
}

int run_platforms(const Options& options) {
  Problems problems;
  const auto rules = load_rules(options.rules, problems);
  complain(problems);
  if (!problems.empty()) return kUsage;
  std::string text = "Platforms (--platform)\n";
  for (const auto& one : rules.book.platforms().list) text += fmt::format("  {:<15} {}\n", one.id, one.name);
  for (const auto& one : rules.book.platforms().list) {
    for (const auto& variant : one.variants) text += fmt::format("  {:<15} {}\n", variant.id, variant.name);
  }
  text += "\nFacts (--fact NAME=VALUE)\n";
  for (const auto& spec : rules.book.platforms().specs) {
    if (spec.type == FactType::command) continue;
    const std::string type = spec.choices.empty() ? std::string(type_name(spec.type)) : join(spec.choices, "|");
    text += fmt::format("  {:<22} {}  ({})\n", spec.name, spec.help, type);
  }
  return print(text);
}

}  // namespace ahdiag
