// Lines that say something new are taken apart and held against the rules before their turn, while others are
// understood.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "entry/plain_line.h"
#include "entry/repeat.h"
#include "rules/book.h"

namespace ahdiag {

// Of a batch of lines; PlainLine::known tells which is whose.
class Recognitions {
 public:
  // More would take too much memory; the lines left over are read in their turn.
  [[nodiscard]] bool is_full() const { return count_ == kMost; }
  // The memory of one that was dropped is used again.
  Recognition& add();
  [[nodiscard]] std::span<const Recognition> all() const { return {all_.data(), count_}; }
  void clear() { count_ = 0; }

 private:
  static constexpr std::size_t kMost = 1024;

  std::vector<Recognition> all_;
  std::size_t count_ = 0;
};

class Recogniser {
 public:
  explicit Recogniser(const RuleBook& book) : book_(&book) {}

  // The line is plain, and its words are not known.
  void see(std::string_view line, PlainLine& plain, Recognitions& all);
  // Many of them, by their numbers, like after like: what is asked of one is what was asked of the last, and a
  // processor that is used to the way takes a third less time. First they are sorted, then seen.
  void sort(std::span<const LookedLine> lines, std::span<const std::uint32_t> numbers);
  [[nodiscard]] bool is_mixed() const { return largest_ * 2 < order_.size(); }
  void see(std::span<LookedLine> lines, Recognitions& all);

 private:
  // Of one of many.
  struct Kind {
    std::uint32_t number;
    std::uint8_t kind;
  };

  const RuleBook* book_;
  RuleMatch match_;                   // of the line in hand
  std::vector<Kind> kinds_;           // of many lines, as they stand
  std::vector<std::uint32_t> order_;  // their numbers, like after like
  std::size_t largest_ = 0;           // how many are of the kind that most are of
};

}  // namespace ahdiag
