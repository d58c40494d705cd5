// Records of several lines: journalctl -o export, -o verbose and -o json-pretty.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "input/flat_json.h"
#include "input/framing.h"

namespace ahdiag {

// What a journal says of one message. Its strings are kept from record to record, so that their memory is.
struct JournalFields {
  std::string message, program, comm, host, unit, pid, time;
  bool has_message = false;

  void clear();
  // Takes a field by journald's name; others are left out. JSON's escapes are undone where `member` is given.
  void take(std::string_view name, std::string_view value);
  void take(const JsonMember& member);
  // The frame of the message; `lead` holds its "host program[pid]: ".
  [[nodiscard]] Framed framed(std::string& lead) const;

 private:
  std::string* field(std::string_view name);
};

class JournalRecord {
 public:
  enum class State : std::uint8_t {
    no,     // the line belongs to no record
    taken,  // a part of one
    done,   // the line ended the record
    ended   // the line does not belong to the record that it ended
  };

  State line(std::string_view text, std::uint64_t number);
  [[nodiscard]] bool open() const { return form_ != Form::none; }
  // The end of the source ends the record too.
  bool finish();

  [[nodiscard]] const JournalFields& fields() const { return fields_; }
  [[nodiscard]] std::uint64_t message_line() const { return message_line_; }

 private:
  enum class Form : std::uint8_t { none, exported, verbose, pretty };

  bool begin(std::string_view text);
  State exported_line(std::string_view text, std::uint64_t number);
  State verbose_line(std::string_view text, std::uint64_t number);
  State pretty_line(std::string_view text, std::uint64_t number);
  void binary_line(std::string_view text);
  void note(std::string_view name, std::uint64_t number);
  State end(State state);

  JournalFields fields_;
  Form form_ = Form::none;
  std::uint64_t message_line_ = 0;
  std::string name_;       // of the value that stands on lines of its own
  std::string binary_;     // that value so far
  bool in_value_ = false;  // its first line has come
  bool in_list_ = false;
};

}  // namespace ahdiag
