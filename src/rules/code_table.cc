#include "rules/code_table.h"

#include <algorithm>
#include <bit>

namespace ahdiag {

CodeTable::CodeTable(std::vector<Pair> pairs) {
  auto own = std::make_shared<Own>();
  std::ranges::stable_sort(pairs, {}, &Pair::first);
  for (const auto& [code, head] : pairs) {
    if (own->rows.empty() || own->rows.back().code != code)
      own->rows.push_back({code, static_cast<std::uint32_t>(own->heads.size()), 0});
    ++own->rows.back().count;
    own->heads.push_back(head);
  }
  own->slots.resize(std::bit_ceil(2 * own->rows.size() + 1));  // one is free: there every search ends
  const std::size_t mask = own->slots.size() - 1;
  for (std::uint32_t row = 0; row < own->rows.size(); ++row) {
    std::size_t slot = slot_of(own->rows[row].code, mask);
    while (own->slots[slot] != 0) slot = (slot + 1) & mask;
    own->slots[slot] = row + 1;
  }
  tables_ = {own->slots, own->rows, own->heads};
  own_ = std::move(own);
}

}  // namespace ahdiag
