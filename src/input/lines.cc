#include "input/lines.h"

#include <algorithm>

namespace ahdiag {
namespace {

std::string_view without_hole(std::string_view text) {
  if (text.empty() || text.front() != '\0') return text;
  return text.substr(std::min(text.find_first_not_of('\0'), text.size()));
}

Line cut_line(std::string_view text, std::uint64_t cut) {
  if (text.size() > kLongestLine) {
    cut += text.size() - kLongestLine;
    text = text.substr(0, kLongestLine);
  }
  if (cut == 0 && text.ends_with('\r')) text.remove_suffix(1);
  return {text, 0, cut};
}

}  // namespace

Line line_of(std::string_view bytes) { return cut_line(without_hole(bytes), 0); }

void Splitter::block(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos) return keep(bytes);
    if (is_amid_line()) {
      keep(bytes.substr(0, end));
      end_line();
    } else {
      Line line = line_of(bytes.substr(0, end));
      line.number = ++lines_;
      deliver_(line);
    }
    bytes.remove_prefix(end + 1);
  }
}

void Splitter::finish() {
  if (is_amid_line()) end_line();
}

void Splitter::keep(std::string_view part) {
  if (head_.empty()) part = without_hole(part);
  const std::size_t room = kLongestLine - head_.size();
  head_.append(part.substr(0, room));
  if (part.size() > room) cut_ += part.size() - room;
}

void Splitter::end_line() {
  Line line = cut_line(head_, cut_);
  line.number = ++lines_;
  deliver_(line);
  head_.clear();
  cut_ = 0;
}

}  // namespace ahdiag
