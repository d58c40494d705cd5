#include "report/json_writer.h"

#include <bit>
#include <iterator>

#include "text/bytes.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

constexpr bool is_plain(char c) { return c >= ' ' && c < '\x7f' && c != '"' && c != '\\'; }

// The same of sixteen, a bit for each.
std::uint32_t plain_bytes(const char* text) {
  const Bytes16 here(text);
  return (here.within(' ', '~') & ~(here.equal('"') | here.equal('\\'))).bits();
}

// How many bytes at the front may stand in a string as they are.
std::size_t count_plain(std::string_view text) {
  constexpr std::uint32_t kAll = 0xFFFF;
  std::size_t at = 0;
  for (; at + kWide <= text.size(); at += kWide) {
    const std::uint32_t plain = plain_bytes(text.data() + at);
    if (plain != kAll) return at + static_cast<std::size_t>(std::countr_one(plain));
  }
  if (at > 0 && plain_bytes(text.data() + text.size() - kWide) == kAll) return text.size();
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

void append_number(std::string& out, unsigned number) { fmt::format_to(std::back_inserter(out), "\\u{:04x}", number); }

void append_special(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: append_number(out, static_cast<unsigned char>(c));
  }
}

// U+0080 to U+009F, in two bytes.
bool is_control(std::string_view sequence) {
  return sequence.size() == 2 && sequence[0] == '\xC2' && static_cast<unsigned char>(sequence[1]) < 0xA0;
}

// The character or the odd byte at the front of `text`, which is not plain: its length.
std::size_t append_other(std::string& out, std::string_view text) {
  const std::size_t length = utf8_length(text);
  const auto sequence = text.substr(0, length);
  if (length == 0) {
    fmt::format_to(std::back_inserter(out), "\\\\x{:02x}", static_cast<unsigned char>(text.front()));
    return 1;
  }
  if (length == 1) {
    append_special(out, text.front());
  } else if (is_control(sequence)) {
    append_number(out, static_cast<unsigned char>(sequence[1]));
  } else {
    out += sequence;
  }
  return length;
}

}  // namespace

void JsonWriter::break_line() const {
  if (form_ == Form::compact) return;
  static constexpr std::string_view kBreak = "\n                                ";
  const std::size_t indent = 2 * (depth_ + ends_.size());
  out_->append(kBreak.substr(0, 1 + indent));
  if (indent >= kBreak.size()) out_->append(indent + 1 - kBreak.size(), ' ');
}

void JsonWriter::open(char begin, char end) {
  *out_ += begin;
  ends_ += end;
  empty_ = true;
}

void JsonWriter::end() {
  const char end = ends_.back();
  ends_.pop_back();
  if (!empty_) break_line();
  *out_ += end;
  empty_ = false;
}

void JsonWriter::next() {
  if (ends_.empty()) return;
  if (!empty_) *out_ += ',';
  empty_ = false;
  break_line();
}

void JsonWriter::name(std::string_view name) {
  next();
  quoted(name);
  *out_ += form_ == Form::compact ? ":" : ": ";
}

void JsonWriter::quoted(std::string_view value) {
  *out_ += '"';
  while (!value.empty()) {
    const std::size_t plain = count_plain(value);
    out_->append(value.substr(0, plain));
    value.remove_prefix(plain);
    if (!value.empty()) value.remove_prefix(append_other(*out_, value));
  }
  *out_ += '"';
}

}  // namespace ahdiag
