// Sixteen bytes looked at together: where the compiler has SSE2 by that, elsewhere one by one. Both answer alike.
#pragma once

#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace ahdiag {

// What was asked of each byte, put together by | and &; bits() has a bit for each byte, the first byte's the lowest.
class Bytes16Portable {
 public:
  class Found {
   public:
    explicit Found(std::uint32_t bits) : bits_(bits) {}

    [[nodiscard]] std::uint32_t bits() const { return bits_; }
    Found operator|(Found other) const { return Found(bits_ | other.bits_); }
    Found operator&(Found other) const { return Found(bits_ & other.bits_); }
    Found operator~() const { return Found(bits_ ^ 0xFFFFU); }

   private:
    std::uint32_t bits_;
  };

  explicit Bytes16Portable(const char* bytes) { std::memcpy(bytes_, bytes, sizeof bytes_); }

  [[nodiscard]] Found equal(char byte) const { return within(byte, byte); }
  [[nodiscard]] Found equal(const Bytes16Portable& other) const {
    std::uint32_t found = 0;
    for (unsigned i = 0; i < sizeof bytes_; ++i) found |= static_cast<std::uint32_t>(bytes_[i] == other.bytes_[i]) << i;
    return Found(found);
  }
  // By their unsigned values, both ends included.
  [[nodiscard]] Found within(char low, char high) const {
    std::uint32_t found = 0;
    for (unsigned i = 0; i < sizeof bytes_; ++i) {
      const auto over = static_cast<unsigned char>(bytes_[i] - static_cast<unsigned char>(low));
      found |= static_cast<std::uint32_t>(over <= static_cast<unsigned char>(high - low)) << i;
    }
    return Found(found);
  }

 private:
  unsigned char bytes_[16] = {};
};

#ifdef __SSE2__

class Bytes16Sse {
 public:
  class Found {
   public:
    explicit Found(__m128i bytes) : bytes_(bytes) {}

    [[nodiscard]] std::uint32_t bits() const { return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes_)); }
    Found operator|(Found other) const { return Found(_mm_or_si128(bytes_, other.bytes_)); }
    Found operator&(Found other) const { return Found(_mm_and_si128(bytes_, other.bytes_)); }
    Found operator~() const { return Found(_mm_cmpeq_epi8(bytes_, _mm_setzero_si128())); }

   private:
    __m128i bytes_;  // all bits of each byte that is meant
  };

  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): its interface
  explicit Bytes16Sse(const char* bytes) : bytes_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes))) {}

  [[nodiscard]] Found equal(char byte) const { return Found(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(byte))); }
  [[nodiscard]] Found equal(const Bytes16Sse& other) const { return Found(_mm_cmpeq_epi8(bytes_, other.bytes_)); }
  [[nodiscard]] Found within(char low, char high) const {
    const __m128i over = _mm_sub_epi8(bytes_, _mm_set1_epi8(low));
    const __m128i span = _mm_set1_epi8(static_cast<char>(high - low));
    return Found(_mm_cmpeq_epi8(_mm_min_epu8(over, span), over));
  }

 private:
  __m128i bytes_;
};

using Bytes16 = Bytes16Sse;

#else

using Bytes16 = Bytes16Portable;

#endif

}  // namespace ahdiag
