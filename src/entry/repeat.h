// Lines that say what an earlier one said: told by what was made of that one, without being read again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "entry/entry.h"
#include "entry/known_words.h"

namespace ahdiag {

struct LookedLine;
struct Rule;

// A line of source `source` that said the same.
struct Repeat {
  std::uint32_t source;
  const LookedLine& looked;
};

// What the rules say of a line that is new, found before its turn.
struct Recognition {
  const Rule* rule = nullptr;
  std::string key;        // of the failure
  std::size_t hash = 0;   // of the key, by hash_of()
  std::string_view code;  // of the line's entry
  Speaker speaker = Speaker::server;
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
  // Lines of one source that say what was delivered before, PlainLine::known tells what; parse_entry reads them.
  virtual void again(std::span<const LookedLine> all, std::uint32_t source) = 0;
  // The same for a line that nobody has said before, but that was recognised. verdict() tells what it came to.
  virtual void recognise(const Recognition& known, const Repeat& line) = 0;
  // The texts of plain entries and of repeats so far end with this call.
  virtual void keep() = 0;

  [[nodiscard]] KnownWords& known() { return known_; }

 private:
  KnownWords known_;
};

}  // namespace ahdiag
