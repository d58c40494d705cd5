#include "diagnose/recogniser.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

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

void Recogniser::see(std::span<LookedLine> lines, Recognitions& all) {
  for (const auto number : order_) see(lines[number].line.text, lines[number].plain, all);
}

// By how their words begin, mostly with an id. Two kinds may share a number: they take longer, nothing else. A line
// that others may go on with says nothing yet.
void Recogniser::sort(std::span<const LookedLine> lines, std::span<const std::uint32_t> numbers) {
  constexpr std::size_t kKinds = 64;
  constexpr unsigned kShift = 64 - 6;
  std::array<std::uint32_t, kKinds> places{};
  kinds_.clear();
  for (const auto number : numbers) {
    const auto& [line, plain] = lines[number];
    if (plain.open || !lines[std::min<std::size_t>(number + 1, lines.size() - 1)].plain.is_plain()) continue;
    std::uint64_t begin = 0;
    std::memcpy(&begin, line.text.data() + plain.words_at, std::min<std::size_t>(plain.words_size, sizeof begin));
    const auto kind = static_cast<std::uint8_t>(begin * kSpread >> kShift);
    kinds_.push_back({number, kind});
    ++places.at(kind);
  }
  largest_ = *std::ranges::max_element(places);
  std::uint32_t sum = 0;
  for (auto& place : places) sum += std::exchange(place, sum);
  order_.resize(kinds_.size());
  for (const auto& [number, kind] : kinds_) order_[places.at(kind)++] = number;
}

}  // namespace ahdiag
