// Sixteen bytes looked at together: where the compiler has SSE2 by that, elsewhere one by one. Both answer alike.
#pragma once

#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace ahdiag {

// Each answer has a bit for each byte, the first byte's the lowest.
class Bytes16Portable {
 public:
  explicit Bytes16Portable(const char* bytes) { std::memcpy(bytes_, bytes, sizeof bytes_); }

  [[nodiscard]] std::uint32_t equal(char byte) const { return within(byte, byte); }
  // By their unsigned values, both ends included.
  [[nodiscard]] std::uint32_t within(char low, char high) const {
    std::uint32_t found = 0;
    for (unsigned i = 0; i < sizeof bytes_; ++i) {
      const auto over = static_cast<unsigned char>(bytes_[i] - static_cast<unsigned char>(low));
      found |= static_cast<std::uint32_t>(over <= static_cast<unsigned char>(high - low)) << i;
    }
    return found;
  }

 private:
  unsigned char bytes_[16] = {};
};

#ifdef __SSE2__

class Bytes16Sse {
 public:
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): its interface
  explicit Bytes16Sse(const char* bytes) : bytes_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes))) {}

  [[nodiscard]] std::uint32_t equal(char byte) const { return mask(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(byte))); }
  [[nodiscard]] std::uint32_t within(char low, char high) const {
    const __m128i over = _mm_sub_epi8(bytes_, _mm_set1_epi8(low));
    const __m128i span = _mm_set1_epi8(static_cast<char>(high - low));
    return mask(_mm_cmpeq_epi8(_mm_min_epu8(over, span), over));
  }

 private:
  static std::uint32_t mask(__m128i found) { return static_cast<std::uint32_t>(_mm_movemask_epi8(found)); }

  __m128i bytes_;
};

using Bytes16 = Bytes16Sse;

#else

using Bytes16 = Bytes16Portable;

#endif

}  // namespace ahdiag
