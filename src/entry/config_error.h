// Configuration errors: a chain of files and lines in front of what is wrong.
#pragma once

#include <optional>

#include "entry/entry.h"

namespace ahdiag {

// From the code, the message and the speaker of an entry.
std::optional<ConfigError> open_config_error(const Entry& entry);

}  // namespace ahdiag
