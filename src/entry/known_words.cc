#include "entry/known_words.h"

namespace ahdiag {

// Whoever reads while they move up misses one at worst.
void KnownWords::keep(Fingerprint words, Verdict verdict) {
  if (!own_) {
    own_ = std::make_unique<Set[]>(kSets);  // NOLINT(modernize-avoid-c-arrays)
    sets_.store(own_.get(), std::memory_order_release);
  }
  constexpr auto kRelaxed = std::memory_order_relaxed;
  auto& [entries, marks] = own_[words % kSets];
  for (std::size_t i = entries.size() - 1; i > 0; --i) entries.at(i).store(entries.at(i - 1).load(kRelaxed), kRelaxed);
  entries.front().store((words >> kVerdictBits << kVerdictBits) | verdict, kRelaxed);
  marks.store(marks.load(kRelaxed) << 8U | mark_of(words), kRelaxed);
}

}  // namespace ahdiag
