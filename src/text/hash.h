// A number of a text for tables in memory: quick, the same within a run, and no secret.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ahdiag {

std::size_t hash_of(std::string_view text);

// Multiplied by it, a number's upper bits turn on all of its bits: 2^64 by the golden ratio (Knuth, 6.4).
inline constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15ULL;

}  // namespace ahdiag
