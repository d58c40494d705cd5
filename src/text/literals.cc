#include "text/literals.h"

#include <algorithm>

namespace ahdiag {

Literals::Literals(const std::vector<Literal>& literals) : begins_(kSlots + 1) {
  std::vector<Literal> longer;
  for (const auto& literal : literals) (literal.text.size() < kGram ? short_ : longer).push_back(literal);
  if (longer.empty()) return;
  const auto shortest = std::ranges::min(longer, {}, [](const Literal& one) { return one.text.size(); }).text.size();
  stride_ = std::min(kMostStride, shortest - kGram + 1);
  const auto counts = count_grams(longer);
  for (const auto& literal : longer) add(literal, counts);
  std::ranges::stable_sort(entries_, {}, [&](const Entry& entry) { return slot_of(entry.gram); });
  for (const auto& entry : entries_) {
    ++begins_[slot_of(entry.gram) + 1];
    const std::uint32_t bit = (entry.gram * kMix) >> kFilterShift;
    filter_[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
  for (std::size_t slot = 0; slot < kSlots; ++slot) begins_[slot + 1] += begins_[slot];
}

// How many grams of all literals fall into each slot.
std::vector<std::uint32_t> Literals::count_grams(const std::vector<Literal>& literals) {
  std::vector<std::uint32_t> counts(kSlots);
  for (const auto& literal : literals) {
    for (std::size_t at = 0; at + kGram <= literal.text.size(); ++at)
      ++counts[slot_of(gram_at(literal.text.data() + at))];
  }
  return counts;
}

void Literals::add(const Literal& literal, const std::vector<std::uint32_t>& counts) {
  const auto gram = [&](std::size_t at) { return gram_at(literal.text.data() + at); };
  std::size_t best = 0;
  std::uint64_t fewest = UINT64_MAX;
  for (std::size_t at = 0; at + kGram + stride_ - 1 <= literal.text.size(); ++at) {
    std::uint64_t sum = 0;
    for (std::size_t i = at; i < at + stride_; ++i) sum += counts[slot_of(gram(i))];
    if (sum >= fewest) continue;
    fewest = sum;
    best = at;
  }
  for (std::size_t i = best; i < best + stride_; ++i)
    entries_.push_back({literal.text, gram(i), static_cast<std::uint32_t>(i), literal.owner});
}

}  // namespace ahdiag
