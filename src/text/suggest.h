#pragma once

#include <cstddef>
#include <string_view>

namespace ahdiag {

// Number of insertions, deletions, substitutions and swaps of neighbours that turn one word into the other
// (optimal string alignment), ignoring case; `limit` + 1 where it is more than `limit`.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit);

}  // namespace ahdiag
