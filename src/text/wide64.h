// Sixty-four bytes looked at together, a bit for each, the first byte's the lowest: by instructions that only some
// processors have. Who asks for them must be a function that may take them for granted, AHDIAG_TAKES_64.
#pragma once

#ifdef __x86_64__

#include <immintrin.h>

#include <array>
#include <cstddef>
#include <cstdint>

#define AHDIAG_HAS_64
#define AHDIAG_TAKES_64 gnu::target("avx512f,avx512bw,avx512vl,bmi,bmi2,lzcnt")

namespace ahdiag {

[[nodiscard]] inline bool can_take_64() {
  return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
         __builtin_cpu_supports("bmi2") != 0;
}

// The lowest `count` bits, of at most sixty-four.
[[gnu::always_inline, AHDIAG_TAKES_64]] inline std::uint64_t lowest_64(std::size_t count) {
  return _bzhi_u64(~std::uint64_t{0}, static_cast<unsigned>(count));
}

class Bytes64 {
 public:
  static constexpr std::size_t kSize = 64;

  [[gnu::always_inline, AHDIAG_TAKES_64]] explicit Bytes64(const char* bytes) : bytes_(_mm512_loadu_si512(bytes)) {}
  // Those that are meant, and zeros; the others are not touched.
  [[gnu::always_inline, AHDIAG_TAKES_64]] Bytes64(const char* bytes, std::uint64_t meant)
      : bytes_(_mm512_maskz_loadu_epi8(meant, bytes)) {}

  [[nodiscard, gnu::always_inline, AHDIAG_TAKES_64]] std::uint64_t equal(char byte) const {
    return _mm512_cmpeq_epi8_mask(bytes_, _mm512_set1_epi8(byte));
  }
  [[nodiscard, gnu::always_inline, AHDIAG_TAKES_64]] std::uint64_t equal(const Bytes64& other) const {
    return _mm512_cmpeq_epi8_mask(bytes_, other.bytes_);
  }
  // By their unsigned values, both ends included.
  [[nodiscard, gnu::always_inline, AHDIAG_TAKES_64]] std::uint64_t within(char low, char high) const {
    const __m512i over = _mm512_sub_epi8(bytes_, _mm512_set1_epi8(low));
    return _mm512_cmple_epu8_mask(over, _mm512_set1_epi8(static_cast<char>(high - low)));
  }
  [[nodiscard, gnu::always_inline, AHDIAG_TAKES_64]] __m512i value() const { return bytes_; }

 private:
  __m512i bytes_;
};

// Half as many.
class Bytes32 {
 public:
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): its interface
  [[gnu::always_inline, AHDIAG_TAKES_64]] explicit Bytes32(const char* bytes)
      : bytes_(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes))) {}

  [[nodiscard, gnu::always_inline, AHDIAG_TAKES_64]] std::uint32_t equal(char byte) const {
    return _mm256_cmpeq_epi8_mask(bytes_, _mm256_set1_epi8(byte));
  }
  [[nodiscard, gnu::always_inline, AHDIAG_TAKES_64]] std::uint32_t equal(const Bytes32& other) const {
    return _mm256_cmpeq_epi8_mask(bytes_, other.bytes_);
  }
  [[nodiscard, gnu::always_inline, AHDIAG_TAKES_64]] std::uint32_t within(char low, char high) const {
    const __m256i over = _mm256_sub_epi8(bytes_, _mm256_set1_epi8(low));
    return _mm256_cmple_epu8_mask(over, _mm256_set1_epi8(static_cast<char>(high - low)));
  }

 private:
  __m256i bytes_;
};

inline constexpr auto kPlaces64 = [] {
  std::array<unsigned char, 256> places{};
  for (std::size_t i = 0; i < places.size(); ++i) places.at(i) = static_cast<unsigned char>(i);
  return places;
}();

// The first so many bytes of a text, up to 255, for each sixty-four of it: without a branch.
class Reach64 {
 public:
  static constexpr std::size_t kMost = 255;

  [[gnu::always_inline, AHDIAG_TAKES_64]] explicit Reach64(std::size_t size)
      : size_(_mm512_set1_epi8(static_cast<char>(size))) {}
  // Of those from `number` times sixty-four.
  [[nodiscard, gnu::always_inline, AHDIAG_TAKES_64]] std::uint64_t in(std::size_t number) const {
    return _mm512_cmplt_epu8_mask(_mm512_loadu_si512(kPlaces64.data() + number * Bytes64::kSize), size_);
  }

 private:
  __m512i size_;
};

}  // namespace ahdiag

#endif
