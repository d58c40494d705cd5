// Which of many literals a text holds, found in one pass over it, however many there are.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace ahdiag {

class Literals {
 public:
  // The texts live as long as this.
  struct Literal {
    std::string_view text;
    std::uint32_t owner;  // what the literal stands for: several may have the same
  };
  Literals() = default;
  explicit Literals(const std::vector<Literal>& literals);

  // Calls visit(owner) for each place of each literal: an owner may come several times, in no order.
  template <typename Visit>
  void find(std::string_view text, Visit visit) const {
    for (const auto& literal : short_) {
      if (text.find(literal.text) != std::string_view::npos) visit(literal.owner);
    }
    if (entries_.empty()) return;
    for (std::size_t at = 0; at + kGram <= text.size(); at += stride_) {
      const std::uint32_t gram = gram_at(text.data() + at);
      const std::uint32_t mixed = gram * kMix;
      if (((filter_[mixed >> (kFilterShift + 6)] >> ((mixed >> kFilterShift) & 63U)) & 1U) == 0) continue;
      const std::uint32_t slot = mixed >> kSlotShift;
      for (std::uint32_t i = begins_[slot]; i < begins_[slot + 1]; ++i) {
        const Entry& entry = entries_[i];
        if (entry.gram != gram || at < entry.offset) continue;
        if (text.substr(at - entry.offset).starts_with(entry.text)) visit(entry.owner);
      }
    }
  }

 private:
  static constexpr std::size_t kGram = 4;        // bytes of a literal by which it is found
  static constexpr std::size_t kMostStride = 4;  // places of a text between two that are looked at
  static constexpr std::uint32_t kMix = 0x9E3779B1U;
  static constexpr unsigned kSlotShift = 32 - 13;    // 2^13 slots
  static constexpr unsigned kFilterShift = 32 - 16;  // 2^16 bits in front of them
  static constexpr std::size_t kSlots = 8192, kFilterWords = 1024;

  // A literal by four of its bytes. It has one for each place that these may have to those that are looked at, side by
  // side, where the fewest others have the same.
  struct Entry {
    std::string_view text;
    std::uint32_t gram;
    std::uint32_t offset;  // of those bytes
    std::uint32_t owner;
  };

  static std::vector<std::uint32_t> count_grams(const std::vector<Literal>& literals);
  void add(const Literal& literal, const std::vector<std::uint32_t>& counts);

  static std::uint32_t slot_of(std::uint32_t gram) { return (gram * kMix) >> kSlotShift; }
  static std::uint32_t gram_at(const char* bytes) {
    std::uint32_t gram = 0;
    std::memcpy(&gram, bytes, kGram);
    return gram;
  }

  std::size_t stride_ = 1;                            // as far as the shortest literal allows
  std::array<std::uint64_t, kFilterWords> filter_{};  // which grams may have an entry
  std::vector<std::uint32_t> begins_;                 // of each slot's entries
  std::vector<Entry> entries_;                        // by slot
  std::vector<Literal> short_;                        // less than a gram: looked for one by one
};

}  // namespace ahdiag
