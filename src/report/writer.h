// Lines for a terminal: wrapped to its width, painted where it has colours.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/report.h"
#include "text/utf8.h"

namespace ahdiag {

inline constexpr std::string_view kReset = "\x1b[0m", kBold = "\x1b[1m", kDim = "\x1b[2m";

// Words of `text` as lines of at most `width` columns; a longer word stands alone on its line.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// "Look first", "Repair" …
std::string_view phase_title(Phase phase);

class Writer {
 public:
  explicit Writer(const TextStyle& style) : style_(style) {}

  void line(std::string_view text = {}) {
    out_ += text;
    out_ += '\n';
  }

  [[nodiscard]] std::string paint(std::string_view text, std::string_view colour) const {
    return style_.colour ? fmt::format("{}{}{}", colour, text, kReset) : std::string(text);
  }

  // A paragraph with a label on the left: "Cause     The directory …".
  void labelled(std::string_view label, std::string_view text) {
    constexpr std::size_t kLabel = 10;
    std::string lead = paint(fmt::format("{:<{}}", label, kLabel), kBold);
    for (const auto& row : wrap(text, inner(kLabel + 2))) {
      line("  " + lead + row);
      lead = std::string(kLabel, ' ');
    }
  }

  void paragraph(std::string_view text, std::size_t indent, std::string_view mark = {}) {
    std::string lead = std::string(indent - columns(mark), ' ') + std::string(mark);
    for (const auto& row : wrap(text, inner(indent))) {
      line(lead + row);
      lead = std::string(indent, ' ');
    }
  }

  [[nodiscard]] std::size_t inner(std::size_t indent) const {
    return style_.width > indent + 20 ? style_.width - indent : 20;
  }
  [[nodiscard]] const TextStyle& style() const { return style_; }
  // What was written since the last call.
  std::string take() { return std::exchange(out_, {}); }

 private:
  TextStyle style_;
  std::string out_;
};

}  // namespace ahdiag
