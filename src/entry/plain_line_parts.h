// What both looks at a plain line ask, each for its own width.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ahdiag {

// To spread a hash's parts.
inline constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;

// By words of eight, four or two bytes; the last may overlap.
template <std::size_t kSize>
[[gnu::always_inline]] inline bool is_same(const char* a, const char* b) {
  constexpr std::size_t kStep = kSize < 4 ? 2 : kSize < 8 ? 4 : 8;
  static_assert(kSize >= kStep);
  std::uint64_t differ = 0;
  for (std::size_t at = 0; at < kSize; at += kStep) {
    const std::size_t from = std::min(at, kSize - kStep);
    std::uint64_t one = 0, other = 0;
    std::memcpy(&one, a + from, kStep);
    std::memcpy(&other, b + from, kStep);
    differ |= one ^ other;
  }
  return differ == 0;
}

// Eight digits as a number, all at once: pairs, then fours, then all. The first digit is the lowest byte.
inline std::uint32_t number_of(std::uint64_t digits) {
  digits &= 0x0F0F0F0F0F0F0F0FULL;
  digits = digits * 10 + (digits >> 8U);
  constexpr std::uint64_t kPairs = 0x000000FF000000FFULL, kUpper = 0x000F424000000064ULL,
                          kLower = 0x0000271000000001ULL;
  return static_cast<std::uint32_t>(((digits & kPairs) * kUpper + ((digits >> 16U) & kPairs) * kLower) >> 32U);
}

// The first one to eight digits of a text of at least eight bytes.
[[gnu::always_inline]] inline std::uint32_t read_digits(const char* text, std::size_t count) {
  std::uint64_t digits = 0;
  std::memcpy(&digits, text, sizeof digits);
  if constexpr (std::endian::native == std::endian::big) digits = __builtin_bswap64(digits);
  return number_of(digits << (8 * (sizeof digits - count)));
}

// What may follow is a mark that somebody else put there: an editor's "$", a pager's ">", "^M" made visible.
[[gnu::always_inline]] inline bool ends_plainly(std::string_view line) {
  const char last = line.back();
  return last > ' ' && last != '$' && last != '>' && (last != 'M' || line[line.size() - 2] != '^');
}

}  // namespace ahdiag
