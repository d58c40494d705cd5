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
#include "text/hash.h"

namespace ahdiag {
namespace {

constexpr std::size_t kLongest = 4096;  // well below what httpd cuts

// All of this runs for each line of a log: on pointers, in sixteens, without a call that the compiler does not put in
// place. What is asked for ends where the line ends.

// By words of eight, four or two bytes; the last may overlap.
template <std::size_t kSize>
[[gnu::always_inline]] inline bool is_same(const char* a, const char* b) {
  constexpr std::size_t kStep = kSize < 4 ? 2 : kSize < 8 ? 4 : 8;
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

// Whether the word stands at `at`.
template <std::size_t kSize>
[[gnu::always_inline]] inline bool stands(const char* at, const char* end, const char (&word)[kSize]) {  // NOLINT
  return static_cast<std::size_t>(end - at) >= kSize - 1 && is_same<kSize - 1>(at, word);
}

// Sixteen bytes from `at`; behind the line's end, zeros.
[[gnu::always_inline]] inline Bytes16 wide_at(const char* at, const char* end) {
  if (static_cast<std::size_t>(end - at) >= kWide) return Bytes16(at);
  std::array<char, kWide> rest{};
  std::copy(at, end, rest.begin());
  return Bytes16(rest.data());
}

[[gnu::always_inline]] inline std::size_t count_digits(const char* at, const char* end) {
  return static_cast<std::size_t>(std::countr_one(wide_at(at, end).within('0', '9').bits()));
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

// Whether all bytes fit, sixteen at a time; `fits` tells it by what it asks them. A part of a line, whose last sixteen
// bytes stand in the line wherever the part begins. Mostly all do: that is asked once, of all together.
template <typename Fits>
[[gnu::always_inline]] inline bool all_fit(std::string_view part, Fits fits) {
  constexpr std::uint32_t kAll = 0xFFFF;
  const char* const begin = part.data();
  const char* const last = begin + part.size() - kWide;
  auto all = fits(Bytes16(last));
  if (part.size() < kWide) {
    const std::uint32_t meant = kAll & (kAll << (kWide - part.size()));
    return (all.bits() & meant) == meant;
  }
  if (part.size() <= 4 * kWide) {
    const std::size_t inner = std::min(kWide, part.size() - kWide);
    return (all & fits(Bytes16(begin)) & fits(Bytes16(begin + inner)) & fits(Bytes16(last - inner))).bits() == kAll;
  }
  for (const char* at = begin; at < last; at += kWide) all = all & fits(Bytes16(at));
  return all.bits() == kAll;
}

bool is_printable_ascii(std::string_view text) {
  return all_fit(text, [](Bytes16 bytes) { return bytes.within(' ', '~'); });
}

// '&' and '*': an entity or bold text, unless a visitor wrote it.
bool has_marks(std::string_view text) {
  return !all_fit(text, [](Bytes16 bytes) { return ~(bytes.equal('&') | bytes.equal('*')); });
}

// Where the peer's bracket stands, behind "(111)Connection refused: ", "mod_proxy.c(1467): " or nothing; null without
// one.
[[gnu::always_inline]] inline const char* find_peer(const char* at, const char* end) {
  constexpr std::ptrdiff_t kLongestLead = 120;
  const char* const begin = at;
  if (*at != '[') {
    const auto lead = find_near({at, static_cast<std::size_t>(std::min(end - at, kLongestLead))}, '[');
    if (lead == std::string_view::npos) return nullptr;
    at += lead;
  }
  if (at > begin && at[-1] != ' ') return nullptr;
  return stands(at, end, "[client ") || stands(at, end, "[remote ") ? at : nullptr;
}

// Where a comma stands in front of what ", r" goes on with, rarer than a comma alone: a bit for each of sixty-four.
[[gnu::always_inline]] inline std::uint64_t commas_at(const char* text) {
  constexpr std::size_t kLetter = 2;
  const auto sixteen = [&](std::size_t at) {
    return std::uint64_t{
        (Bytes16(text + at).equal(',') & Bytes16(text + at + kLetter).equal(kReferer[kLetter])).bits()};
  };
  return (sixteen(0) | sixteen(16) << 16U) | (sixteen(32) | sixteen(48) << 16U) << 32U;
}

// The last of them, `found` places behind `text`, where the referer begins; null without one.
const char* last_referer(const char* text, std::uint64_t found) {
  for (; found != 0; found ^= std::bit_floor(found)) {
    const char* const at = text + std::bit_width(found) - 1;
    if (is_same<kReferer.size()>(at, kReferer.data())) return at;
  }
  return nullptr;
}

// find_referer of the words, many places at a time; null without one. `line`: where their line begins.
[[gnu::always_inline]] inline const char* find_last_referer(const char* line, const char* words, const char* end) {
  constexpr std::ptrdiff_t kOne = 64, kTwo = 2 * kOne;
  const char* at = end - kReferer.size() + 1;  // before this
  for (; at > words && at - line >= kTwo; at -= kTwo) {
    const std::uint64_t upper = commas_at(at - kOne), lower = commas_at(at - kTwo);
    if ((upper | lower) == 0) continue;
    const char* last = last_referer(at - kOne, upper);
    if (last == nullptr) last = last_referer(at - kTwo, lower);
    if (last != nullptr) return last < words ? nullptr : last;
  }
  if (at <= words) return nullptr;
  const auto found = find_referer({words, static_cast<std::size_t>(at - words) + kReferer.size() - 1});
  return found == std::string_view::npos ? nullptr : words + found;
}

// "203.0.113.9:4711] " at `at`: the length of the address; 0 where it is none.
[[gnu::always_inline]] inline std::size_t peer_length(const char* at, const char* end) {
  constexpr std::size_t kLongestPeer = 3 * kWide;
  for (std::size_t length = 0; length < kLongestPeer; length += kWide) {
    const Bytes16 bytes = wide_at(at + length, end);
    const auto fits = (bytes.within('0', ':') | bytes.within('a', 'f') | bytes.equal('.')).bits();
    if (fits == 0xFFFF) continue;
    length += static_cast<std::size_t>(std::countr_one(fits));
    return stands(at + length, end, "] ") ? length : 0;
  }
  return 0;
}

constexpr std::size_t kIdName = 5;      // "[pid ", ":tid "
constexpr std::size_t kMostDigits = 8;  // of a process
constexpr std::size_t kPeerName = 8;    // "[client ", "[remote "

// "[pid 11716] ", "[pid 11716:tid 139836926555164] " at `at`: where it goes on; null where it is something else.
[[gnu::always_inline]] inline const char* read_ids(const char* at, const char* end, PlainLine& plain) {
  at += kIdName;
  const std::size_t digits = count_digits(at, end);
  if (digits == 0 || digits > kMostDigits || static_cast<std::size_t>(end - at) < kMostDigits) return nullptr;
  plain.pid_size = static_cast<std::uint8_t>(digits);
  at += digits;
  if (stands(at, end, ":tid ")) {
    at += kIdName;
    const std::size_t tid = count_digits(at, end);
    if (tid == 0 || tid == kWide) return nullptr;
    at += tid;
  }
  return stands(at, end, "] ") ? at + 2 : nullptr;
}

// Thirty-two bytes from `at`, asked sixteen at a time: a bit for each.
template <typename Ask>
[[gnu::always_inline]] inline std::uint32_t ask_32(const char* at, Ask ask) {
  return ask(Bytes16(at)).bits() | ask(Bytes16(at + kWide)).bits() << kWide;
}

// Where the bracket of the level ends that begins at `at`; 0 where it does not soon.
[[gnu::always_inline]] inline std::size_t find_level_end(const char* at, const char* end) {
  constexpr std::size_t kNear = 2 * kWide, kLongestLevel = 60;
  const auto left = static_cast<std::size_t>(end - at);
  if (left >= kNear) {
    const auto found = ask_32(at, [](Bytes16 bytes) { return bytes.equal(']'); });
    if (found != 0) return static_cast<std::size_t>(std::countr_zero(found));
  }
  const std::size_t size = find_near({at, std::min(left, kLongestLevel)}, ']');
  return size == std::string_view::npos ? 0 : size;
}

// "[pid 11716:tid 139836926555164] [client 203.0.113.9:4711] " at `at`, in one go: where the words behind it begin;
// null where something else is to be read, or nearly the end of the line.
[[gnu::always_inline]] inline const char* read_usual(const char* at, const char* end, PlainLine& plain) {
  constexpr std::size_t kMostTid = 15, kWindow = 2 * kWide, kAhead = 96;
  static_assert(kMostDigits + kIdName + kMostTid < kWindow);
  static_assert(2 * kIdName + kMostDigits + kMostTid + 2 + kPeerName + kWindow + 2 <= kAhead);
  if (end - at < static_cast<std::ptrdiff_t>(kAhead) || !is_same<kIdName>(at, "[pid ")) return nullptr;
  at += kIdName;
  const auto digits = ask_32(at, [](Bytes16 bytes) { return bytes.within('0', '9'); });
  const auto pid = static_cast<std::size_t>(std::countr_one(digits));
  if (pid == 0 || pid > kMostDigits || !is_same<kIdName>(at + pid, ":tid ")) return nullptr;
  const auto tid = static_cast<std::size_t>(std::countr_one(digits >> (pid + kIdName)));
  at += pid + kIdName + tid;
  if (tid == 0 || tid > kMostTid || !is_same<2>(at, "] ") || !is_same<kPeerName>(at + 2, "[client ")) return nullptr;
  at += 2 + kPeerName;
  const auto address = ask_32(at, [](Bytes16 bytes) { return bytes.within('0', ':') | bytes.equal('.'); });
  const auto peer = static_cast<std::size_t>(std::countr_one(address));
  if (peer == 0 || peer == kWindow || !is_same<2>(at + peer, "] ")) return nullptr;
  plain.pid_size = static_cast<std::uint8_t>(pid);
  plain.peer_size = static_cast<std::uint8_t>(peer);
  return at + peer + 2;
}

}  // namespace

// Texts whose lengths differ from line to line are hashed by XXH3's own step for sixteen bytes, with another part of
// the secret for each place: the library's choice between ways for short and for long texts costs more than the hash.
[[gnu::always_inline]] inline std::uint64_t PlainLooker::mix(const char* bytes, std::size_t place) const {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the library's interface
  const auto as_bytes = [](const char* text) { return reinterpret_cast<const xxh_u8*>(text); };
  return XXH3_mix16B(as_bytes(bytes), as_bytes(secret_.data() + place), 0);
}

// Sixty-four bytes at a time, the last of them from the end: how often, a processor foresees better than each sixteen.
[[gnu::always_inline]] inline std::uint64_t PlainLooker::hash(std::string_view text) const {
  constexpr std::size_t kFour = 4 * kWide;
  const char* const begin = text.data();
  const std::size_t size = text.size();
  if (size < kWide || size > kLongestMixed) return XXH3_64bits_withSecret(begin, size, secret_.data(), secret_.size());
  std::uint64_t sum = size * kSpread;
  const auto mix_four = [&](const char* at, std::size_t place) __attribute__((always_inline)) {
    sum += mix(at, place) + mix(at + kWide, place + kWide);
    sum += mix(at + 2 * kWide, place + 2 * kWide) + mix(at + 3 * kWide, place + 3 * kWide);
  };
  if (size >= kFour) {
    for (std::size_t at = 0; at + kFour < size; at += kFour) mix_four(begin + at, at);
    mix_four(begin + size - kFour, kLongestMixed);
  } else {
    const std::size_t inner = std::min(kWide, size - kWide);
    sum += mix(begin, 0) + mix(begin + inner, kWide);
    sum += mix(begin + size - kWide - inner, 2 * kWide) + mix(begin + size - kWide, 3 * kWide);
  }
  return XXH3_avalanche(sum);
}

// Mostly of eight to sixteen bytes: two words tell them all.
[[gnu::always_inline]] inline std::uint64_t PlainLooker::hash_level(std::string_view level) const {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  if (level.size() < kWord || level.size() > kWide) return hash(level);
  std::array<char, 2 * kWord> words;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled at once
  std::memcpy(words.data(), level.data(), kWord);
  std::memcpy(words.data() + kWord, level.data() + level.size() - kWord, kWord);
  return level.size() + mix(words.data(), kLongestMixed + kWide);
}

[[gnu::always_inline]] inline Fingerprint PlainLooker::fingerprint(std::string_view level, std::string_view lead,
                                                                   Speaker speaker, std::string_view words) const {
  std::uint64_t head = hash_level(level) + static_cast<std::uint64_t>(speaker);
  if (!lead.empty()) head = head * kSpread + hash(lead);
  const Fingerprint all = hash(words) ^ (head * kSpread);
  return all == 0 ? 1 : all;
}

PlainLooker::PlainLooker() {
  std::random_device random;
  std::array<std::uint32_t, 8> seed{};
  for (auto& word : seed) word = random();
  XXH3_generateSecret(secret_.data(), secret_.size(), seed.data(), sizeof seed);
}

// "[Wed Mar 13 07:02:11.000001 2024] [", with or without the fraction. The line is of the shortest size, at least.
[[gnu::always_inline]] inline bool PlainLooker::read_time(std::string_view line, PlainLine& plain) {
  constexpr std::size_t kFractionDigits = PlainLine::kFraction - 1;
  const char* const text = line.data();
  plain.fine = text[kSecondEnd] == '.';
  const bool same = plain.fine ? is_of_second(text) : is_same<PlainLine::kTime>(text, second_.data());
  if (!same && !read_second(line, plain.level_at())) return false;
  plain.micros = second_micros_;
  if (plain.fine) plain.micros += read_digits(text + kSecondEnd + 1, kFractionDigits);
  return true;
}

// Whether a line with a fraction is of the second that was read last.
[[gnu::always_inline]] inline bool PlainLooker::is_of_second(const char* text) const {
  constexpr std::uint32_t kDigits = 0b1111110, kOthers = 0b111111110000001;  // of ".000001 2024] ["
  constexpr std::size_t kOverlap = kSecondEnd - kWide;
  const Bytes16 fraction(text + kSecondEnd);
  const auto ahead =
      Bytes16(text).equal(Bytes16(second_.data())) & Bytes16(text + kOverlap).equal(Bytes16(second_.data() + kOverlap));
  const auto others = fraction.equal(Bytes16(second_.data() + kSecondEnd));
  return ahead.bits() == 0xFFFF && (fraction.within('0', '9').bits() & kDigits) == kDigits &&
         (others.bits() & kOthers) == kOthers;
}

// The time of a line that is not of that second, and ends before `end` with "] [".
bool PlainLooker::read_second(std::string_view line, std::size_t end) {
  constexpr std::string_view kEnd = "] [";
  std::string_view text = line.substr(1);
  const auto stamp = consume_ctime(text);
  const bool fine = end > PlainLine::kTime;
  if (line[0] != '[' || !stamp || stamp->digits != (fine ? 6 : 0)) return false;
  if (text.data() + kEnd.size() != line.data() + end || !text.starts_with(kEnd)) return false;
  std::memcpy(second_.data(), line.data(), end);
  second_micros_ = stamp->micros - stamp->micros % 1'000'000;
  return true;
}

void PlainLooker::look(std::string_view line, PlainLine& plain) {
  if (line.size() < kShortest || line.size() > kLongest || !ends_plainly(line) || !read_time(line, plain)) return;
  const char* at = line.data() + plain.level_at();
  const char* const end = line.data() + line.size();
  const std::size_t size = find_level_end(at, end);
  if (size == 0 || !stands(at + size, end, "] ")) return;
  if (is_digit(*at)) return;  // ids of mod_jk
  plain.level_size = static_cast<std::uint8_t>(size);
  at += size + 2;
  if (const char* const words = read_usual(at, end, plain)) return read_words(line, words, {}, Speaker::client, plain);
  if (stands(at, end, "[pid ")) at = read_ids(at, end, plain);
  if (at != nullptr && at != end) read_peer(line, at, plain);
}

// All from `at`, behind the header.
void PlainLooker::read_peer(std::string_view line, const char* at, PlainLine& plain) {
  const char* const end = line.data() + line.size();
  const char* const bracket = find_peer(at, end);
  if (bracket == nullptr) return read_words(line, at, {}, Speaker::server, plain);
  const std::size_t peer = peer_length(bracket + kPeerName, end);
  if (peer == 0) return;
  plain.peer_size = static_cast<std::uint8_t>(peer);
  read_words(line, bracket + kPeerName + peer + 2, {at, static_cast<std::size_t>(bracket - at)},
             bracket[1] == 'c' ? Speaker::client : Speaker::remote, plain);
}

// All from `at`, where the words begin; with it the line is plain. `lead`: what stands before the peer.
[[gnu::always_inline]] inline void PlainLooker::read_words(std::string_view line, const char* at, std::string_view lead,
                                                           Speaker speaker, PlainLine& plain) {
  const char* end = line.data() + line.size();
  plain.by_client = speaker == Speaker::client;
  if (const char* const referer = plain.by_client ? find_last_referer(line.data(), at, end) : nullptr) {
    const auto size = static_cast<std::size_t>(end - referer);
    if (!is_printable_ascii({referer, size})) return;
    plain.referer_size = static_cast<std::uint16_t>(size - kReferer.size());
    end = referer;
  }
  plain.words_at = static_cast<std::uint16_t>(at - line.data());
  plain.words_size = static_cast<std::uint16_t>(end - at);
  const std::string_view level(line.data() + plain.level_at(), plain.level_size);
  plain.words = fingerprint(level, lead, speaker, {at, plain.words_size});
}

bool is_untouched(const PlainLine& plain, std::string_view line) {
  return is_printable_ascii(line.substr(plain.level_at(), plain.level_size)) &&
         is_printable_ascii(line.substr(plain.words_at, plain.words_size)) && (plain.by_client || !has_marks(line));
}

std::optional<std::int64_t> PlainLine::process(std::string_view line) const {
  constexpr std::size_t kAhead = 2 + kIdName;  // "] [pid "
  if (!has_pid()) return std::nullopt;
  return read_digits(line.data() + level_at() + level_size + kAhead, pid_size);  // the look saw eight bytes there
}

bool is_old_form(const PlainLine& plain, std::string_view line) {
  if (plain.has_pid()) return false;
  const auto level = line.substr(plain.level_at(), plain.level_size);
  return level.find(':') == std::string_view::npos || level.front() == ':' || level.starts_with("-:");
}

bool is_told_by_words(const PlainLine& plain, const Entry& entry) {
  return entry.time && entry.time->micros == plain.micros && entry.pid == plain.process(entry.text) &&
         entry.peer.size() == plain.peer_size && entry.referer.size() == plain.referer_size && entry.remote.empty() &&
         entry.about == About::message && is_old_form(plain, entry.text) == is_old_form(entry);
}

}  // namespace ahdiag
