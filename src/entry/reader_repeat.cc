// Lines that say what was said before: told by what was made of the first, without being read again.
#include "entry/reader.h"

namespace ahdiag {

// Takes a plain line of which nothing has to be pieced together. One with known words, behind which an entry's rest may
// come, is held back.
bool EntryReader::take_plain(const Line& line, const PlainLine& plain, bool alone) {
  if (line.cut > 0 || !unframer_.idle()) return false;
  if (held_.any) tell_held();
  if (!pending_.empty()) flush({});  // it may begin a trace
  const auto verdict = traces_.idle() ? known_.find(plain.words) : 0;
  if (verdict == 0 && !is_untouched(plain, line.text)) return false;
  if (verdict == 0 && !alone) {
    plain_ = plain;
    return false;
  }
  if (verdict == 0) {
    deliver_plain(line, plain);
  } else if (alone) {
    tell(line.text, line.number, plain, verdict);
  } else {
    held_ = {plain, verdict, line.number, std::string(line.text), true};
  }
  return true;
}

void EntryReader::note_plain_line(std::string_view line) {
  page_.note_width(line.size());
  edge_before_ = edge_;
  edge_ = {};
}

void EntryReader::tell(std::string_view line, std::uint64_t number, const PlainLine& plain, Verdict verdict) {
  note_plain_line(line);
  stamp_ = plain.time;
  count(plain.old_form ? kHttpd22 : kHttpd24, Frame::none, stamp_);
  familiarity_->again(verdict, {{source_, number}, plain.time, plain.pid, line});
}

// What begin, flush and deliver do with a line that begins and ends an entry of httpd's, and is as it was written.
void EntryReader::deliver_plain(const Line& line, const PlainLine& plain) {
  note_plain_line(line.text);
  Entry entry = parse_plain(line.text, plain);
  entry.place = {source_, line.number};
  stamp_ = entry.time;
  entry.plain = is_told_by_words(plain, entry);
  count(plain.old_form ? kHttpd22 : kHttpd24, Frame::none, stamp_);
  if (traces_.take(entry, {})) return;
  deliver_(entry, {});
  if (entry.plain) keep_verdict(plain);
}

// The entry was this line alone.
void EntryReader::tell_held() {
  held_.any = false;
  tell(held_.text, held_.number, held_.plain, held_.verdict);
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
void EntryReader::keep_verdict(const PlainLine& plain) {
  constexpr std::uint64_t kFewEntries = 200;  // of a short log, nothing is worth the room
  if (familiarity_ == nullptr || entries_ < kFewEntries) return;
  if (const auto verdict = familiarity_->verdict(); verdict != 0) known_.keep(plain.words, verdict);
}

}  // namespace ahdiag
