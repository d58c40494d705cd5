// One rule held against one entry: whether it speaks, and if not, where it stopped.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "entry/entry.h"
#include "rules/rule.h"

namespace ahdiag {

// A rule that matched, and the texts of its groups, which live as long as the entry. May be filled again and again, so
// that no entry needs memory of its own.
struct RuleMatch {
  const Rule* rule = nullptr;
  std::vector<std::string_view> texts = {};               // of all groups, by their numbers
  std::vector<std::uint32_t> candidates = {}, held = {};  // while it is searched: rules by their heads
  std::uint64_t candidates_of = 0;                        // the letters of an id that has no others, in this book
  std::vector<std::uint32_t> bare = {};                   // rules without literals of the id that was asked for last
  const std::uint32_t* bare_of = nullptr;                 // where all rules of that id stand in the book

  // Calls visit(slot's name, text) for each group that took part and fills a slot.
  template <typename Visit>
  void for_each_slot(Visit visit) const {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const int slot = rule->slots_of_groups()[i];
      if (slot >= 0 && !texts[i].empty())
        visit(std::string_view(rule->slots[static_cast<std::size_t>(slot)].name), texts[i]);
    }
  }
};

// What refused the entry, in the order of the questions.
enum class Stop : std::uint8_t { nowhere, origin, module, level, status, expression };

// Where nothing refuses it fills `match`, which may hold what the entry before came to; else that says nothing.
Stop try_rule(const Rule& rule, const Entry& entry, RuleMatch& match);
// The two halves of it: all but the expression, and that alone.
Stop try_marks(const Rule& rule, const Entry& entry);
bool try_expression(const Rule& rule, const Entry& entry, RuleMatch& match);

// What the rule's expression is held against: the message, or the inside of a configuration error.
std::string_view text_to_match(const Rule& rule, const Entry& entry);

}  // namespace ahdiag
