// What the forms that carry plans out have in common.
#pragma once

#include <string>
#include <vector>

#include "diagnose/judge.h"
#include "plan/plan.h"

namespace ahdiag {

// "critical: httpd cannot … [AH01762]"
std::string heading_of(const Diagnosis& diagnosis);

// Why a step is done, with what it costs.
std::string why_of(const Step& step);

// The command that writes the file from its standard input.
std::vector<std::string> install_words(const FileWrite& file);

// The file of these steps that an undoing step removes, or none.
const FileWrite* removed_by(const Step& undo, const std::vector<Step>& all);

}  // namespace ahdiag
