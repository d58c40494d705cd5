#include "diagnose/recogniser.h"

#include "diagnose/evidence.h"
#include "entry/trace.h"
#include "text/hash.h"

namespace ahdiag {

Recognition& Recognitions::add() {
  if (count_ == all_.size()) all_.emplace_back();
  return all_[count_++];
}

void Recogniser::see(std::string_view line, PlainLine& plain, Recognitions& all) {
  if (all.is_full() || !is_untouched(plain, line)) return;
  const Entry entry = parse_plain(line, plain);
  if (!is_told_by_words(plain, entry) || may_hold_trace(entry) || !book_->match(entry, match_)) return;
  Recognition& one = all.add();
  one.rule = match_.rule;
  one.code = entry.code;
  one.speaker = entry.speaker;
  one.key.clear();
  append_key(entry, match_, one.key);
  one.hash = hash_of(one.key);
  plain.known = static_cast<std::uint16_t>(all.all().size() - 1);
  plain.recognised = true;
}

}  // namespace ahdiag
