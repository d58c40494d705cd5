// What is known about a topic before any log shows it: a message id, a status, a class of causes, a directive, a rule.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "plan/outline.h"

namespace ahdiag {

// "label: text", or a topic to explain next and its one line.
struct Row {
  std::string label;
  std::string text;
};

struct ExplainedCause {
  std::string id, cause_class, certainty;
  std::string when;  // what tells it apart, in words; empty: none of the others
  std::string cause, summary;
  Outline plan;                             // without steps where only the choice is shown
  std::vector<std::string> other_steps_on;  // platforms whose steps differ
};

struct ExplainedRule {
  std::string id, title, severity, effect;
  bool fallback = false;
  std::string looks_like;  // a line of its examples
  std::vector<ExplainedCause> causes;
  std::vector<Row> consequences;
  std::vector<std::string> references;
};

struct Explanation {
  std::string topic;  // as it is spelled: "AH01762", "ENOSPC"
  std::string kind;   // id, status, class, directive or rule
  std::string title;
  std::vector<Row> facts;
  std::vector<ExplainedRule> rules;
  std::vector<Row> related;
};

// All that goes by this name: "AH01762", "ENOSPC", "28", "(20014)", "disk-full", "listen", "php-fatal". Empty where
// nothing does.
std::vector<Explanation> explain(const RuleBook& book, const Setting& setting, const std::string& topic);

// Topics that are spelled nearly so, the nearest first.
std::vector<std::string> near_topics(const RuleBook& book, const std::string& topic);

}  // namespace ahdiag
