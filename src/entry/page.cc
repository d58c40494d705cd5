#include "entry/page.h"

#include "text/ascii.h"
#include "text/utf8.h"

namespace ahdiag {

void Page::note(std::string_view line) {
  const auto text = trim_right(line);
  const std::size_t blanks = line.size() - text.size();
  const bool blank = blanks == 1;
  if (blanks > 1) padded_ = line.size();
  std::size_t width = text.size();
  if (width + (blank ? 1 : 0) <= kWidestPage) width = columns(text);
  note_width(width + (blank ? 1 : 0));
  blank_ = blank;
}

bool Page::at_certain_edge() const {
  if (width_ < kNarrowestEdge || width_ > kWidestPage || width_ < widest_) return false;
  return width_ == 80 || width_ == 79 || (padded_ > 0 && width_ + 1 >= padded_);
}

bool Page::at_edge() const {
  const bool repeated = width_ >= kNarrowestEdge && width_ <= kWidestPage && width_ == widest_ && times_ > 1;
  return repeated || at_certain_edge();
}

Edge edge_of(std::string_view line, bool framed) {
  if (line.empty() || (line.back() != '$' && !(framed && line.back() == '>'))) return {};
  return {line.back(), line.size()};
}

Ending ending_of(const Edge& edge, const Edge& before, const Edge& after) {
  if (edge.sign == 0) return Ending::kept;
  const auto alike = [&](const Edge& other) { return other.sign == edge.sign; };
  const auto level = [&](const Edge& other) { return alike(other) && other.width == edge.width; };
  if (!alike(before) && !alike(after)) return Ending::kept;
  if (edge.width >= Page::kNarrowestEdge && (level(before) || level(after))) return Ending::cut;
  return edge.sign == '$' ? Ending::signed_ : Ending::kept;
}

}  // namespace ahdiag
