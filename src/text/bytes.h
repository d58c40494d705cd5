// Bytes found many at a time, where the C library can.
#pragma once

#include <cstring>
#include <string_view>

namespace ahdiag {

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
