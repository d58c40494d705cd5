// The members of one JSON object on one line, in order, for log lines that are objects: journald's, docker's,
// Ansible's. No document, no tree: values that are objects or lists of anything but bytes are stepped over.
#pragma once

#include <string>
#include <string_view>

namespace ahdiag {

struct JsonMember {
  enum class Kind { text, number, bytes, other };
  std::string_view name;
  Kind kind = Kind::other;
  std::string_view raw;  // between the quotation marks or brackets; escapes stand
};

class FlatJson {
 public:
  // `text` begins with the opening brace.
  explicit FlatJson(std::string_view text) : rest_(text) {}

  // The next member; false at the end or where the text is no JSON.
  bool next(JsonMember& member);
  // The closing brace has come.
  [[nodiscard]] bool complete() const { return complete_; }

 private:
  bool read_value(JsonMember& member);

  std::string_view rest_;
  bool begun_ = false;
  bool complete_ = false;
};

// Appends what a member of kind text or bytes means. A line break becomes the two characters \n, as httpd writes it:
// no text may make a line of its own.
void append_value(const JsonMember& member, std::string& to);

// A string in quotation marks at the front of `text`, removed from it; its inside.
bool consume_json_string(std::string_view& text, std::string_view& inside);

}  // namespace ahdiag
