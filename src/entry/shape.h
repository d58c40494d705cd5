// What the fields of an ErrorLogFormat look like.
#pragma once

#include <cstddef>
#include <string_view>

#include "entry/log_format.h"

namespace ahdiag {

// Length of what `text` begins with, if that has the item's shape; 0 if it has not. `behind` is the literal that the
// format puts behind the item, if it does.
std::size_t shape_length(const LogFormat::Item& item, std::string_view text, std::string_view behind);

}  // namespace ahdiag
