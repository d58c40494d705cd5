#include "text/yaml.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "text/ascii.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

// Words that YAML 1.1 takes for a truth value or nothing, in any case.
constexpr std::array<std::string_view, 9> kTaken = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};

bool is_plain(std::string_view text) {
  if (text.empty() || (!is_alpha(text.front()) && text.front() != '/')) return false;
  if (std::ranges::find(kTaken, lower(text)) != kTaken.end()) return false;
  return std::ranges::all_of(
      text, [](char c) { return is_alnum(c) || std::string_view("_-./+").find(c) != std::string_view::npos; });
}

// A character of its own length in bytes, as an escape where it is not plain ASCII.
std::string escaped(std::string_view character) {
  constexpr unsigned kFirstShown = 0x20, kDelete = 0x7f, kTailBits = 6, kTail = 0x3f;
  const auto lead = static_cast<unsigned char>(character.front());
  if (character == "\"" || character == "\\") return "\\" + std::string(character);
  if (character == "\n") return "\\n";
  if (lead >= kFirstShown && lead < kDelete) return std::string(character);
  std::uint32_t point = character.size() == 1 ? lead : lead & (kDelete >> character.size());
  for (const char c : character.substr(1)) point = (point << kTailBits) | (static_cast<unsigned char>(c) & kTail);
  return point > 0xffff ? fmt::format("\\U{:08X}", point) : fmt::format("\\u{:04X}", point);
}

}  // namespace

std::string yaml_scalar(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string out = "\"";
  while (!text.empty()) {
    const auto length = std::max<std::size_t>(1, utf8_length(text));
    out += escaped(text.substr(0, length));
    text.remove_prefix(length);
  }
  return out + "\"";
}

}  // namespace ahdiag
