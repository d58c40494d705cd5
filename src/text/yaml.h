// Words for a YAML file that others read.
#pragma once

#include <string>
#include <string_view>

namespace ahdiag {

// One scalar on one line that every YAML reader takes for this very text: plain where nothing can mistake it (no
// number, no yes or null), else in double quotes with escapes, in ASCII alone. `text` is valid UTF-8. Source:
// YAML 1.2.2, 5.7 "Escaped Characters"; YAML 1.1, "Boolean Language-Independent Type".
std::string yaml_scalar(std::string_view text);

}  // namespace ahdiag
