// Lines that say what an earlier one said: told by what was made of that one, without being read again.
#pragma once

#include <cstdint>

namespace ahdiag {

struct LookedLine;

// What somebody made of an entry, in a number of his own. 0: the same words may mean something else the next time.
using Verdict = std::uint16_t;

// A line of source `source` that said the same: parse_entry reads it.
struct Repeat {
  std::uint32_t source;
  const LookedLine& looked;
};

// Who need not be shown what he has seen.
class Familiar {
 public:
  Familiar() = default;
  Familiar(const Familiar&) = delete;
  Familiar& operator=(const Familiar&) = delete;
  virtual ~Familiar() = default;

  // Of the entry that was just delivered.
  [[nodiscard]] virtual Verdict verdict() const = 0;
  virtual void again(Verdict verdict, const Repeat& repeat) = 0;
  // The texts of plain entries and of repeats so far end with this call.
  virtual void keep() = 0;
};

}  // namespace ahdiag
