#include "input/lines.h"

#include <algorithm>

namespace ahdiag {
namespace {

std::string_view without_hole(std::string_view text) {
  if (text.empty() || text.front() != '\0') return text;
  return text.substr(std::min(text.find_first_not_of('\0'), text.size()));
}

}  // namespace

void Splitter::block(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos) return keep(bytes);
    if (head_.empty() && cut_ == 0) {
      line(without_hole(bytes.substr(0, end)));
    } else {
      keep(bytes.substr(0, end));
      line(head_);
    }
    bytes.remove_prefix(end + 1);
  }
}

void Splitter::finish() {
  if (!head_.empty() || cut_ > 0) line(head_);
}

void Splitter::keep(std::string_view part) {
  if (head_.empty()) part = without_hole(part);
  const std::size_t room = kLongestLine - head_.size();
  head_.append(part.substr(0, room));
  if (part.size() > room) cut_ += part.size() - room;
}

void Splitter::line(std::string_view text) {
  if (text.size() > kLongestLine) {
    cut_ += text.size() - kLongestLine;
    text = text.substr(0, kLongestLine);
  }
  if (cut_ == 0 && text.ends_with('\r')) text.remove_suffix(1);
  deliver_({text, ++lines_, cut_});
  head_.clear();
  cut_ = 0;
}

}  // namespace ahdiag
