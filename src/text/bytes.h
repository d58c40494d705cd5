// Bytes found many at a time.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "text/wide.h"

namespace ahdiag {

inline constexpr std::size_t kWide = 16;

// Offset of the first `byte`; npos if there is none. For near ones: a call of the C library would cost more.
[[gnu::always_inline]] inline std::size_t find_near(std::string_view text, char byte) {
  std::size_t at = 0;
  for (; at + kWide <= text.size(); at += kWide) {
    if (const auto found = Bytes16(text.data() + at).equal(byte).bits(); found != 0)
      return at + static_cast<std::size_t>(std::countr_zero(found));
  }
  for (; at < text.size(); ++at) {
    if (text[at] == byte) return at;
  }
  return std::string_view::npos;
}

// Offset of the last `byte`; npos if there is none.
inline std::size_t rfind_byte(std::string_view text, char byte) {
#ifdef __GLIBC__
  const void* found = text.empty() ? nullptr : ::memrchr(text.data(), byte, text.size());
  return found == nullptr ? std::string_view::npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
#else
  return text.rfind(byte);
#endif
}

// Whether all bytes are from `low` to `high`, by their unsigned values.
[[gnu::always_inline]] inline bool all_within(std::string_view text, char low, char high) {
  constexpr std::uint32_t kAll = 0xFFFF;
  const auto sixteen = [&](std::size_t at) { return Bytes16(text.data() + at).within(low, high); };
  if (text.size() < kWide) {
    const auto fits = [&](char c) {
      return static_cast<unsigned char>(c - low) <= static_cast<unsigned char>(high - low);
    };
    return std::all_of(text.begin(), text.end(), fits);
  }
  auto all = sixteen(text.size() - kWide);
  for (std::size_t at = 0; at + kWide < text.size(); at += kWide) all = all & sixteen(at);
  return all.bits() == kAll;
}

// memcmp() == 0 of at least one byte. Most texts that are compared are short, and differ in their first byte.
[[gnu::always_inline]] inline bool same_bytes(const char* a, const char* b, std::size_t size) {
  const auto differ = [&]<typename Word>(std::size_t at, Word) {
    Word one = 0, other = 0;
    std::memcpy(&one, a + at, sizeof one);
    std::memcpy(&other, b + at, sizeof other);
    return one != other;
  };
  if (a[0] != b[0]) return false;
  if (size == 1) return true;
  if (size >= sizeof(std::uint64_t)) {
    for (std::size_t at = 0; at + sizeof(std::uint64_t) < size; at += sizeof(std::uint64_t)) {
      if (differ(at, std::uint64_t{})) return false;
    }
    return !differ(size - sizeof(std::uint64_t), std::uint64_t{});
  }
  if (size >= sizeof(std::uint32_t))
    return !differ(0, std::uint32_t{}) && !differ(size - sizeof(std::uint32_t), std::uint32_t{});
  return !differ(0, std::uint16_t{}) && !differ(size - sizeof(std::uint16_t), std::uint16_t{});
}

}  // namespace ahdiag
