// Lines as people have them to the lines that httpd wrote: mended, taken out of their frames, put together again.
#pragma once

#include <array>
#include <functional>
#include <string>

#include "input/framing.h"
#include "input/lines.h"
#include "input/record.h"

namespace ahdiag {

class Unframer {
 public:
  // Gets each inner line with its number. All views are valid during the call only.
  using Deliver = std::function<void(const Line&, const Framed&)>;

  explicit Unframer(Deliver deliver) : deliver_(std::move(deliver)) {}

  void line(const Line& line);
  void finish();
  // No line before says how the next is to be read.
  [[nodiscard]] bool idle() const { return !record_.open() && !was_numbered_ && !in_list_; }

 private:
  bool journal_line(const Line& line);
  bool json_line(const Line& line, const Framed& outer);
  bool deliver_journal(const Line& line, std::string_view object, const Framed& outer);
  bool deliver_docker(const Line& line, std::string_view object, const Framed& outer);
  bool deliver_event(const Line& line, std::string_view object, const Framed& outer);
  bool deliver_result(const Line& line, const Framed& outer);
  bool deliver_result_line(const Line& line, const Framed& outer, std::string_view text);
  void deliver_words(const Line& line, const Framed& outer, const JsonMember& member);
  bool numbered(Framed& framed);
  void deliver(const Line& line, const Framed& framed);
  void deliver_record(const Line& line);

  // A long line of one stream that came in parts.
  struct Part {
    std::string text;
    std::uint64_t number = 0;
  };

  Deliver deliver_;
  JournalRecord record_;
  std::string scratch_, value_, lead_;
  JournalFields fields_;
  std::array<Part, 2> parts_;
  std::string file_;  // that grep named in front of the last line
  bool was_numbered_ = false;
  bool in_list_ = false;  // the last line was an element of Ansible's list of lines
};

}  // namespace ahdiag
