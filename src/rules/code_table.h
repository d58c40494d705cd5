// Heads of rules by the id of httpd that they are for, found in one step however many there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "text/ascii.h"

namespace ahdiag {

class CodeTable {
 public:
  struct Row {
    std::string_view code;
    std::uint32_t first, count;  // of its heads
  };
  // What a search looks into: made here, or compiled in.
  struct Tables {
    std::span<const std::uint32_t> slots;  // a power of two; a row's place from 1, 0: free
    std::span<const Row> rows;
    std::span<const std::uint32_t> heads;
  };
  using Pair = std::pair<std::string_view, std::uint32_t>;  // an id, and a head

  CodeTable() = default;
  // The ids live as long as this; the heads of one keep their order.
  explicit CodeTable(std::vector<Pair> pairs);
  // The tables live as long as this and all copies of it.
  explicit CodeTable(const Tables& tables) : tables_(tables) {}

  [[nodiscard]] const Tables& tables() const { return tables_; }

  [[nodiscard]] std::span<const std::uint32_t> find(std::string_view code) const {
    if (tables_.slots.empty()) return {};
    const std::size_t mask = tables_.slots.size() - 1;
    for (std::size_t slot = slot_of(code, mask); tables_.slots[slot] != 0; slot = (slot + 1) & mask) {
      const Row& row = tables_.rows[tables_.slots[slot] - 1];
      if (is(row.code, code)) return tables_.heads.subspan(row.first, row.count);
    }
    return {};
  }

 private:
  struct Own {
    std::vector<std::uint32_t> slots;
    std::vector<Row> rows;
    std::vector<std::uint32_t> heads;
  };

  static std::size_t slot_of(std::string_view code, std::size_t mask) {
    std::size_t number = 0;  // of "AH01762", but for a constant
    for (const char c : code) number = number * 10 + static_cast<unsigned char>(c);
    return number & mask;
  }

  std::shared_ptr<const Own> own_;  // none where the tables are compiled in
  Tables tables_;
};

}  // namespace ahdiag
