// Bytes and words, independent of locale: a log is bytes, and its grammar is ASCII.
#pragma once

#include <cstdint>
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

// Text without blanks, CR and NUL at the given end.
std::string_view trim_left(std::string_view text);
std::string_view trim_right(std::string_view text);
std::string_view trim(std::string_view text);

// Removes `prefix` from the front of `text` and says whether it was there.
bool consume(std::string_view& text, std::string_view prefix);

// The run of digits at the front, removed from `text`; nothing (and `text` untouched) without one or on overflow.
std::optional<std::int64_t> consume_number(std::string_view& text);

// The whole text as a decimal number; a sign is accepted in front.
std::optional<std::int64_t> to_number(std::string_view text);

std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& words, std::string_view separator);
std::string lower(std::string_view text);
bool contains(std::string_view text, std::string_view part);

}  // namespace ahdiag
