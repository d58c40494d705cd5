#include "text/digest.h"

#include <fmt/format.h>

#include <cstdint>

namespace ahdiag {

std::string digest(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : bytes) {
    hash ^= static_cast<std::uint8_t>(c);
    hash *= 0x100000001b3U;
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace ahdiag
