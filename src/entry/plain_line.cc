#include "entry/plain_line.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <random>

#include "entry/fields.h"
#include "text/ascii.h"
#include "text/bytes.h"

namespace ahdiag {
namespace {

constexpr std::size_t kShortest = 40;
constexpr std::size_t kLongest = 4096;  // well below what httpd cuts

// What is asked of each line has its own words here, which the compiler puts in place: a call costs more than they do.
[[gnu::always_inline]] inline bool begins(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && std::memcmp(text.data(), word.data(), word.size()) == 0;
}

// By words of eight and of four bytes; the last may overlap.
template <std::size_t kSize>
[[gnu::always_inline]] inline bool is_same(const char* a, const char* b) {
  constexpr std::size_t kStep = kSize < 8 ? 4 : 8;
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

// Sixteen bytes from `at`; behind the line's end, zeros.
[[gnu::always_inline]] inline Bytes16 wide_at(std::string_view line, std::size_t at) {
  if (at + kWide <= line.size()) return Bytes16(line.data() + at);
  std::array<char, kWide> rest{};
  if (at < line.size()) std::memcpy(rest.data(), line.data() + at, line.size() - at);
  return Bytes16(rest.data());
}

[[gnu::always_inline]] inline std::size_t count_digits(std::string_view line, std::size_t at) {
  return static_cast<std::size_t>(std::countr_one(wide_at(line, at).within('0', '9')));
}

// Eight digits as a number, all at once: pairs, then fours, then all. The first digit is the lowest byte.
std::uint32_t number_of(std::uint64_t digits) {
  digits &= 0x0F0F0F0F0F0F0F0FULL;
  digits = digits * 10 + (digits >> 8U);
  constexpr std::uint64_t kPairs = 0x000000FF000000FFULL, kUpper = 0x000F424000000064ULL,
                          kLower = 0x0000271000000001ULL;
  return static_cast<std::uint32_t>(((digits & kPairs) * kUpper + ((digits >> 16U) & kPairs) * kLower) >> 32U);
}

// The first one to eight digits of a text of at least eight bytes.
std::uint32_t read_digits(const char* text, std::size_t count) {
  std::uint64_t digits = 0;
  std::memcpy(&digits, text, sizeof digits);
  if constexpr (std::endian::native == std::endian::big) digits = __builtin_bswap64(digits);
  return number_of(digits << (8 * (sizeof digits - count)));
}

// What may follow is a mark that somebody else put there: an editor's "$", a pager's ">", "^M" made visible.
bool ends_plainly(std::string_view line) {
  const char last = line.back();
  return last > ' ' && last != '$' && last != '>' && (last != 'M' || line[line.size() - 2] != '^');
}

// Whether all bytes fit, sixteen at a time; `fits` tells it by Bytes16's bits.
template <typename Fits>
[[gnu::always_inline]] inline bool all_fit(std::string_view text, Fits fits) {
  std::size_t at = 0;
  for (; at + kWide <= text.size(); at += kWide) {
    if (fits(Bytes16(text.data() + at)) != 0xFFFF) return false;
  }
  if (at == text.size()) return true;
  std::array<char, kWide> rest{};
  std::memcpy(rest.data(), text.data() + at, text.size() - at);
  const std::uint32_t meant = (1U << (text.size() - at)) - 1;
  return (fits(Bytes16(rest.data())) & meant) == meant;
}

bool is_printable_ascii(std::string_view text) {
  return all_fit(text, [](Bytes16 bytes) { return bytes.within(' ', '~'); });
}

// '&' and '*': an entity or bold text, unless a visitor wrote it.
bool has_marks(std::string_view text) {
  return !all_fit(text, [](Bytes16 bytes) { return 0xFFFFU & ~(bytes.equal('&') | bytes.equal('*')); });
}

// "(111)Connection refused: ", "mod_proxy.c(1467): ": the length of what stands in front of the peer; npos without one.
std::size_t lead_length(std::string_view text) {
  constexpr std::size_t kLongestLead = 120;
  const auto at = find_near(text.substr(0, kLongestLead), '[');
  if (at == std::string_view::npos || (at > 0 && text[at - 1] != ' ')) return std::string_view::npos;
  const auto rest = text.substr(at);
  return begins(rest, "[client ") || begins(rest, "[remote ") ? at : std::string_view::npos;
}

// find_referer, sixteen places at a time.
std::size_t find_last_referer(std::string_view words) {
  constexpr std::size_t kLetter = 2;  // ", r": rarer than a comma alone
  if (words.size() < kReferer.size() + kWide) return find_referer(words);
  for (std::size_t end = words.size() - kReferer.size() + 1;;) {
    const std::size_t from = end < kWide ? 0 : end - kWide;
    const char* const text = words.data() + from;
    auto found = Bytes16(text).equal(',') & Bytes16(text + kLetter).equal(kReferer[kLetter]);
    for (; found != 0; found ^= std::bit_floor(found)) {
      const auto at = from + static_cast<std::size_t>(std::bit_width(found)) - 1;
      if (begins(words.substr(at), kReferer)) return at;
    }
    if (from == 0) return std::string_view::npos;
    end = from;
  }
}

// "203.0.113.9:4711] " at `at`: the length of the address; 0 where it is none.
std::size_t peer_length(std::string_view line, std::size_t at) {
  constexpr std::size_t kLongestPeer = 3 * kWide;
  for (std::size_t length = 0; length < kLongestPeer; length += kWide) {
    const Bytes16 bytes = wide_at(line, at + length);
    const auto fits = bytes.within('0', ':') | bytes.within('a', 'f') | bytes.equal('.');
    if (fits == 0xFFFF) continue;
    length += static_cast<std::size_t>(std::countr_one(fits));
    return begins(line.substr(at + length), "] ") ? length : 0;
  }
  return 0;
}

// "[pid 11716] ", "[pid 11716:tid 139836926555164] " at `at`, behind which it goes on; 0 where it is something else.
std::size_t read_ids(std::string_view line, std::size_t at, PlainLine& plain) {
  constexpr std::size_t kName = 5;  // "[pid ", ":tid "
  constexpr std::size_t kMostDigits = 8;
  at += kName;
  const std::size_t digits = count_digits(line, at);
  if (digits == 0 || digits > kMostDigits || at + kMostDigits > line.size()) return 0;
  plain.pid = read_digits(line.data() + at, digits);
  plain.has_pid = true;
  at += digits;
  if (begins(line.substr(at), ":tid ")) {
    at += kName;
    const std::size_t tid = count_digits(line, at);
    if (tid == 0 || tid == kWide) return 0;
    at += tid;
  }
  return begins(line.substr(at), "] ") ? at + 2 : 0;
}

}  // namespace

PlainLooker::PlainLooker() {
  std::random_device random;
  std::array<std::uint32_t, 8> seed{};
  for (auto& word : seed) word = random();
  XXH3_generateSecret(secret_.data(), secret_.size(), seed.data(), sizeof seed);
}

// "[Wed Mar 13 07:02:11.000001 2024] ", with or without the fraction.
bool PlainLooker::read_time(std::string_view line, PlainLine& plain) {
  constexpr std::size_t kFraction = 7;
  const bool fine = line[kSecondEnd] == '.';
  const std::size_t year_at = kSecondEnd + (fine ? kFraction : 0) + 1;
  const auto after = line.substr(year_at + kYear);
  if (line[0] != '[' || line[year_at - 1] != ' ' || !begins(after, "] [")) return false;
  if (!is_same<kSecondEnd>(line.data(), second_.data()) || !is_same<kYear>(line.data() + year_at, year_.data())) {
    std::string_view text = line.substr(1);
    const auto stamp = consume_ctime(text);
    if (!stamp || text.data() != after.data() || stamp->digits != (fine ? 6 : 0)) return false;
    std::memcpy(second_.data(), line.data(), kSecondEnd);
    std::memcpy(year_.data(), line.data() + year_at, kYear);
    second_micros_ = stamp->micros - stamp->micros % 1'000'000;
  }
  plain.micros = second_micros_;
  if (fine) {
    if (count_digits(line, kSecondEnd + 1) != kFraction - 1) return false;
    plain.micros += read_digits(line.data() + kSecondEnd + 1, kFraction - 1);
  }
  plain.fine = fine;
  plain.level_at = static_cast<std::uint8_t>(year_at + kYear + 3);
  return true;
}

PlainLine PlainLooker::look(std::string_view line) {
  PlainLine plain;
  if (line.size() < kShortest || line.size() > kLongest || !ends_plainly(line) || !read_time(line, plain)) return {};
  constexpr std::size_t kLongestLevel = 60;
  const auto rest = line.substr(plain.level_at);
  const auto size = find_near(rest.substr(0, kLongestLevel), ']');
  if (size == std::string_view::npos || size == 0 || !begins(rest.substr(size), "] ")) return {};
  if (is_digit(rest.front())) return {};  // ids of mod_jk
  plain.level_size = static_cast<std::uint8_t>(size);
  std::size_t at = plain.level_at + size + 2;
  if (begins(line.substr(at), "[pid ")) at = read_ids(line, at, plain);
  if (at == 0 || !read_words(line, at, plain)) return {};
  return plain;
}

// All from `at`, behind the header.
bool PlainLooker::read_words(std::string_view line, std::size_t at, PlainLine& plain) {
  constexpr std::size_t kPeer = 8;  // "[client ", "[remote "
  Speaker speaker = Speaker::server;
  const auto rest = line.substr(at);
  const auto lead = lead_length(rest);
  std::string_view words = rest;
  if (lead != std::string_view::npos) {
    speaker = rest[lead + 1] == 'c' ? Speaker::client : Speaker::remote;
    const std::size_t peer = peer_length(rest, lead + kPeer);
    if (peer == 0) return false;
    plain.peer_size = static_cast<std::uint8_t>(peer);
    words.remove_prefix(lead + kPeer + peer + 2);
  }
  plain.by_client = speaker == Speaker::client;
  if (plain.by_client) {
    if (const auto referer = find_last_referer(words); referer != std::string_view::npos) {
      if (!is_printable_ascii(words.substr(referer))) return false;
      plain.referer_size = static_cast<std::uint16_t>(words.size() - referer - kReferer.size());
      words = words.substr(0, referer);
    }
  }
  const auto level = line.substr(plain.level_at, plain.level_size);
  plain.old_form =
      !plain.has_pid && (level.find(':') == std::string_view::npos || level.front() == ':' || begins(level, "-:"));
  plain.words_at = static_cast<std::uint16_t>(words.data() - line.data());
  plain.words_size = static_cast<std::uint16_t>(words.size());
  plain.words =
      fingerprint(level, speaker == Speaker::server ? std::string_view() : rest.substr(0, lead), speaker, words);
  return true;
}

Fingerprint PlainLooker::fingerprint(std::string_view level, std::string_view lead, Speaker speaker,
                                     std::string_view words) const {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;
  const auto hash = [&](std::string_view text) {
    return XXH3_64bits_withSecret(text.data(), text.size(), secret_.data(), secret_.size());
  };
  std::uint64_t head = hash(level) + static_cast<std::uint64_t>(speaker);
  if (!lead.empty()) head = head * kOdd + hash(lead);
  const Fingerprint all = hash(words) ^ (head * kOdd);
  return all == 0 ? 1 : all;
}

bool is_untouched(const PlainLine& plain, std::string_view line) {
  return is_printable_ascii(line.substr(plain.words_at, plain.words_size)) && (plain.by_client || !has_marks(line));
}

bool is_told_by_words(const PlainLine& plain, const Entry& entry) {
  return entry.time && entry.time->micros == plain.micros && entry.pid == plain.process() &&
         entry.peer.size() == plain.peer_size && entry.referer.size() == plain.referer_size && entry.remote.empty() &&
         entry.about == About::message;
}

void KnownWords::keep(Fingerprint words, Verdict verdict) {
  if (sets_.empty()) sets_.resize(kSets);
  auto& entries = sets_[words % kSets].entries;
  std::copy_backward(entries.begin(), entries.end() - 1, entries.end());
  entries.front() = (words >> kVerdictBits << kVerdictBits) | verdict;
}

}  // namespace ahdiag
