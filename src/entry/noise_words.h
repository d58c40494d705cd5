// How the lines of others begin.
#pragma once

#include <string_view>

#include "entry/noise.h"

namespace ahdiag {

// What a line that begins with one of the known words is; none for any other.
Noise known_beginning(std::string_view text);

}  // namespace ahdiag
