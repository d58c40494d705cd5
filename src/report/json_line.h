// Writes one JSON object on one line, member after member, into a buffer that is used again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ahdiag {

class JsonLine {
 public:
  // With `skip_absent`, members without a value are left out instead of being null.
  JsonLine(std::string& out, bool skip_absent) : out_(&out), skip_(skip_absent) { out += '{'; }

  void text(std::string_view name, std::string_view value);  // empty: absent
  void number(std::string_view name, std::optional<std::int64_t> value);
  void flag(std::string_view name, bool value);
  void absent(std::string_view name);
  // `json` is written as it is.
  void raw(std::string_view name, std::string_view json);

  void begin(std::string_view name);
  void end();
  // The end of the object and of the line.
  void finish() { *out_ += "}\n"; }

 private:
  void name(std::string_view name);
  void quoted(std::string_view value);

  std::string* out_;
  bool skip_;
  bool first_ = true;
};

}  // namespace ahdiag
