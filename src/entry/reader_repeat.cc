// Lines that say what was said before: told by what was made of the first, without being read again.
#include <algorithm>

#include "entry/reader.h"

namespace ahdiag {

void EntryReader::lines(std::span<LookedLine> all, std::span<const Recognition> recognitions) {
  recognitions_ = recognitions;
  while (!all.empty()) {
    all = all.subspan(tell_known(all));  // but the last, or what is not known
    // Nothing can go on with a line behind which another plain one stands: not known of the last.
    const bool alone = all.size() > 1 && all[1].plain.is_plain();
    plain_ = {};
    if (!take_plain(all.front(), alone)) read(all.front().line);
    all = all.subspan(1);
  }
  if (familiar_ != nullptr) familiar_->keep();
  recognitions_ = {};
}

// What was not known when the line was looked at may be known by now.
[[gnu::always_inline]] inline bool EntryReader::find_known(PlainLine& plain) const {
  if (plain.verdict() != 0) return true;
  const Verdict verdict = familiar_->known().find(plain.words);
  if (verdict == 0) return false;
  plain.known = verdict;
  plain.recognised = false;
  return true;
}

// Tells of the lines at the front of which all is known, and says how many those were. Behind each stands a plain one:
// nothing goes on with it.
std::size_t EntryReader::tell_known(std::span<LookedLine> all) {
  if (familiar_ == nullptr || held_.any || !pending_.empty() || !unframer_.idle() || !traces_.idle()) return 0;
  std::size_t told = 0, at = 0;
  for (; at + 1 < all.size(); ++at) {
    auto& [line, plain] = all[at];
    if (!plain.is_plain() || !all[at + 1].plain.is_plain() || line.cut > 0) break;
    if (find_known(plain)) continue;
    if (!plain.recognised) break;
    tell_repeats(all.subspan(told, at - told));
    tell_recognised(all[at]);
    told = at + 1;
  }
  tell_repeats(all.subspan(told, at - told));
  return at;
}

// And of what is counted of each entry.
void EntryReader::tell_repeats(std::span<const LookedLine> all) {
  if (all.empty()) return;
  familiar_->again(all, source_);
  std::size_t old = 0;
  const PlainLine *first = &all.front().plain, *last = first;
  for (const auto& [line, plain] : all) {
    old += is_old_form(plain, line.text) ? 1 : 0;
    first = plain.micros < first->micros ? &plain : first;
    last = plain.micros > last->micros ? &plain : last;
  }
  const auto widths = page_.is_log() ? all.last(1) : all;
  for (const auto& looked : widths) page_.note_width(looked.line.text.size());
  edge_before_ = all.size() > 1 ? Edge{} : edge_;
  edge_ = {};
  stamp_ = all.back().plain.time();
  entries_ += all.size();
  frames_.at(static_cast<std::size_t>(Frame::none)) += all.size();
  shapes_.at(kHttpd22) += old;
  shapes_.at(kHttpd24) += all.size() - old;
  note_time(first->time());
  note_time(last->time());
}

// Takes a plain line of which nothing has to be pieced together. One with known words, behind which an entry's rest may
// come, is held back.
bool EntryReader::take_plain(LookedLine& looked, bool alone) {
  auto& [line, plain] = looked;
  if (familiar_ == nullptr || !plain.is_plain() || line.cut > 0 || !unframer_.idle()) return false;
  if (held_.any) tell_held();
  if (!pending_.empty()) flush({});  // it may begin a trace
  const bool known = traces_.idle() && find_known(plain);
  if (!known && !plain.recognised && !is_untouched(plain, line.text)) return false;
  if (!known && !alone) {
    plain_ = plain;
    return false;
  }
  if (!known) {
    const bool seen = plain.recognised && traces_.idle();
    seen ? tell_recognised(looked) : deliver_plain(looked);
  } else if (alone) {
    tell(looked);
  } else {
    held_.text = line.text;
    held_.looked = looked;
    held_.looked.line.text = held_.text;
    held_.any = true;
  }
  return true;
}

EntryReader::Shape EntryReader::shape_of(const LookedLine& looked) {
  return is_old_form(looked.plain, looked.line.text) ? kHttpd22 : kHttpd24;
}

void EntryReader::tell(const LookedLine& looked) {
  note_plain_entry(looked, shape_of(looked));
  familiar_->again({&looked, 1}, source_);
}

void EntryReader::tell_recognised(const LookedLine& looked) {
  note_plain_entry(looked, shape_of(looked));
  familiar_->recognise(recognitions_[looked.plain.known], {source_, looked});
  keep_verdict(looked.plain);
}

void EntryReader::note_plain_entry(const LookedLine& looked, Shape shape) {
  page_.note_width(looked.line.text.size());
  edge_before_ = edge_;
  edge_ = {};
  stamp_ = looked.plain.time();
  count(shape, Frame::none, stamp_);
}

// What begin, flush and deliver do with a line that begins and ends an entry of httpd's, and is as it was written.
void EntryReader::deliver_plain(const LookedLine& looked) {
  const auto& [line, plain] = looked;
  Entry entry = parse_plain(line.text, plain);
  note_plain_entry(looked, shape_of(entry));
  entry.place = {source_, line.number};
  entry.told = entry.plain = is_told_by_words(plain, entry);
  if (traces_.take(entry, {})) return;
  deliver_(entry, {});
  if (entry.plain) keep_verdict(plain);
}

// The entry was this line alone.
void EntryReader::tell_held() {
  held_.any = false;
  tell(held_.looked);
  familiar_->keep();
}

// The next line may go on with it: it is read as if it came now.
void EntryReader::read_held() {
  held_.any = false;
  plain_ = held_.looked.plain;
  Framed plain;
  plain.text = held_.text;
  inner_line(held_.looked.line, plain);
  plain_ = {};
}

// What was made of a plain line holds for each that says the same.
void EntryReader::keep_verdict(const PlainLine& plain) {
  constexpr std::uint64_t kFewEntries = 200;  // of a short log, nothing is worth the room
  if (familiar_ == nullptr || entries_ < kFewEntries) return;
  if (const auto verdict = familiar_->verdict(); verdict != 0) familiar_->known().keep(plain.words, verdict);
}

}  // namespace ahdiag
