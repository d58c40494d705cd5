#include "input/flat_json.h"

#include <cstdint>
#include <optional>

#include "text/ascii.h"

namespace ahdiag {
namespace {

std::optional<std::uint32_t> hex4(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text.substr(0, 4)) {
    const char low = to_lower(c);
    if (is_digit(low))
      value = value * 16 + static_cast<std::uint32_t>(low - '0');
    else if (low >= 'a' && low <= 'f')
      value = value * 16 + static_cast<std::uint32_t>(low - 'a' + 10);
    else
      return std::nullopt;
  }
  return value;
}

void append_utf8(std::uint32_t code, std::string& to) {
  const auto byte = [&](std::uint32_t value) { to += static_cast<char>(value); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | (code >> 6U));
    byte(0x80 | (code & 0x3FU));
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12U));
    byte(0x80 | ((code >> 6U) & 0x3FU));
    byte(0x80 | (code & 0x3FU));
  } else {
    byte(0xF0 | (code >> 18U));
    byte(0x80 | ((code >> 12U) & 0x3FU));
    byte(0x80 | ((code >> 6U) & 0x3FU));
    byte(0x80 | (code & 0x3FU));
  }
}

// One byte of text; a line break may not begin a line.
void append_plain(char c, std::string& to) {
  if (c == '\n')
    to += "\\n";
  else if (c != '\r' && c != '\0')
    to += c;
}

// "\uD83D\uDE00": two halves are one character.
std::size_t append_unicode(std::string_view text, std::string& to) {
  const auto first = hex4(text);
  if (!first) return 0;
  if (*first >= 0xD800 && *first < 0xDC00 && text.substr(4).starts_with("\\u")) {
    const auto second = hex4(text.substr(6));
    if (second && *second >= 0xDC00 && *second < 0xE000) {
      append_utf8(0x10000 + ((*first - 0xD800) << 10U) + (*second - 0xDC00), to);
      return 10;
    }
  }
  if (*first < 0x80)
    append_plain(static_cast<char>(*first), to);
  else if (*first < 0xD800 || *first >= 0xE000)
    append_utf8(*first, to);
  return 4;
}

// What stands behind a backslash; how many characters it took.
std::size_t append_escape(std::string_view text, std::string& to) {
  switch (text.front()) {
    case 'n': append_plain('\n', to); return 1;
    case 't': to += '\t'; return 1;
    case 'r':
    case 'b':
    case 'f': return 1;
    case 'u': return 1 + append_unicode(text.substr(1), to);
    default: to += text.front(); return 1;
  }
}

void append_text(std::string_view raw, std::string& to) {
  while (!raw.empty()) {
    const auto plain = raw.substr(0, raw.find('\\'));
    to += plain;
    raw.remove_prefix(plain.size());
    if (raw.size() < 2) return;
    raw.remove_prefix(1);
    raw.remove_prefix(append_escape(raw, to));
  }
}

void append_bytes(std::string_view raw, std::string& to) {
  while (!raw.empty()) {
    raw = trim_left(raw);
    const auto value = consume_number(raw);
    if (!value || *value > 255) return;
    append_plain(static_cast<char>(*value), to);
    raw = trim_left(raw);
    consume(raw, ",");
  }
}

// A list or an object, nested ones included; what stands inside it.
bool consume_nested(std::string_view& text, std::string_view& inside) {
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      std::string_view rest = text.substr(at), skipped;
      if (!consume_json_string(rest, skipped)) return false;
      at = text.size() - rest.size() - 1;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      inside = text.substr(1, at - 1);
      text.remove_prefix(at + 1);
      return true;
    }
  }
  return false;
}

}  // namespace

bool consume_json_string(std::string_view& text, std::string_view& inside) {
  if (!text.starts_with('"')) return false;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      inside = text.substr(1, at - 1);
      text.remove_prefix(at + 1);
      return true;
    }
  }
  return false;
}

bool FlatJson::read_value(JsonMember& member) {
  using Kind = JsonMember::Kind;
  if (rest_.empty()) return false;
  if (rest_.front() == '"') {
    member.kind = Kind::text;
    return consume_json_string(rest_, member.raw);
  }
  if (rest_.front() == '[' || rest_.front() == '{') {
    const bool list = rest_.front() == '[';
    if (!consume_nested(rest_, member.raw)) return false;
    const bool bytes = list && member.raw.find_first_not_of("0123456789, \t") == std::string_view::npos;
    member.kind = bytes ? Kind::bytes : Kind::other;
    return true;
  }
  const auto word = rest_.substr(0, rest_.find_first_of(",}"));
  member.raw = trim(word);
  member.kind = to_number(member.raw) ? Kind::number : Kind::other;
  rest_.remove_prefix(word.size());
  return true;
}

bool FlatJson::next(JsonMember& member) {
  if (complete_) return false;
  rest_ = trim_left(rest_);
  if (!consume(rest_, begun_ ? "," : "{")) {
    complete_ = begun_ && rest_.starts_with('}');
    return false;
  }
  begun_ = true;
  rest_ = trim_left(rest_);
  if (rest_.starts_with('}')) {
    complete_ = true;
    return false;
  }
  if (!consume_json_string(rest_, member.name)) return false;
  rest_ = trim_left(rest_);
  if (!consume(rest_, ":")) return false;
  rest_ = trim_left(rest_);
  return read_value(member);
}

void append_value(const JsonMember& member, std::string& to) {
  if (member.kind == JsonMember::Kind::text) append_text(member.raw, to);
  if (member.kind == JsonMember::Kind::bytes) append_bytes(member.raw, to);
}

}  // namespace ahdiag
