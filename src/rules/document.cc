#include "rules/document.h"

#include <algorithm>

#include "text/ascii.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

using Kind = JsonValue::Kind;

std::uint32_t hex4(std::string_view text) {
  std::uint32_t value = 0;
  for (const char c : text.substr(0, 4)) {
    const char low = to_lower(c);
    value = value * 16 + static_cast<std::uint32_t>(is_digit(low) ? low - '0' : low - 'a' + 10);
  }
  return value;
}

constexpr bool is_high_half(std::uint32_t code) { return code >= 0xD800 && code < 0xDC00; }

// What stands behind "\u" at the front of `rest`, and behind a second one: two halves are one character.
std::uint32_t take_code(std::string_view& rest) {
  std::uint32_t code = hex4(rest);
  rest.remove_prefix(4);
  if (!is_high_half(code)) return code;
  code = 0x10000 + ((code - 0xD800) << 10U) + (hex4(rest.substr(2)) - 0xDC00);
  rest.remove_prefix(6);
  return code;
}

char control_of(char letter) {
  switch (letter) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return letter;
  }
}

// The text may begin with a mark of its byte order.
constexpr std::string_view kMark = "\xEF\xBB\xBF";

bool is_white(char c) { return is_blank(c) || c == '\n' || c == '\r'; }
bool ends_scalar(char c) { return c == ',' || c == '}' || c == ']' || is_white(c); }

Kind kind_of(std::string_view scalar) {
  if (scalar == "null") return Kind::null;
  if (scalar == "true" || scalar == "false") return Kind::boolean;
  return scalar.find_first_of(".eE") == std::string_view::npos ? Kind::integer : Kind::fraction;
}

}  // namespace

Document::Document(std::string_view text) : text_(text), at_(text.starts_with(kMark) ? kMark.size() : 0) {
  values_.reserve(text.size() / 16 + 1);
  read();
}

const JsonValue* Document::member(const JsonValue& object, std::string_view name) const {
  for (const auto* one = first(object); one != nullptr; one = next(*one)) {
    if (one->key == name) return one;
  }
  return nullptr;
}

// One token after another; what is open is kept in a list, so that no text can be nested too deep.
void Document::read() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (is_white(c) || c == ',' || c == ':') {
      ++at_;
    } else if (c == '{' || c == '[') {
      open(c == '{' ? Kind::object : Kind::list);
    } else if (c == '}' || c == ']') {
      close();
    } else if (c != '"') {
      scalar();
    } else if (const auto read = string();
               !open_.empty() && values_[open_.back().value].kind == Kind::object && key_.data() == nullptr) {
      key_ = read;
    } else {
      values_[add(Kind::string)].text = read;
    }
  }
}

std::uint32_t Document::add(Kind kind) {
  const auto place = static_cast<std::uint32_t>(values_.size());
  values_.push_back({kind, key_, {}, JsonValue::kNone, JsonValue::kNone});
  key_ = {};
  children_.push_back(place);
  return place;
}

void Document::open(Kind kind) {
  ++at_;
  const auto place = add(kind);
  open_.push_back({place, children_.size()});
}

void Document::close() {
  ++at_;
  const auto [value, begin] = open_.back();
  open_.pop_back();
  if (values_[value].kind == Kind::object) sort_members(begin);
  std::uint32_t next = JsonValue::kNone;
  while (children_.size() > begin) {
    values_[children_.back()].next = next;
    next = children_.back();
    children_.pop_back();
  }
  values_[value].first = next;
}

void Document::sort_members(std::size_t begin) {
  const auto from = children_.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto key = [&](std::uint32_t place) { return values_[place].key; };
  if (!std::ranges::is_sorted(from, children_.end(), {}, key)) std::ranges::stable_sort(from, children_.end(), {}, key);
  auto kept = from;
  for (auto one = from; one != children_.end(); ++one) {
    const bool again = kept != from && key(*(kept - 1)) == key(*one);
    *(again ? kept - 1 : kept++) = *one;
  }
  children_.erase(kept, children_.end());
}

void Document::scalar() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && !ends_scalar(text_[at_])) ++at_;
  const auto text = text_.substr(begin, at_ - begin);
  values_[add(kind_of(text))].text = text;
}

std::string_view Document::string() {
  const std::size_t begin = ++at_;
  bool escaped = false;
  for (; text_[at_] != '"'; ++at_) {
    if (text_[at_] != '\\') continue;
    escaped = true;
    ++at_;
  }
  const auto raw = text_.substr(begin, at_++ - begin);
  return escaped ? unescaped(raw) : raw;
}

std::string_view Document::unescaped(std::string_view raw) {
  std::string& text = owned_.emplace_back();
  text.reserve(raw.size());
  for (auto slash = raw.find('\\'); slash != std::string_view::npos; slash = raw.find('\\')) {
    text += raw.substr(0, slash);
    const char letter = raw[slash + 1];
    raw.remove_prefix(slash + 2);
    if (letter == 'u')
      append_utf8(take_code(raw), text);
    else
      text += control_of(letter);
  }
  return text += raw;
}

}  // namespace ahdiag
