#include "entry/known_words.h"

namespace ahdiag {

// Whoever reads while they move up misses one at worst.
void KnownWords::keep(Fingerprint words, Verdict verdict) {
  Set* sets = sets_.load(std::memory_order_relaxed);
  if (sets == nullptr) {
    sets = new Set[kSets];
    sets_.store(sets, std::memory_order_release);
  }
  constexpr auto kRelaxed = std::memory_order_relaxed;
  auto& [entries, marks] = sets[words % kSets];
  for (std::size_t i = entries.size() - 1; i > 0; --i) entries.at(i).store(entries.at(i - 1).load(kRelaxed), kRelaxed);
  entries.front().store((words >> kVerdictBits << kVerdictBits) | verdict, kRelaxed);
  marks.store(marks.load(kRelaxed) << 8U | mark_of(words), kRelaxed);
}

}  // namespace ahdiag
