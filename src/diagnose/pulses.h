// Repeats of what is known, counted where they are met: nothing else is looked at until a block of text ends, or more
// is asked for than how many there were.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "entry/plain_line.h"
#include "text/stamp.h"

namespace ahdiag {

// Of lines that mean the same: one line of the processor's cache.
struct alignas(64) Pulse {
  enum class Of : std::uint8_t { nothing, over, unmatched, incident };

  const LookedLine* looked = nullptr;  // the last of the block; nothing where that was asked for since
  std::uint64_t count = 0;
  std::int64_t first = std::numeric_limits<std::int64_t>::max();  // the times, as PlainLine has them
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  std::uint64_t block = 0;  // in which it beat
  std::uint32_t index = 0;  // of the incident or the unmatched
  Of of = Of::nothing;
  bool ready = true;  // no more than to be counted
  bool first_fine = false, last_fine = false;

  [[nodiscard]] Stamp first_time() const { return PlainLine::stamp(first, first_fine); }
  [[nodiscard]] Stamp last_time() const { return PlainLine::stamp(last, last_fine); }
  // What was counted is told: none of it is left.
  void settle() {
    looked = nullptr;
    count = 0;
    first = std::numeric_limits<std::int64_t>::max();
    last = std::numeric_limits<std::int64_t>::min();
  }
};

class Pulses {
 public:
  // A new one's number.
  std::size_t add(Pulse::Of of, std::size_t index = 0) {
    Pulse& pulse = all_.emplace_back();
    pulse.of = of;
    pulse.index = static_cast<std::uint32_t>(index);
    touched_.resize(all_.size() + 1);
    return all_.size() - 1;
  }
  Pulse& operator[](std::size_t number) { return all_[number]; }
  [[nodiscard]] auto begin() { return all_.begin(); }
  [[nodiscard]] auto end() { return all_.end(); }

  // One more line; false where that has to be looked at. No branch depends on whose line it is.
  bool beat(std::size_t number, const LookedLine& looked) {
    Pulse& pulse = all_[number];
    if (!pulse.ready) return false;
    touched_[touches_] = static_cast<std::uint16_t>(number);
    touches_ += pulse.block != block_ ? 1 : 0;
    pulse.block = block_;
    pulse.looked = &looked;
    ++pulse.count;
    if (looked.plain.micros < pulse.first) {
      pulse.first = looked.plain.micros;
      pulse.first_fine = looked.plain.fine;
    }
    if (looked.plain.micros > pulse.last) {
      pulse.last = looked.plain.micros;
      pulse.last_fine = looked.plain.fine;
    }
    return true;
  }
  // The lines go: visit(pulse) for each that holds one.
  template <typename Visit>
  void end_block(Visit visit) {
    for (std::size_t i = 0; i < touches_; ++i) {
      Pulse& pulse = all_[touched_[i]];
      if (pulse.looked != nullptr) visit(pulse);
      pulse.looked = nullptr;
    }
    touches_ = 0;
    ++block_;
  }

 private:
  std::vector<Pulse> all_;
  std::vector<std::uint16_t> touched_;  // numbers of those that beat in this block; always with room for one more
  std::size_t touches_ = 0;
  std::uint64_t block_ = 1;
};

}  // namespace ahdiag
