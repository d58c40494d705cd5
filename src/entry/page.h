// The page that lines were copied from: how wide it is, and whether it cuts in the middle of words.
#pragma once

#include <cstddef>
#include <string_view>

namespace ahdiag {

class Page {
 public:
  static constexpr std::size_t kWidestPage = 240;
  static constexpr std::size_t kNarrowestEdge = 60;

  // A physical line, as it was read.
  void note(std::string_view line);
  // The same for a line without blanks at its end, of so many columns.
  void note_width(std::size_t width) {
    blank_ = false;
    width_ = width;
    if (width_ > kWidestPage) {
      widest_ = width_;  // a log, no page
      return;
    }
    if (width_ > widest_) {
      widest_ = width_;
      times_ = 0;
    }
    if (width_ == widest_) ++times_;
  }

  // A line was wider than any page: whatever width others have, that stays.
  [[nodiscard]] bool is_log() const { return widest_ > kWidestPage; }
  // The last line ends where the page does, as a terminal cuts it: the next one goes on without a blank.
  [[nodiscard]] bool at_edge() const;
  // So does every terminal of eighty columns, or one that filled its lines up with blanks.
  [[nodiscard]] bool at_certain_edge() const;
  // One word more may not have fitted.
  [[nodiscard]] bool is_full() const {
    constexpr std::size_t kLongestWord = 30;
    return width_ >= kNarrowestEdge && widest_ <= kWidestPage && width_ + kLongestWord > widest_;
  }
  // It ends with one blank, where a browser or an editor wrapped it.
  [[nodiscard]] bool ends_with_blank() const { return blank_; }
  [[nodiscard]] std::size_t width() const { return width_; }

  // The last line was joined with the next by a blank: if the page is wider, it wraps between words.
  void note_word_wrap() { words_ = words_ || (width_ >= kNarrowestEdge && width_ < widest_ && widest_ <= kWidestPage); }
  [[nodiscard]] bool wraps_words() const { return words_; }

 private:
  std::size_t width_ = 0;   // of the last line
  std::size_t widest_ = 0;  // line so far
  std::size_t times_ = 0;   // that it was met
  std::size_t padded_ = 0;  // width of a line that blanks fill up
  bool blank_ = false;
  bool words_ = false;
};

// What an editor or pager put at the end of a line: "$" of cat -A and nano, ">" of less -S. Alone it may be the log's
// own; neighbours that end alike tell.
struct Edge {
  char sign = 0;
  std::size_t width = 0;
};

// `framed`: a pager's ">" is believed on journal lines only.
Edge edge_of(std::string_view line, bool framed);

// What `text`, which ends with `edge`, is without it: the sign goes if a neighbour has it too, and "..." says that the
// line was cut if both end in the same column.
enum class Ending { kept, signed_, cut };
Ending ending_of(const Edge& edge, const Edge& before, const Edge& after);

}  // namespace ahdiag
