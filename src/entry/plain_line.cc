#include "entry/plain_line.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "entry/fields.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::size_t kShortest = 40;
constexpr std::size_t kLongest = 4096;  // well below what httpd cuts

// What is asked of each line has its own words here, which the compiler puts in place: a call costs more than they do.
[[gnu::always_inline]] inline bool begins(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && std::memcmp(text.data(), word.data(), word.size()) == 0;
}

[[gnu::always_inline]] inline bool take(std::string_view& text, std::string_view word) {
  const bool there = begins(text, word);
  if (there) text.remove_prefix(word.size());
  return there;
}

[[gnu::always_inline]] inline bool take_number(std::string_view& text, std::int64_t& number) {
  constexpr std::size_t kMostDigits = 18;
  std::size_t length = 0;
  for (; length < text.size() && length <= kMostDigits && is_digit(text[length]); ++length)
    number = number * 10 + (text[length] - '0');
  text.remove_prefix(length);
  return length > 0 && length <= kMostDigits;
}

// What may follow is a mark that somebody else put there: an editor's "$", a pager's ">", "^M" made visible.
bool ends_plainly(std::string_view line) {
  const char last = line.back();
  return last > ' ' && last != '$' && last != '>' && (last != 'M' || line[line.size() - 2] != '^');
}

// One pass without a branch a byte, so that the compiler makes it wide.
bool is_printable_ascii(std::string_view text) {
  unsigned char others = 0;
  for (const char c : text) others |= static_cast<unsigned char>(static_cast<unsigned char>(c - ' ') > '~' - ' ');
  return others == 0;
}

// '&' and '*': an entity or bold text, unless a visitor wrote it.
bool has_marks(std::string_view text) {
  unsigned char marks = 0;
  for (const char c : text) marks |= static_cast<unsigned char>(c == '&' || c == '*');
  return marks != 0;
}

constexpr std::array<bool, 256> kPeerBytes = [] {
  std::array<bool, 256> all{};
  for (const char c : std::string_view("0123456789abcdef.:")) all.at(static_cast<unsigned char>(c)) = true;
  return all;
}();

bool is_peer_byte(char c) { return kPeerBytes.at(static_cast<unsigned char>(c)); }

// "[client 203.0.113.9:4711] " at the front: the address; it is removed.
std::string_view consume_peer(std::string_view& text) {
  constexpr std::size_t kName = 8;  // "[client ", "[remote "
  constexpr std::size_t kLongestPeer = 60;
  std::size_t end = kName;
  while (end < text.size() && end < kLongestPeer && is_peer_byte(text[end])) ++end;
  if (end == kName || !begins(text.substr(end), "] ")) return {};
  const auto peer = text.substr(kName, end - kName);
  text.remove_prefix(end + 2);
  return peer;
}

// "(111)Connection refused: ", "mod_proxy.c(1467): ": the length of what stands in front of the peer; npos without one.
std::size_t lead_length(std::string_view text) {
  constexpr std::size_t kLongestLead = 120;
  const auto at = text.substr(0, kLongestLead).find('[');
  if (at == std::string_view::npos || (at > 0 && text[at - 1] != ' ')) return std::string_view::npos;
  const auto rest = text.substr(at);
  return begins(rest, "[client ") || begins(rest, "[remote ") ? at : std::string_view::npos;
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
  if (std::memcmp(line.data(), second_.data(), kSecondEnd) != 0 ||
      std::memcmp(line.data() + year_at, year_.data(), kYear) != 0) {
    std::string_view text = line.substr(1);
    const auto stamp = consume_ctime(text);
    if (!stamp || text.data() != after.data() || stamp->digits != (fine ? 6 : 0)) return false;
    std::memcpy(second_.data(), line.data(), kSecondEnd);
    std::memcpy(year_.data(), line.data() + year_at, kYear);
    second_micros_ = stamp->micros - stamp->micros % 1'000'000;
  }
  std::int64_t micros = 0;
  for (std::size_t at = kSecondEnd + 1; fine && at < kSecondEnd + kFraction; ++at) {
    if (!is_digit(line[at])) return false;
    micros = micros * 10 + (line[at] - '0');
  }
  plain.time = {second_micros_ + micros, fine ? 6 : 0, std::nullopt};
  plain.level_at = static_cast<std::uint16_t>(year_at + kYear + 2);
  return true;
}

bool PlainLooker::look(std::string_view line, PlainLine& plain) {
  if (line.size() < kShortest || line.size() > kLongest || !ends_plainly(line)) return false;
  if (!read_time(line, plain)) return false;
  std::string_view rest = line.substr(plain.level_at + 1U);
  constexpr std::size_t kLongestLevel = 60;
  const auto end = rest.substr(0, kLongestLevel).find("] ");
  if (end == std::string_view::npos) return false;
  const auto level = rest.substr(0, end);
  if (level.empty() || is_digit(level.front())) return false;  // ids of mod_jk
  rest.remove_prefix(end + 2);
  if (take(rest, "[pid ")) {
    std::int64_t pid = 0, tid = 0;
    if (!take_number(rest, pid) || (take(rest, ":tid ") && !take_number(rest, tid)) || !take(rest, "] ")) return false;
    plain.pid = pid;
  }
  std::string_view words = rest;
  Speaker speaker = Speaker::server;
  const auto lead = lead_length(rest);
  if (lead != std::string_view::npos) {
    speaker = rest[lead + 1] == 'c' ? Speaker::client : Speaker::remote;
    words.remove_prefix(lead);
    plain.peer_size = static_cast<std::uint16_t>(consume_peer(words).size());
    if (plain.peer_size == 0) return false;
  }
  if (speaker == Speaker::client) {
    if (const auto at = find_referer(words); at != std::string_view::npos) {
      if (!is_printable_ascii(words.substr(at))) return false;
      plain.referer_size = static_cast<std::uint16_t>(words.size() - at - kReferer.size());
      words = words.substr(0, at);
    }
  }
  const bool nameless = level.find(':') == std::string_view::npos || level.front() == ':' || begins(level, "-:");
  plain.old_form = nameless && !plain.pid;
  plain.by_client = speaker == Speaker::client;
  plain.words_at = static_cast<std::uint16_t>(words.data() - line.data());
  plain.words_size = static_cast<std::uint16_t>(words.size());
  plain.words =
      fingerprint(level, speaker == Speaker::server ? std::string_view() : rest.substr(0, lead), speaker, words);
  return true;
}

Fingerprint PlainLooker::fingerprint(std::string_view level, std::string_view lead, Speaker speaker,
                                     std::string_view words) const {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL, kOther = 0xC2B2AE3D27D4EB4FULL;
  const auto hash = [&](std::string_view text) {
    return XXH3_64bits_withSecret(text.data(), text.size(), secret_.data(), secret_.size());
  };
  const auto whole = XXH3_128bits_withSecret(words.data(), words.size(), secret_.data(), secret_.size());
  std::uint64_t head = hash(level) + static_cast<std::uint64_t>(speaker);
  if (!lead.empty()) head = head * kOdd + hash(lead);
  return {whole.low64 ^ (head * kOdd), whole.high64 + head * kOther};
}

bool is_untouched(const PlainLine& plain, std::string_view line) {
  return is_printable_ascii(line.substr(plain.words_at, plain.words_size)) && (plain.by_client || !has_marks(line));
}

bool is_told_by_words(const PlainLine& plain, const Entry& entry) {
  return entry.time && *entry.time == plain.time && entry.pid == plain.pid && entry.peer.size() == plain.peer_size &&
         entry.referer.size() == plain.referer_size && entry.remote.empty() && entry.about == About::message;
}

void KnownWords::keep(const Fingerprint& words, Verdict verdict) {
  if (sets_.empty()) sets_.resize(kSets);
  Set& set = sets_[words.low % kSets];
  const std::size_t way = set.next++ % kWays;
  set.words.at(way) = words.high;
  set.verdicts.at(way) = verdict;
}

}  // namespace ahdiag
