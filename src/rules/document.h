// JSON as a list of values that are views of its text: read at every run that meets a rule, so nothing is copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace ahdiag {

struct JsonValue {
  enum class Kind : std::uint8_t { null, boolean, integer, fraction, string, list, object };
  static constexpr std::uint32_t kNone = UINT32_MAX;

  Kind kind = Kind::null;
  std::string_view key;   // of a member
  std::string_view text;  // of a string, without its escapes; of a number or a boolean, as it stands
  std::uint32_t first = kNone, next = kNone;  // child; value in the same list or object
};

// The text lives as long as this, and is JSON: what a parser has accepted.
class Document {
 public:
  explicit Document(std::string_view text);

  [[nodiscard]] const JsonValue& root() const { return values_.front(); }
  // Null where there is none.
  [[nodiscard]] const JsonValue* first(const JsonValue& value) const { return at(value.first); }
  [[nodiscard]] const JsonValue* next(const JsonValue& value) const { return at(value.next); }
  // Members are in the order of their names; of equal ones the last remains.
  [[nodiscard]] const JsonValue* member(const JsonValue& object, std::string_view name) const;

 private:
  [[nodiscard]] const JsonValue* at(std::uint32_t i) const { return i == JsonValue::kNone ? nullptr : &values_[i]; }
  void read();
  void open(JsonValue::Kind kind);
  void close();
  void scalar();
  std::uint32_t add(JsonValue::Kind kind);
  void sort_members(std::size_t begin);
  std::string_view string();
  std::string_view unescaped(std::string_view raw);

  std::string_view text_;
  std::size_t at_ = 0;
  std::string_view key_;  // of the member whose value comes next
  std::vector<JsonValue> values_;
  std::vector<std::uint32_t> children_;  // of all that is open
  struct Open {
    std::uint32_t value;
    std::size_t children;  // where its own begin
  };
  std::vector<Open> open_;
  std::deque<std::string> owned_;  // strings that had escapes
};

}  // namespace ahdiag
