#include "text/ascii.h"

#include <charconv>

namespace ahdiag {
std::optional<std::int64_t> consume_number(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) ++length;
  if (length == 0) return std::nullopt;
  const auto number = to_number(text.substr(0, length));
  if (number) text.remove_prefix(length);
  return number;
}

std::optional<std::int64_t> to_number(std::string_view text) {
  if (consume(text, "+") && text.starts_with('-')) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string join(const std::vector<std::string>& words, std::string_view separator) {
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) all += separator;
    all += words[i];
  }
  return all;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = to_lower(c);
  return result;
}

// By the part's first byte, unless the text is full of that: then every byte would be looked for anew.
bool contains(std::string_view text, std::string_view part) {
  constexpr int kMostMisses = 8;
  if (part.empty()) return true;
  for (int misses = 0; misses < kMostMisses; ++misses) {
    const auto at = text.find(part.front());
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at);
    if (text.starts_with(part)) return true;
    text.remove_prefix(1);
  }
  return ::memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

}  // namespace ahdiag
