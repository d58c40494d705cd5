// The findings of `ahdiag lint-unit`, for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "unit/lint.h"

namespace ahdiag {

struct LintReport {
  std::vector<std::string> files;  // that were read, in order
  UnitFindings findings;
};

// "fix.service:3: error: …", then the corrected lines, indented.
std::string to_text(const LintReport& report);
// schema/lint.schema.json describes it.
std::string to_json(const LintReport& report);

}  // namespace ahdiag
