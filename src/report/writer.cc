#include "report/writer.h"

#include <algorithm>

#include "text/utf8.h"

namespace ahdiag {

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  std::size_t used = 0;  // columns of the last line
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    const std::size_t more = columns(word);
    if (used > 0 && used + 1 + more > width) {
      lines.emplace_back();
      used = 0;
    }
    if (!lines.back().empty()) {
      lines.back() += ' ';
      ++used;
    }
    lines.back() += word;
    used += more;
  }
  return lines;
}

std::string_view phase_title(Phase phase) {
  switch (phase) {
    case Phase::inspect: return "Look first";
    case Phase::repair: return "Repair";
    case Phase::persist: return "Make it last";
    case Phase::verify: return "Verify";
    case Phase::undo: return "To take it all back";
  }
  return "";
}

}  // namespace ahdiag
