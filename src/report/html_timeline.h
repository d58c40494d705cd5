// The picture of when what happened.
#pragma once

#include <string>

#include "report/report.h"

namespace ahdiag {

// One row an incident: a bar from its first entry to its last, a mark for each entry that is shown as evidence. SVG
// with title and description, and the same as a table. Empty where no incident states a time.
std::string timeline_of(const Report& report);

}  // namespace ahdiag
