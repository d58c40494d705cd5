#include "text/literals.h"

#include <algorithm>
#include <array>

namespace ahdiag {

Literals::Literals(const std::vector<Literal>& literals) {
  auto own = std::make_shared<Own>();
  own->filter.resize(kFilterWords);
  own->begins.resize(kSlots + 1);
  std::vector<std::uint16_t> counts(kSlots);
  const auto slot_of = [](std::uint32_t gram) { return (gram * kMix) >> kSlotShift; };
  const auto for_each_gram = [](std::string_view text, auto visit) {
    for (std::size_t at = 0; at + kGram <= text.size(); ++at) visit(at, gram_at(text.data() + at));
  };
  for (const auto& literal : literals) {
    for_each_gram(literal.text, [&](std::size_t, std::uint32_t gram) {
      if (auto& count = counts[slot_of(gram)]; count < UINT16_MAX) ++count;
    });
  }
  for (const auto& literal : literals) {
    if (literal.text.size() < kGram + kStride - 1) {
      own->shorts.push_back(literal);
      continue;
    }
    std::array<Entry, kStride> best{};
    std::array<std::uint32_t, kStride> fewest{};
    fewest.fill(UINT32_MAX);
    for_each_gram(literal.text, [&](std::size_t at, std::uint32_t gram) {
      const std::size_t place = at % kStride;
      if (counts[slot_of(gram)] >= fewest.at(place)) return;
      fewest.at(place) = counts[slot_of(gram)];
      best.at(place) = {literal.text, gram, static_cast<std::uint32_t>(at), literal.owner};
    });
    own->entries.insert(own->entries.end(), best.begin(), best.end());
  }
  std::ranges::stable_sort(own->entries, {}, [&](const Entry& entry) { return slot_of(entry.gram); });
  for (const auto& entry : own->entries) {
    ++own->begins[slot_of(entry.gram) + 1];
    const std::uint32_t bit = (entry.gram * kMix) >> kFilterShift;
    own->filter[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
  for (std::size_t slot = 0; slot < kSlots; ++slot) own->begins[slot + 1] += own->begins[slot];
  tables_ = {own->filter, own->begins, own->entries, own->shorts};
  own_ = std::move(own);
}

}  // namespace ahdiag
