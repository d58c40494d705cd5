#include "text/literals.h"

#include <algorithm>

namespace ahdiag {

Literals::Literals(const std::vector<Literal>& literals) : begins_(kSlots + 1) {
  std::vector<std::uint16_t> counts(kSlots);
  const auto for_each_gram = [](std::string_view text, auto visit) {
    for (std::size_t at = 0; at + kGram <= text.size(); ++at) visit(at, slot_of(text.data() + at));
  };
  for (const auto& literal : literals) {
    for_each_gram(literal.text, [&](std::size_t, std::uint32_t slot) {
      if (counts[slot] < UINT16_MAX) ++counts[slot];
    });
  }
  std::vector<std::pair<std::uint32_t, Entry>> placed;
  for (const auto& literal : literals) {
    if (literal.text.size() < kGram) {
      short_.push_back(literal);
      continue;
    }
    std::pair<std::uint32_t, Entry> best{0, {literal.text, 0, literal.owner}};
    std::uint32_t fewest = UINT32_MAX;
    for_each_gram(literal.text, [&](std::size_t at, std::uint32_t slot) {
      if (counts[slot] >= fewest) return;
      fewest = counts[slot];
      best.first = slot;
      best.second.offset = static_cast<std::uint32_t>(at);
    });
    placed.push_back(best);
  }
  std::stable_sort(placed.begin(), placed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [slot, entry] : placed) {
    ++begins_[slot + 1];
    filter_[slot / 64] |= std::uint64_t{1} << (slot % 64);
    entries_.push_back(entry);
  }
  for (std::size_t slot = 0; slot < kSlots; ++slot) begins_[slot + 1] += begins_[slot];
}

}  // namespace ahdiag
