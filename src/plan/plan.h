// A diagnosis to a plan: steps in the order to carry them out, and their undoing in reverse.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "diagnose/judge.h"
#include "plan/bind.h"
#include "rules/book.h"

namespace ahdiag {

struct Manual {
  std::string text;
};

struct Expect {
  std::vector<int> exits;  // empty: 0
  std::string output;      // a text that the output contains; may be empty
};

struct Step {
  Phase phase = Phase::inspect;
  std::string why;
  bool root = true;
  Risk risk = Risk::none;
  std::variant<Command, FileWrite, Manual> action = Manual{};
  std::optional<Expect> expect;
  std::string undo_note;  // why nothing has to be taken back; may be empty
};

struct PlanAlternative {
  std::string title;
  std::string when;
  std::vector<Step> steps;
};

struct Plan {
  std::string summary;
  std::vector<Step> steps;
  std::vector<PlanAlternative> alternatives;
  std::vector<std::string> notes;
  std::vector<std::string> missing;  // names of slots and facts for want of which a step is manual
};

Plan make_plan(const Diagnosis& diagnosis, const RuleBook& book);

}  // namespace ahdiag
