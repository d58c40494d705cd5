// The look at a plain line, sixty-four bytes at a time: it finds what the narrow one finds.
#include "text/wide64.h"

#ifdef AHDIAG_HAS_64

// The library's steps for long texts, of sixty-four bytes each, are meant to be compiled for a processor; here one is
// asked for.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>
#include <cstring>

#include "entry/fields.h"
#include "entry/plain_line.h"
#include "entry/plain_line_parts.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::size_t kAll = Bytes64::kSize;
constexpr std::size_t kParts = Reach64::kMost / kAll + 1;  // of usual words: they are no longer

[[gnu::always_inline]] inline std::uint64_t word_at(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Whether the word, of at most eight bytes, stands at `at`, where eight can be read.
template <std::size_t kSize>
[[gnu::always_inline]] inline bool is_word(const char* at, const char (&word)[kSize]) {  // NOLINT
  static_assert(kSize - 1 <= sizeof(std::uint64_t) && std::endian::native == std::endian::little);
  std::uint64_t meant = 0;
  for (std::size_t i = 0; i < kSize - 1; ++i) meant |= std::uint64_t{static_cast<unsigned char>(word[i])} << (8 * i);
  return ((word_at(at) ^ meant) << (64 - 8 * (kSize - 1))) == 0;
}

[[gnu::always_inline]] inline std::size_t zeros(std::uint64_t bits) {
  return static_cast<std::size_t>(std::countr_zero(bits));
}

[[gnu::always_inline]] inline std::size_t ones(std::uint64_t bits) {
  return static_cast<std::size_t>(std::countr_one(bits));
}

// A bit for each of thirty-two bytes that can stand in an address, with its port.
[[gnu::always_inline, AHDIAG_TAKES_64]] inline std::uint64_t address_bits(const char* at) {
  const Bytes32 bytes(at);
  return bytes.within('0', ':') | bytes.equal('.');
}

// Where the parts of the usual header end, from the level on: "core:error] [pid 11716:tid 139836926555164] [client
// 203.0.113.9:4711] ". All follow from one look for brackets; whether the rest is as usual, nothing waits for.
struct Usual {
  std::size_t level = 0, ids = 0, peer = 0;  // offsets of the brackets
  std::size_t pid = 0;                       // digits
  bool is = false;
};

constexpr std::size_t kIdName = 5, kPeerName = 8, kBetween = 2;  // "[pid ", "[client ", "] "
constexpr std::size_t kLongestLevel = 60;
constexpr std::size_t kMostPid = 8, kMostTid = 15, kMostPeer = 31;

[[gnu::always_inline, AHDIAG_TAKES_64]] inline Usual find_usual(const char* at, const char* end) {
  const auto size = static_cast<std::size_t>(end - at);
  const Reach64 reach(std::min(size, Reach64::kMost));
  const Bytes64 here(at, reach.in(0));
  const std::uint64_t ends = here.equal(']'), more = Bytes64(at + kAll, reach.in(1)).equal(']');
  const std::uint64_t digits = here.within('0', '9');
  Usual found;
  found.level = zeros(ends);
  found.ids = zeros(ends & (ends - 1));
  const std::size_t behind_ids = found.ids + 1;
  const std::uint64_t next = (ends >> behind_ids % kAll) | (more << (kAll - behind_ids) % kAll);
  found.peer = behind_ids + zeros(next);
  const std::size_t pid_at = found.level + kBetween + kIdName, peer_at = found.ids + kBetween + kPeerName;
  constexpr std::size_t kWindow = kMostPeer + 1;
  if (found.ids >= kAll - 1 || peer_at + kWindow > size) return found;
  found.pid = ones(digits >> pid_at % kAll);
  const std::size_t tid_at = pid_at + found.pid + kIdName, tid = found.ids - tid_at;
  const std::size_t peer = found.peer - peer_at;
  found.is = found.level > 0 && is_word(at + found.level, "] [pid ") && found.pid - 1 < kMostPid &&
             is_word(at + tid_at - kIdName, ":tid ") && tid - 1 < kMostTid && ones(digits >> tid_at % kAll) >= tid &&
             is_word(at + found.ids, "] [clien") && is_word(at + found.ids + kBetween, "[client ") &&
             peer - 1 < kMostPeer && ones(address_bits(at + peer_at)) == peer && found.peer + kBetween < size &&
             at[found.peer + 1] == ' ';
  return found;
}

// `yes` or `no`, without a branch: whether there is a referer, nobody can foresee. The compiler must not know what the
// mask may be.
[[gnu::always_inline]] inline std::size_t choose(bool which, std::size_t yes, std::size_t no) {
  std::size_t mask = 0 - static_cast<std::size_t>(which);
  asm("" : "+r"(mask));  // NOLINT(hicpp-no-assembler)
  return (yes & mask) | (no & ~mask);
}

// Whether a referer begins at `at`, where ", r" stands and all of it has room.
[[gnu::always_inline]] inline bool is_referer(const char* at) {
  static_assert(kReferer.size() == 11);
  return is_word(at, ", refere") && is_word(at + 3, "eferer: ");
}

constexpr std::size_t kLetter = 2;  // the place of the "r"

// Of words with what is behind them: how many they are without the last referer.
[[AHDIAG_TAKES_64]] std::size_t long_size(const char* begin, std::size_t size) {
  for (std::size_t left = size - std::min(size, kReferer.size() - 1); left > 0;) {
    const std::size_t some = std::min(left, kAll);
    left -= some;
    const char* const at = begin + left;
    auto found =
        Bytes64(at, lowest_64(some)).equal(',') & Bytes64(at + kLetter, lowest_64(some)).equal(kReferer[kLetter]);
    for (; found != 0; found ^= std::bit_floor(found)) {
      const auto place = static_cast<std::size_t>(std::bit_width(found)) - 1;
      if (is_referer(at + place)) return left + place;
    }
  }
  return size;
}

[[gnu::always_inline, AHDIAG_TAKES_64]] inline std::size_t words_size(const char* begin, std::size_t size) {
  if (size > Reach64::kMost) return long_size(begin, size);
  const Reach64 reach(size - std::min(size, kReferer.size() - 1));
  std::array<std::uint64_t, kParts + 1> found{~std::uint64_t{0}};
  unsigned any = 0;
  for (std::size_t i = 0; i < kParts; ++i) {
    const std::uint64_t meant = reach.in(i);
    const char* const at = begin + i * kAll;
    found[i + 1] = Bytes64(at, meant).equal(',') & Bytes64(at + kLetter, meant).equal(kReferer[kLetter]);
    any |= static_cast<unsigned>(found[i + 1] != 0) << i;
  }
  const auto part = static_cast<std::size_t>(std::bit_width(any));
  const std::size_t behind = part * kAll - kAll + static_cast<std::size_t>(std::bit_width(found[part]));  // 0: nowhere
  const std::array<const char*, 2> places{kReferer.data(), begin + behind - 1};
  if (!is_referer(places[behind != 0])) return long_size(begin, size);
  return choose(behind != 0, behind - 1, size);
}

[[AHDIAG_TAKES_64]] bool is_long_printable(const char* at, std::size_t size) {
  for (std::size_t some = 0; size > 0; size -= some, at += some) {
    some = std::min(size, kAll);
    if (Bytes64(at, lowest_64(some)).within(' ', '~') != lowest_64(some)) return false;
  }
  return true;
}

[[gnu::always_inline, AHDIAG_TAKES_64]] inline bool is_printable(const char* at, std::size_t size) {
  if (size > 2 * kAll) return is_long_printable(at, size);
  const Reach64 reach(size);
  const std::uint64_t one = reach.in(0), other = reach.in(1);
  return ((Bytes64(at, one).within(' ', '~') ^ one) | (Bytes64(at + kAll, other).within(' ', '~') ^ other)) == 0;
}

// A step of XXH3 for long texts: of eight words, products under the secret, and the words themselves crosswise. All are
// meant by the masks: without one, GCC 12 warns of what its own header leaves open.
[[gnu::always_inline, AHDIAG_TAKES_64]] inline __m512i add(__m512i sum, const Bytes64& bytes, const char* secret) {
  constexpr auto kUpper = static_cast<_MM_PERM_ENUM>(0x31), kCrosswise = static_cast<_MM_PERM_ENUM>(0x4E);
  constexpr __mmask16 kSixteen = 0xFFFF;
  constexpr __mmask8 kEight = 0xFF;
  const __m512i mixed = _mm512_xor_si512(bytes.value(), Bytes64(secret).value());
  const __m512i upper = _mm512_maskz_shuffle_epi32(kSixteen, mixed, kUpper);
  const __m512i words = _mm512_maskz_shuffle_epi32(kSixteen, bytes.value(), kCrosswise);
  return _mm512_add_epi64(_mm512_add_epi64(sum, words), _mm512_maskz_mul_epu32(kEight, mixed, upper));
}

constexpr std::size_t kNext = 8;  // each step has another part of the secret

[[AHDIAG_TAKES_64]] __m512i add_long(__m512i sum, const char* words, std::size_t size, const char* secret) {
  for (std::size_t at = 0; at < size; at += kAll, secret += kNext)
    sum = add(sum, Bytes64(words + at, lowest_64(std::min(size - at, kAll))), secret);
  return sum;
}

}  // namespace

bool PlainLooker::can_be_wide() { return can_take_64(); }

[[gnu::always_inline, AHDIAG_TAKES_64]] inline bool PlainLooker::read_time_wide(std::string_view line,
                                                                                PlainLine& plain) {
  // Of "[Wed Mar 13 07:02:11.000001 2024] [", with the fraction and without.
  constexpr std::size_t kDigits = PlainLine::kFraction - 1;
  constexpr std::uint32_t kFraction = ((1U << kDigits) - 1) << (kSecondEnd + 1), kPlain = (1U << PlainLine::kTime) - 1;
  constexpr std::size_t kRest = PlainLine::kTime + PlainLine::kFraction - 4;
  const char* const text = line.data();
  const Bytes32 begin(text);
  const auto others = static_cast<std::uint32_t>(begin.equal(Bytes32(second_.data())));
  const auto digits = static_cast<std::uint32_t>(begin.within('0', '9'));
  plain.fine = text[kSecondEnd] == '.';
  const bool same = plain.fine ? (others | kFraction) == ~std::uint32_t{0} && (digits & kFraction) == kFraction &&
                                     std::memcmp(text + kRest, second_.data() + kRest, 4) == 0
                               : (others & kPlain) == kPlain;
  if (!same && !read_second(line, plain.level_at())) return false;
  plain.micros = second_micros_;
  if (plain.fine) plain.micros += read_digits(text + kSecondEnd + 1, kDigits);
  return true;
}

// Where the words begin, and as the fingerprint what it is to begin with; 0 where the line is not plain.
[[gnu::always_inline, AHDIAG_TAKES_64]] inline void PlainLooker::begin_wide(std::string_view line, PlainLine& plain) {
  if (line.size() < kShortest || line.size() > kLongest || !ends_plainly(line) || !read_time_wide(line, plain)) return;
  const char* const at = line.data() + plain.level_at();
  const char* const end = line.data() + line.size();
  if (is_digit(*at)) return;  // ids of mod_jk
  const Usual usual = find_usual(at, end);
  plain.level_size = static_cast<std::uint8_t>(usual.level);
  Said said{at + usual.peer + kBetween, {}, Speaker::client};
  if (usual.is) [[likely]] {
    plain.pid_size = static_cast<std::uint8_t>(usual.pid);
    plain.peer_size = static_cast<std::uint8_t>(usual.peer - usual.ids - kBetween - kPeerName);
  } else {
    const bool ends = usual.level > 0 && usual.level < kLongestLevel &&
                      end - at > static_cast<std::ptrdiff_t>(usual.level) + 1 && at[usual.level + 1] == ' ';
    if (!ends) return;
    said = read_header(at + usual.level + kBetween, end, plain);
    if (said.words == nullptr) return;
  }
  plain.by_client = said.speaker == Speaker::client;
  plain.words_at = static_cast<std::uint16_t>(said.words - line.data());
  plain.words = static_cast<std::uint64_t>(said.speaker) + 1;
  if (!said.lead.empty()) plain.words += hash_lead(said.lead) | 1U << 31U;
}

// How far they go.
[[gnu::always_inline, AHDIAG_TAKES_64]] inline void PlainLooker::end_wide(std::string_view line, PlainLine& plain) {
  const char* const words = line.data() + plain.words_at;
  const std::size_t all = line.size() - plain.words_at;
  const std::size_t size = plain.by_client ? words_size(words, all) : all;
  plain.words = is_printable(words + size, all - size) ? plain.words : 0;
  plain.referer_size = static_cast<std::uint16_t>(all - size - choose(size < all, kReferer.size(), 0));
  plain.words_size = static_cast<std::uint16_t>(size);
}

// By XXH3's steps for long texts. What is short ends in zeros: its size is told apart.
[[gnu::always_inline, AHDIAG_TAKES_64]] inline void PlainLooker::hash_wide(std::string_view line,
                                                                           PlainLine& plain) const {
  static_assert(kAll + kLongest / kAll * kNext <= kSecret);
  const std::size_t size = plain.words_size;
  const char* const words = line.data() + plain.words_at;
  const auto secret = [this](std::size_t number) { return secret_.data() + number * kNext; };
  __m512i sum = add(_mm512_setzero_si512(), Bytes64(line.data() + plain.level_at(), lowest_64(plain.level_size)),
                    secret(kLongest / kAll));
  if (size <= Reach64::kMost) {
    const Reach64 reach(size);
    for (std::size_t i = 0; i < kParts; ++i) sum = add(sum, Bytes64(words + i * kAll, reach.in(i)), secret(i));
  } else {
    sum = add_long(sum, words, size, secret_.data());
  }
  alignas(kAll) std::array<xxh_u64, kAll / sizeof(xxh_u64)> sums;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  _mm512_store_si512(sums.data(), sum);
  const std::uint64_t begin = plain.words * kOdd + (size << 8U | plain.level_size) * kOdd;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the library's interface
  const Fingerprint all = XXH3_mergeAccs(sums.data(), reinterpret_cast<const xxh_u8*>(secret_.data()), begin);
  plain.words = all == 0 ? 1 : all;
}

// In three goes: what is asked of a line waits for what was asked before, but not for other lines.
[[AHDIAG_TAKES_64]] void PlainLooker::look_wide(std::span<LookedLine> lines) {
  for (auto& [line, plain] : lines) begin_wide(line.text, plain);
  for (auto& [line, plain] : lines) {
    if (plain.is_plain()) end_wide(line.text, plain);
  }
  for (auto& [line, plain] : lines) {
    if (plain.is_plain()) hash_wide(line.text, plain);
  }
}

}  // namespace ahdiag

#else

namespace ahdiag {
bool PlainLooker::can_be_wide() { return false; }
void PlainLooker::look_wide(std::span<LookedLine>) {}
}  // namespace ahdiag

#endif
