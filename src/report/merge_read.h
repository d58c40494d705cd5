// A report's JSON as what can be added up.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "report/merge_state.h"
#include "rules/book.h"
#include "text/problem.h"

namespace ahdiag {

// A report of one run or a merged one. `host`: what its host is called where it does not say so itself. What it refuses
// it says in one line: no JSON, cut, another major schema_version, a member of another type.
std::variant<Fleet, Problem> read_report(std::string_view json, const std::string& host, const RuleBook& book);

}  // namespace ahdiag
