#pragma once

#include <string>
#include <string_view>

namespace ahdiag {

// Sixteen hexadecimal digits, the same for the same bytes in every run and on every machine (FNV-1a, 64 bit).
// Not for secrets: it names things.
std::string digest(std::string_view bytes);

}  // namespace ahdiag
