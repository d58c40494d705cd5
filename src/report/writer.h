// Lines for a terminal: wrapped to its width, painted where it has colours.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "report/report.h"
#include "text/bytes.h"
#include "text/utf8.h"

namespace ahdiag {

inline constexpr std::string_view kReset = "\x1b[0m", kBold = "\x1b[1m", kDim = "\x1b[2m";

// Calls visit(row) for the words of `text` in rows of at most `width` columns, of which there is one at least; a longer
// word stands alone on its row. Rows end with the call.
template <typename Visit>
void for_each_row(std::string_view text, std::size_t width, Visit visit) {
  std::string row;
  row.reserve(std::min(text.size(), width));
  const bool ascii = is_ascii(text);
  for (std::size_t used = 0; !text.empty();) {
    const auto word = text.substr(0, find_near(text, ' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    const std::size_t more = ascii ? word.size() : columns(word);
    if (used > 0 && used + 1 + more > width) {
      visit(std::string_view(row));
      row.clear();
      used = 0;
    }
    if (used > 0) row += ' ';
    row += word;
    used += (used > 0 ? 1 : 0) + more;
  }
  visit(std::string_view(row));
}

// "Look first", "Repair" …
std::string_view phase_title(Phase phase);

class Writer {
 public:
  explicit Writer(const TextStyle& style) : style_(style) { out_.reserve(kUsual); }

  // A line of these pieces.
  template <typename... Piece>
  void line(const Piece&... pieces) {
    ((out_ += pieces), ...);
    out_ += '\n';
  }

  [[nodiscard]] std::string paint(std::string_view text, std::string_view colour) const {
    return style_.colour ? fmt::format("{}{}{}", colour, text, kReset) : std::string(text);
  }

  // A paragraph with a label on the left: "Cause     The directory …".
  void labelled(std::string_view label, std::string_view text) {
    constexpr std::size_t kLabel = 10;
    std::string lead = paint(fmt::format("{:<{}}", label, kLabel), kBold);
    for_each_row(text, inner(kLabel + 2), [&](std::string_view row) {
      line("  ", lead, row);
      lead.assign(kLabel, ' ');
    });
  }

  void paragraph(std::string_view text, std::size_t indent, std::string_view mark = {}) {
    std::string lead = std::string(indent - columns(mark), ' ') + std::string(mark);
    for_each_row(text, inner(indent), [&](std::string_view row) {
      line(lead, row);
      lead.assign(indent, ' ');
    });
  }

  // All of it in one colour.
  void painted(std::string_view text, std::string_view colour) {
    for_each_row(text, inner(0), [&](std::string_view row) { line(paint(row, colour)); });
  }

  [[nodiscard]] std::size_t inner(std::size_t indent) const {
    return style_.width > indent + 20 ? style_.width - indent : 20;
  }
  [[nodiscard]] const TextStyle& style() const { return style_; }
  // What was written since the last call.
  std::string take() { return std::exchange(out_, {}); }

 private:
  static constexpr std::size_t kUsual = 2048;  // bytes of a finding

  TextStyle style_;
  std::string out_;
};

}  // namespace ahdiag
