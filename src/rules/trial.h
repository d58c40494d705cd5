// One rule held against one entry: whether it speaks, and if not, where it stopped.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "entry/entry.h"
#include "rules/rule.h"

namespace ahdiag {

// A rule that matched, and the texts of its groups by name; the texts live as long as the entry. May be filled again
// and again, so that no entry needs memory of its own.
struct RuleMatch {
  const Rule* rule = nullptr;
  std::vector<std::pair<std::string_view, std::string_view>> groups;
  std::vector<std::string_view> texts = {};               // of all groups, by their numbers
  std::vector<std::uint32_t> candidates = {}, held = {};  // while it is searched: rules by their heads
};

// What refused the entry, in the order of the questions.
enum class Stop : std::uint8_t { nowhere, origin, module, level, status, expression };

// Where nothing refuses it fills `match`; else that says nothing.
Stop try_rule(const Rule& rule, const Entry& entry, RuleMatch& match);

// What the rule's expression is held against: the message, or the inside of a configuration error.
std::string_view text_to_match(const Rule& rule, const Entry& entry);

}  // namespace ahdiag
