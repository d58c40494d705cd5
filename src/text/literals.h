// Which of many literals a text holds, found in one pass over it, however many there are.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "text/bytes.h"

namespace ahdiag {

class Literals {
 public:
  // The texts live as long as this.
  struct Literal {
    std::string_view text;
    std::uint32_t owner;  // what the literal stands for: several may have the same
  };
  // A literal by four of its bytes, those that the fewest others have.
  struct Entry {
    std::string_view text;
    std::uint32_t gram;
    std::uint32_t offset;  // of those bytes
    std::uint32_t owner;
  };
  // What a search looks into: made here, or compiled in.
  struct Tables {
    std::span<const std::uint64_t> filter;  // which grams may have an entry
    std::span<const std::uint32_t> begins;  // of each slot's entries
    std::span<const Entry> entries;         // by slot
    std::span<const Literal> shorts;        // without three grams: looked for one by one
  };
  Literals() = default;
  explicit Literals(const std::vector<Literal>& literals);
  // The tables live as long as this and all copies of it.
  explicit Literals(const Tables& tables) : tables_(tables) {}

  [[nodiscard]] const Tables& tables() const { return tables_; }

  // Calls visit(owner) for each place of each literal: an owner may come several times, in no order.
  template <typename Visit>
  void find(std::string_view text, Visit visit) const {
    const Tables tables = tables_;
    for (const auto& literal : tables.shorts) {
      if (text.find(literal.text) != std::string_view::npos) visit(literal.owner);
    }
    if (tables.entries.empty()) return;
    // Few grams may have an entry: those are noted without a branch, and looked at afterwards.
    constexpr std::size_t kAtOnce = 64;
    std::array<std::size_t, kAtOnce> found;  // NOLINT(cppcoreguidelines-pro-type-member-init): the first `count` are
    for (std::size_t at = 0; at + kGram <= text.size();) {
      const std::size_t end = std::min(at + kAtOnce * kStride, text.size() - kGram + 1);
      std::size_t count = 0;
      for (; at < end; at += kStride) {
        found[count] = at;  // NOLINT: below the size
        count += may_have_entry(tables, gram_at(text.data() + at));
      }
      for (const auto place : std::span(found).first(count)) find_at(tables, text, place, visit);
    }
  }

 private:
  static constexpr std::size_t kGram = 4;  // bytes of a literal by which it is found
  // A text is looked at in every third place: a literal is known by three of its grams, one of them stands there.
  static constexpr std::size_t kStride = 3;
  static constexpr std::uint32_t kMix = 0x9E3779B1U;
  static constexpr unsigned kSlotShift = 32 - 13;    // 2^13 slots
  static constexpr unsigned kFilterShift = 32 - 16;  // 2^16 bits in front of them
  static constexpr std::size_t kSlots = 8192, kFilterWords = 1024;

  struct Own {
    std::vector<std::uint64_t> filter;
    std::vector<std::uint32_t> begins;
    std::vector<Entry> entries;
    std::vector<Literal> shorts;
  };

  [[gnu::always_inline]] static std::size_t may_have_entry(const Tables& tables, std::uint32_t gram) {
    const std::uint32_t mixed = gram * kMix;
    return (tables.filter[mixed >> (kFilterShift + 6)] >> ((mixed >> kFilterShift) & 63U)) & 1U;
  }

  // Calls visit(owner) for each literal that stands in the text and has the gram at `at` for its own.
  template <typename Visit>
  static void find_at(const Tables& tables, std::string_view text, std::size_t at, Visit& visit) {
    const std::uint32_t gram = gram_at(text.data() + at);
    const std::uint32_t slot = (gram * kMix) >> kSlotShift;
    for (std::uint32_t i = tables.begins[slot]; i < tables.begins[slot + 1]; ++i) {
      const Entry& entry = tables.entries[i];
      if (entry.gram != gram || at < entry.offset) continue;
      const std::size_t begin = at - entry.offset;
      const bool fits = text.size() - begin >= entry.text.size();
      if (fits && same_bytes(text.data() + begin, entry.text.data(), entry.text.size())) visit(entry.owner);
    }
  }

  static std::uint32_t gram_at(const char* bytes) {
    std::uint32_t gram = 0;
    std::memcpy(&gram, bytes, kGram);
    return gram;
  }

  std::shared_ptr<const Own> own_;  // none where the tables are compiled in
  Tables tables_;
};

}  // namespace ahdiag
