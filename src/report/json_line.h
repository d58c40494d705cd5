// Writes one JSON object on one line, where an empty text is none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "report/json_writer.h"

namespace ahdiag {

class JsonLine {
 public:
  // With `skip_absent`, members without a value are left out instead of being null.
  JsonLine(std::string& out, bool skip_absent) : out_(&out), json_(out, JsonWriter::Form::compact), skip_(skip_absent) {
    json_.begin_object();
  }

  void text(std::string_view name, std::string_view value) { value.empty() ? absent(name) : json_.text(name, value); }
  void number(std::string_view name, std::optional<std::int64_t> value) {
    value ? json_.number(name, *value) : absent(name);
  }
  void flag(std::string_view name, bool value) { json_.flag(name, value); }
  void absent(std::string_view name) {
    if (!skip_) json_.null(name);
  }
  // `json` is written as it is.
  void raw(std::string_view name, std::string_view json) { json_.raw(name, json); }

  void begin(std::string_view name) { json_.begin_object(name); }
  void end() { json_.end(); }
  // The end of the object and of the line.
  void finish() {
    json_.end();
    *out_ += '\n';
  }

 private:
  std::string* out_;
  JsonWriter json_;
  bool skip_;
};

}  // namespace ahdiag
