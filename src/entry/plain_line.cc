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

// What may follow is a mark that somebody else put there: an editor's "$", a pager's ">", "^M" made visible.
bool ends_plainly(std::string_view line) {
  const char last = line.back();
  return last > ' ' && last != '$' && last != '>' && !line.ends_with("^M");
}

// One pass without a branch a byte, so that the compiler makes it wide.
bool is_printable_ascii(std::string_view text) {
  unsigned others = 0;
  for (const char c : text) others |= static_cast<unsigned>(static_cast<unsigned char>(c - ' ') > '~' - ' ');
  return others == 0;
}

// '&' and '*': an entity or bold text, unless a visitor wrote it.
bool has_marks(std::string_view text) {
  unsigned marks = 0;
  for (const char c : text) marks |= static_cast<unsigned>(c == '&') | static_cast<unsigned>(c == '*');
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
  if (end == kName || !text.substr(end).starts_with("] ")) return {};
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
  return rest.starts_with("[client ") || rest.starts_with("[remote ") ? at : std::string_view::npos;
}

}  // namespace

PlainLooker::PlainLooker() {
  std::random_device random;
  std::array<std::uint32_t, 8> seed{};
  for (auto& word : seed) word = random();
  XXH3_generateSecret(secret_.data(), secret_.size(), seed.data(), sizeof seed);
}

// "[Wed Mar 13 07:02:11.000001 2024] ", with or without the fraction.
bool PlainLooker::read_time(std::string_view line, std::string_view& rest, Stamp& time) {
  constexpr std::size_t kFraction = 7, kYear = 4;
  const bool fine = line[kSecondEnd] == '.';
  const std::size_t year_at = kSecondEnd + (fine ? kFraction : 0) + 1;
  const auto second = line.substr(0, kSecondEnd);
  const auto year = line.substr(year_at, kYear);
  const auto after = line.substr(year_at + kYear);
  if (line[0] != '[' || line[year_at - 1] != ' ' || !after.starts_with("] [")) return false;
  if (second != second_ || year != year_) {
    std::string_view text = line.substr(1);
    const auto stamp = consume_ctime(text);
    if (!stamp || text.data() != after.data() || stamp->digits != (fine ? 6 : 0)) return false;
    second_ = second;
    year_ = year;
    second_micros_ = stamp->micros - stamp->micros % 1'000'000;
  }
  std::int64_t micros = 0;
  for (std::size_t at = kSecondEnd + 1; fine && at < kSecondEnd + kFraction; ++at) {
    if (!is_digit(line[at])) return false;
    micros = micros * 10 + (line[at] - '0');
  }
  time = {second_micros_ + micros, fine ? 6 : 0, std::nullopt};
  rest = after.substr(2);
  return true;
}

std::optional<PlainLine> PlainLooker::look(std::string_view line) {
  if (line.size() < kShortest || line.size() > kLongest || !ends_plainly(line)) return std::nullopt;
  PlainLine plain;
  std::string_view rest;
  if (!read_time(line, rest, plain.time)) return std::nullopt;
  constexpr std::size_t kLongestLevel = 60;
  const auto end = rest.substr(0, kLongestLevel).find("] ");
  if (end == std::string_view::npos) return std::nullopt;
  const auto level = rest.substr(0, end);
  rest.remove_prefix(end + 2);
  if (consume(rest, "[pid ")) {
    plain.pid = consume_number(rest);
    if (!plain.pid || (consume(rest, ":tid ") && !consume_number(rest)) || !consume(rest, "] ")) return std::nullopt;
  }
  std::string_view words = rest;
  Speaker speaker = Speaker::server;
  const auto lead = lead_length(rest);
  if (lead != std::string_view::npos) {
    speaker = rest[lead + 1] == 'c' ? Speaker::client : Speaker::remote;
    words.remove_prefix(lead);
    plain.peer_size = consume_peer(words).size();
    if (plain.peer_size == 0) return std::nullopt;
  }
  if (speaker == Speaker::client) {
    if (const auto at = find_referer(words); at != std::string_view::npos) {
      if (!is_printable_ascii(words.substr(at))) return std::nullopt;
      plain.referer_size = words.size() - at - kReferer.size();
      words = words.substr(0, at);
    }
  }
  const bool nameless = level.find(':') == std::string_view::npos || level.front() == ':' || level.starts_with("-:");
  plain.old_form = nameless && !plain.pid;
  plain.by_client = speaker == Speaker::client;
  plain.words_at = static_cast<std::size_t>(words.data() - line.data());
  plain.words_size = words.size();
  plain.words =
      fingerprint(level, speaker == Speaker::server ? std::string_view() : rest.substr(0, lead), speaker, words);
  return plain;
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
  set.words.at(way) = words;
  set.verdicts.at(way) = verdict;
}

}  // namespace ahdiag
