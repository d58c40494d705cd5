#include "text/utf8.h"

#include <cstdint>
#include <optional>

#include "text/ascii.h"
#include "text/bytes.h"

namespace ahdiag {
namespace {

constexpr std::uint8_t byte_at(std::string_view text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

constexpr bool is_tail(std::string_view text, std::size_t i) {
  return i < text.size() && (byte_at(text, i) & 0xC0) == 0x80;
}

std::uint32_t decode(std::string_view sequence) {
  if (sequence.size() == 1) return byte_at(sequence, 0);
  std::uint32_t point = byte_at(sequence, 0) & (0xFFU >> (sequence.size() + 1));
  for (std::size_t i = 1; i < sequence.size(); ++i) point = (point << 6) | (byte_at(sequence, i) & 0x3F);
  return point;
}

// Characters that move, hide or reorder others on a terminal or in a ticket.
constexpr bool steers(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0xAD || point == 0x180E || point == 0x061C ||
         (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF || (point >= 0xFFF9 && point <= 0xFFFB) ||
         (point >= 0xE0000 && point <= 0xE007F);
}

void append_hex(std::string& out, std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out += "\\x";
    out += digits[byte_at(bytes, i) >> 4];
    out += digits[byte_at(bytes, i) & 0xF];
  }
}

template <typename Unwanted>
std::string clean(std::string_view text, Unwanted unwanted) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t valid = utf8_length(text);
    const std::size_t length = valid == 0 ? 1 : valid;
    const auto sequence = text.substr(0, length);
    if (valid == 0 || unwanted(decode(sequence))) {
      append_hex(out, sequence);
    } else {
      out += sequence;
    }
    text.remove_prefix(length);
  }
  return out;
}

std::optional<int> hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const char low = to_lower(c);
  if (low >= 'a' && low <= 'f') return low - 'a' + 10;
  return std::nullopt;
}

// The byte that the escape at the front of `text` stands for, and the escape's length.
struct Escape {
  char byte;
  std::size_t length;
};

std::optional<Escape> read_escape(std::string_view text) {
  if (text.size() < 2 || text[0] != '\\') return std::nullopt;
  switch (text[1]) {
    case 'b': return Escape{'\b', 2};
    case 'n': return Escape{'\n', 2};
    case 'r': return Escape{'\r', 2};
    case 't': return Escape{'\t', 2};
    case 'v': return Escape{'\v', 2};
    case '\\': return Escape{'\\', 2};
    case '"': return Escape{'"', 2};
    case 'x': break;
    default: return std::nullopt;
  }
  if (text.size() < 4) return std::nullopt;
  const auto high = hex_digit(text[2]);
  const auto low = hex_digit(text[3]);
  if (!high || !low) return std::nullopt;
  return Escape{static_cast<char>(*high * 16 + *low), 4};
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const std::uint8_t lead = byte_at(text, 0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4 || !is_tail(text, 1)) return 0;
  if (lead < 0xE0) return 2;
  const std::uint8_t second = byte_at(text, 1);
  if (!is_tail(text, 2)) return 0;
  if (lead < 0xF0) {
    const bool overlong = lead == 0xE0 && second < 0xA0;
    const bool surrogate = lead == 0xED && second >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  const bool outside = (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second >= 0x90);
  return outside || !is_tail(text, 3) ? 0 : 4;
}

void append_utf8(std::uint32_t code, std::string& to) {
  const auto tail = [&](unsigned shift) { to += static_cast<char>(0x80 | ((code >> shift) & 0x3FU)); };
  if (code < 0x80) {
    to += static_cast<char>(code);
  } else if (code < 0x800) {
    to += static_cast<char>(0xC0 | (code >> 6U));
  } else if (code < 0x10000) {
    to += static_cast<char>(0xE0 | (code >> 12U));
  } else {
    to += static_cast<char>(0xF0 | (code >> 18U));
    tail(12);
  }
  if (code >= 0x800) tail(6);
  if (code >= 0x80) tail(0);
}

std::string to_utf8(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  return clean(text, [](std::uint32_t) { return false; });
}

std::string printable(std::string_view text) {
  if (all_within(text, ' ', '~')) return std::string(text);
  std::string spaced(text);
  for (char& c : spaced) {
    if (c == '\t') c = ' ';
  }
  return clean(spaced, steers);
}

bool is_ascii(std::string_view text) { return all_within(text, '\0', '\x7F'); }

std::size_t columns(std::string_view text) {
  if (is_ascii(text)) return text.size();
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) count += is_tail(text, i) ? 0 : 1;
  return count;
}

std::string unescape_log(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return std::string(text);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (const auto escape = read_escape(text)) {
      out += escape->byte;
      text.remove_prefix(escape->length);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace ahdiag
