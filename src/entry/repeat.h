// Lines that say what an earlier one said: told by what was made of that one, without being read again.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "entry/entry.h"
#include "text/stamp.h"

namespace ahdiag {

// What somebody made of an entry, in a number of his own. 0: the same words may mean something else the next time.
using Verdict = std::uint32_t;

struct Repeat {
  Place place;
  Stamp time;
  std::optional<std::int64_t> pid;
  std::string_view text;  // the whole line: parse_entry reads it
};

struct Familiarity {
  std::function<Verdict()> verdict;  // on the entry that was just delivered
  std::function<void(Verdict, const Repeat&)> again;
};

}  // namespace ahdiag
