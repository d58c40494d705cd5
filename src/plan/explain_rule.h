// A rule as a part of an explanation.
#pragma once

#include "plan/explain.h"

namespace ahdiag {

// How much of it is shown: all its cases with their steps, or the choice between them alone.
enum class Detail { full, brief };

ExplainedRule explain_rule(const Rule& rule, const RuleBook& book, const Setting& setting, const Known& known,
                           Detail detail);

// A line of the rule's examples that holds `id` (any where it is empty); empty where there is none.
std::string looks_like(const Rule& rule, std::string_view id);

// The case asks for this status.
bool asks_for(const Condition& condition, std::string_view errno_name);

// The rule as a topic to explain next.
Row row_of(const Rule& rule, const Setting& setting, const std::string& about);

}  // namespace ahdiag
