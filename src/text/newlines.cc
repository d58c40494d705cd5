#include "text/newlines.h"

#include <bit>
#include <cstring>

#include "text/wide.h"

// Two times sixteen bytes together; the compiler must be told for which functions it may take them for granted.
#ifdef __x86_64__
#include <immintrin.h>
#define AHDIAG_HAS_AVX2
#endif

namespace ahdiag {
namespace {

constexpr std::size_t kChunk = 64;

// A bit for each byte of a chunk.
[[gnu::always_inline]] inline std::uint64_t newlines_at(const char* text) {
  const auto sixteen = [&](std::size_t at) { return std::uint64_t{Bytes16(text + at).equal('\n').bits()}; };
  return (sixteen(0) | sixteen(16) << 16U) | (sixteen(32) | sixteen(48) << 16U) << 32U;
}

// Mostly there is none or one: that is written down whether there is or not, and counted only if there is.
[[gnu::always_inline]] inline std::size_t note(std::uint64_t found, std::size_t at, std::uint16_t* ends) {
  constexpr unsigned kLast = 63;
  const auto end_of = [&](std::uint64_t bits) {
    return static_cast<std::uint16_t>(at + static_cast<std::size_t>(std::countr_zero(bits)));
  };
  ends[0] = end_of(found | std::uint64_t{1} << kLast);
  std::size_t count = (found | (0 - found)) >> kLast;
  for (found &= found - 1; found != 0; found &= found - 1) ends[count++] = end_of(found);
  return count;
}

std::size_t find_in_chunks(const char* text, std::size_t chunks, std::uint16_t* ends) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < chunks * kChunk; at += kChunk) count += note(newlines_at(text + at), at, ends + count);
  return count;
}

#ifdef AHDIAG_HAS_AVX2

[[gnu::target("avx2")]] inline std::uint64_t newlines_in_half(const char* text) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): its interface
  const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\n'))));
}

[[gnu::target("avx2")]] std::size_t find_wide(const char* text, std::size_t chunks, std::uint16_t* ends) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < chunks * kChunk; at += kChunk) {
    const std::uint64_t found = newlines_in_half(text + at) | newlines_in_half(text + at + kChunk / 2) << 32U;
    count += note(found, at, ends + count);
  }
  return count;
}

#endif

}  // namespace

#ifdef AHDIAG_HAS_AVX2
bool Newlines::can_be_wide() { return __builtin_cpu_supports("avx2") != 0; }
// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): what is read of the ends was written before
Newlines::Newlines(bool wide) : find_(wide ? find_wide : find_in_chunks) {}
#else
bool Newlines::can_be_wide() { return false; }
// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): what is read of the ends was written before
Newlines::Newlines(bool) : find_(find_in_chunks) {}
#endif

std::span<const std::uint16_t> Newlines::find(std::string_view piece) {
  const std::size_t chunks = piece.size() / kChunk, done = chunks * kChunk;
  std::size_t count = find_(piece.data(), chunks, ends_.data());
  if (done < piece.size()) {
    std::array<char, kChunk> rest{};
    std::memcpy(rest.data(), piece.data() + done, piece.size() - done);
    count += note(newlines_at(rest.data()), done, ends_.data() + count);
  }
  return {ends_.data(), count};
}

}  // namespace ahdiag
