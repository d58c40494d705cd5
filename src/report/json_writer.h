// Writes JSON, member after member, into a text that may be used again. What is no valid UTF-8 becomes \xNN, and no
// control byte stands in it as it is.
#pragma once

#include <fmt/format.h>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ahdiag {

class JsonWriter {
 public:
  enum class Form : std::uint8_t { compact, indented };
  // `depth`: how many levels deep what is written stands in a larger text.
  JsonWriter(std::string& out, Form form, std::size_t depth = 0) : out_(&out), form_(form), depth_(depth) {}

  // Of an object. Each begin has its end.
  void begin_object(std::string_view name) { this->name(name), open('{', '}'); }
  void begin_array(std::string_view name) { this->name(name), open('[', ']'); }
  void text(std::string_view name, std::string_view value) { this->name(name), quoted(value); }
  void text_or_null(std::string_view name, std::string_view value) { value.empty() ? null(name) : text(name, value); }
  void flag(std::string_view name, bool value) { raw(name, value ? "true" : "false"); }
  void null(std::string_view name) { raw(name, "null"); }
  template <std::integral Number>
  void number(std::string_view name, Number value) {
    this->name(name);
    add_number(value);
  }
  template <std::integral Number>
  void number(std::string_view name, const std::optional<Number>& value) {
    value ? number(name, *value) : null(name);
  }
  template <typename Texts>
  void texts(std::string_view name, const Texts& values) {
    begin_array(name);
    for (const auto& value : values) item(value);
    end();
  }
  // `json` is written as it is.
  void raw(std::string_view name, std::string_view json) { this->name(name), *out_ += json; }

  // Of an array, or alone.
  void begin_object() { next(), open('{', '}'); }
  void item(std::string_view value) { next(), quoted(value); }
  template <std::integral Number>
  void item(Number value) {
    next();
    add_number(value);
  }

  void end();
  // What was opened last was filled by somebody else.
  void note_filled() { empty_ = false; }

 private:
  template <std::integral Number>
  void add_number(Number value) {
    const fmt::format_int digits(value);
    out_->append(digits.data(), digits.size());
  }
  void open(char begin, char end);
  void next();
  void name(std::string_view name);
  void quoted(std::string_view value);
  void break_line() const;

  std::string* out_;
  Form form_;
  std::size_t depth_;
  std::string ends_;   // of what is open
  bool empty_ = true;  // what was opened last, as long as nothing stands in it
};

}  // namespace ahdiag
