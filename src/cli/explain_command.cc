#include "cli/run.h"
#include "report/explain.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

Problem unknown_topic(const RuleBook& book, const std::string& topic) {
  const auto near = near_topics(book, topic);
  const std::string help = near.empty()
                               ? "a topic is an id (AH01762), a status (ENOSPC, 28), a class of causes, a directive "
                                 "or a rule; ahdiag rules list shows the rules"
                               : "did you mean " + join(near, ", ") + "?";
  return {"nothing is called '" + topic + "'", "explain", "", help};
}

std::string in_form(const std::vector<Explanation>& all, const Setting& setting, const Options& options) {
  switch (options.format) {
    case Format::json: return to_json(all, setting);
    case Format::markdown: return to_markdown(all, setting);
    default: return to_text(all, setting, style_of(options));
  }
}

}  // namespace

int run_explain(const Options& options) {
  Problems problems;
  const auto rules = load_rules(options.rules, problems);
  const Setting setting = choose_setting(rules.book.platforms(), Signs(rules.book.platforms()),
                                         {options.platform, options.facts, options.persist}, problems);
  complain(problems);
  if (!problems.empty()) return kUsage;
  std::vector<Explanation> all;
  for (const auto& topic : options.topics) {
    auto found = explain(rules.book, setting, topic);
    if (found.empty()) problems.push_back(unknown_topic(rules.book, topic));
    for (auto& one : found) all.push_back(std::move(one));
  }
  complain(problems);
  const int written = all.empty() ? kNothingFound : print(in_form(all, setting, options));
  return written != kNothingFound ? written : problems.empty() ? kNothingFound : kUsage;
}

}  // namespace ahdiag
