#include "report/json_line.h"

#include <fmt/format.h>

#include <iterator>

#include "text/utf8.h"

namespace ahdiag {
namespace {

constexpr bool is_plain(char c) { return c >= ' ' && c < '\x7f' && c != '"' && c != '\\'; }

void append_special(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
  }
}

}  // namespace

void JsonLine::name(std::string_view name) {
  if (!first_) *out_ += ',';
  first_ = false;
  quoted(name);
  *out_ += ':';
}

void JsonLine::quoted(std::string_view value) {
  *out_ += '"';
  while (!value.empty()) {
    std::size_t plain = 0;
    while (plain < value.size() && is_plain(value[plain])) ++plain;
    out_->append(value.substr(0, plain));
    value.remove_prefix(plain);
    if (value.empty()) break;
    const std::size_t length = utf8_length(value);
    if (length > 1) {
      out_->append(value.substr(0, length));
    } else if (length == 1) {
      append_special(*out_, value.front());
    } else {
      fmt::format_to(std::back_inserter(*out_), "\\\\x{:02x}", static_cast<unsigned char>(value.front()));
    }
    value.remove_prefix(length == 0 ? 1 : length);
  }
  *out_ += '"';
}

void JsonLine::text(std::string_view name, std::string_view value) {
  if (value.empty()) return absent(name);
  this->name(name);
  quoted(value);
}

void JsonLine::number(std::string_view name, std::optional<std::int64_t> value) {
  if (!value) return absent(name);
  this->name(name);
  fmt::format_to(std::back_inserter(*out_), "{}", *value);
}

void JsonLine::flag(std::string_view name, bool value) { raw(name, value ? "true" : "false"); }

void JsonLine::absent(std::string_view name) {
  if (!skip_) raw(name, "null");
}

void JsonLine::raw(std::string_view name, std::string_view json) {
  this->name(name);
  *out_ += json;
}

void JsonLine::begin(std::string_view name) {
  raw(name, "{");
  first_ = true;
}

void JsonLine::end() {
  *out_ += '}';
  first_ = false;
}

}  // namespace ahdiag
