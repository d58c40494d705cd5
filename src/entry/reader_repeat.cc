// Lines that say what was said before: told by what was made of the first, without being read again.
#include "entry/reader.h"

namespace ahdiag {

// Takes the line, if it is plain and its words are known. Until the next line shows that the entry ends with it, it is
// held back.
bool EntryReader::hold(const Line& line, const std::optional<PlainLine>& plain) {
  if (line.cut > 0 || !traces_.idle() || !unframer_.idle()) return false;
  const auto verdict = known_.find(plain->words);
  if (verdict == 0) {
    if (is_untouched(*plain, line.text)) plain_ = *plain;
    return false;
  }
  if (held_.any) tell_held();
  if (!pending_.empty()) flush({});
  held_.plain = *plain;
  held_.verdict = verdict;
  held_.number = line.number;
  held_.text = line.text;
  held_.any = true;
  return true;
}

// The entry was this line alone.
void EntryReader::tell_held() {
  held_.any = false;
  page_.note_width(held_.text.size());
  edge_before_ = edge_;
  edge_ = {};
  stamp_ = held_.plain.time;
  count(held_.plain.old_form ? kHttpd22 : kHttpd24, Frame::none, stamp_);
  familiarity_->again(held_.verdict, {{source_, held_.number}, held_.plain.time, held_.plain.pid, held_.text});
}

// The next line may go on with it: it is read as if it came now.
void EntryReader::read_held() {
  held_.any = false;
  plain_ = held_.plain;
  Framed plain;
  plain.text = held_.text;
  inner_line({held_.text, held_.number, 0}, plain);
  plain_.reset();
}

// What was made of a plain line holds for each that says the same.
void EntryReader::keep_verdict() {
  constexpr std::uint64_t kFewEntries = 200;  // of a short log, nothing is worth the room
  if (familiarity_ == nullptr || entries_ < kFewEntries) return;
  if (const auto verdict = familiarity_->verdict(); verdict != 0) known_.keep(pending_plain_->words, verdict);
}

}  // namespace ahdiag
