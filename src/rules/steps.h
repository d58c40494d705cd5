// An expression as steps that are tried one after another, the likeliest way first, as Perl does. That finds groups
// many times faster than automata do, but a crafted text can make it slow: each match gets a purse, and when that is
// empty somebody else (rules/pattern.h) has to answer.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ahdiag {

// Bytes that may stand in one place.
using ByteSet = std::bitset<256>;

// A few bytes to look for, sixteen places at a time: each sixteen times; where there are fewer, some stand there again.
using Needles = std::array<std::array<char, 16>, 6>;

// A set that needs no look at each byte: all of them, a single one, all but one, a few, or all but a few.
struct SetForm {
  enum class Kind : std::uint8_t { any, only, all_but, few, all_but_few, mixed } kind = Kind::mixed;
  char byte = 0;              // only, all_but
  std::uint16_t needles = 0;  // few, all_but_few: which
};

struct MatchStep {
  enum class Kind : std::uint8_t { text, byte, run, either, jump, save, end, done };
  static constexpr std::uint32_t kNoEnd = UINT32_MAX, kNoSet = UINT32_MAX;

  Kind kind = Kind::done;
  bool lazy = false;             // run: the shortest first
  bool may_end = false;          // run, text: the text may end behind it; either: where its first way begins
  bool other_may_end = false;    // either: where its second way begins
  std::uint32_t min = 0;         // run: how often; text: offset in the texts
  std::uint32_t max = 0;         // run: how often at most; text: length; save: number of the place
  std::uint32_t set = 0;         // byte, run: which bytes; either: those that its second way begins with, and, once
                                 // that is prepared, the first of its forks
  std::uint32_t first = kNoSet;  // run, and a text behind one: those that may come behind it; either: those that its
                                 // first way begins with
  std::int32_t to = 0;           // jump: steps from here; either: to the second way
  std::uint32_t text = 0;        // run: the step of a text that must follow it at once; 0 where there is none
};

// Where an either leads with the next byte, through all that it leads to at once and leave no choice.
struct Fork {
  std::uint16_t step : 15 = 0;  // from here: to the way; if both are open, to the either that asks for them
  std::uint16_t both : 1 = 0;

  [[nodiscard]] bool is_none() const { return step == 0 && both == 0; }
};

class MatchSteps {
 public:
  // Nothing for an expression outside of what is tried here: one with anchors, flags, or repeated groups.
  static std::optional<MatchSteps> of(std::string_view expression);

  // Names of the groups by their numbers from 1; "" for one without name.
  [[nodiscard]] const std::vector<std::string>& groups() const { return groups_; }

  enum class Answer : std::uint8_t { no, yes, gave_up };
  // Whether the whole text matches, and then the texts of the groups; those that took no part have no data. `likely`:
  // the text before did, which makes no other answer, but may save the question whether this one can.
  Answer match(std::string_view text, std::vector<std::string_view>& groups, bool likely = false) const;

 private:
  friend class StepParser;
  friend class MatchAttempt;
  // A text that every match has, behind those before it.
  struct Needed {
    std::uint32_t begin, size;  // in the texts
    std::uint32_t rare;         // offset of the byte that it is looked for by
  };
  void set_followers();
  void set_needed();
  [[nodiscard]] bool has_needed(std::string_view text) const;
  [[nodiscard]] std::uint32_t text_behind(std::size_t run) const;

  void merge_sets();
  SetForm form_of(const ByteSet& set);
  void set_classes();
  void set_forks(const std::vector<unsigned char>& bytes);

  std::vector<MatchStep> steps_;
  std::vector<ByteSet> sets_;   // no two alike; gone when the masks are made
  std::vector<SetForm> forms_;  // of the sets
  std::vector<Needles> needles_;
  // What is asked about a byte of the text stands in one place, the same for all bytes that are in the same sets.
  std::array<std::uint8_t, 256> classes_{};
  std::vector<std::uint64_t> masks_;  // of each class, a bit for each set that has its bytes
  std::size_t words_ = 0;             // of a class's mask
  std::vector<Fork> forks_;           // of each either, one for each class
  std::string texts_;
  std::vector<Needed> needed_;
  std::vector<std::string> groups_;
};

}  // namespace ahdiag
