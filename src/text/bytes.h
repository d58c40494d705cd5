// Bytes found many at a time.
#pragma once

#include <bit>
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

}  // namespace ahdiag
