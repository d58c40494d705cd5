// Explanations in the forms that people and programs read.
#pragma once

#include <string>
#include <vector>

#include "plan/explain.h"
#include "report/report.h"

namespace ahdiag {

std::string to_text(const std::vector<Explanation>& all, const Setting& setting, const TextStyle& style);
std::string to_markdown(const std::vector<Explanation>& all, const Setting& setting);
// schema/explain.schema.json describes it.
std::string to_json(const std::vector<Explanation>& all, const Setting& setting);

// "Plans are for rhel", and how to get others.
std::string platform_note(const Setting& setting);

}  // namespace ahdiag
