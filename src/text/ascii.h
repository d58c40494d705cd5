// Bytes and words, independent of locale: a log is bytes, and its grammar is ASCII.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ahdiag {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_alpha(char c) { return is_upper(c) || is_lower(c); }
constexpr bool is_alnum(char c) { return is_alpha(c) || is_digit(c); }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
constexpr char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

// Blanks, CR and NUL: what may stand around words, and means nothing.
constexpr bool is_padding(char c) {
  constexpr std::uint64_t kAll = 1ULL << ' ' | 1ULL << '\t' | 1ULL << '\r' | 1ULL << '\n' | 1ULL << '\0';
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' && ((kAll >> byte) & 1U) != 0;  // hardly a byte comes to the second question
}

// Text without them at the given end.
inline std::string_view trim_left(std::string_view text) {
  while (!text.empty() && is_padding(text.front())) text.remove_prefix(1);
  return text;
}
inline std::string_view trim_right(std::string_view text) {
  while (!text.empty() && is_padding(text.back())) text.remove_suffix(1);
  return text;
}
inline std::string_view trim(std::string_view text) { return trim_left(trim_right(text)); }

// starts_with, of which the compiler makes a few instructions where it knows the words. Each line is asked for
// hundreds.
[[gnu::always_inline]] inline bool begins_with(std::string_view text, std::string_view words) {
  return text.size() >= words.size() && std::memcmp(text.data(), words.data(), words.size()) == 0;
}

// The same for the whole text.
[[gnu::always_inline]] inline bool is(std::string_view text, std::string_view words) {
  return text.size() == words.size() && std::memcmp(text.data(), words.data(), words.size()) == 0;
}

// Removes `prefix` from the front of `text` and says whether it was there.
[[gnu::always_inline]] inline bool consume(std::string_view& text, std::string_view prefix) {
  const bool there = begins_with(text, prefix);
  if (there) text.remove_prefix(prefix.size());
  return there;
}

// The run of digits at the front, removed from `text`; nothing (and `text` untouched) without one or on overflow.
std::optional<std::int64_t> consume_number(std::string_view& text);

// The whole text as a decimal number; a sign is accepted in front.
std::optional<std::int64_t> to_number(std::string_view text);

std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& words, std::string_view separator);
std::string lower(std::string_view text);
bool contains(std::string_view text, std::string_view part);

// Some of the 256 bytes.
class CharSet {
 public:
  constexpr explicit CharSet(std::string_view chars) {
    for (const char c : chars) has_.at(static_cast<unsigned char>(c)) = true;
  }
  [[nodiscard]] constexpr bool has(char c) const { return has_[static_cast<unsigned char>(c)]; }

 private:
  std::array<bool, 256> has_{};
};

}  // namespace ahdiag
