// What was made of lines, by what they say. One thread writes; others may read meanwhile, and learn of it sooner or
// later.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace ahdiag {

// Of all that a line says but when, by which process, to whom and on which page: a hash under a secret of this process,
// so that no log can be written to make two differing lines look the same. Never 0.
using Fingerprint = std::uint64_t;

// What somebody made of an entry, in a number of his own. 0: the same words may mean something else the next time.
using Verdict = std::uint16_t;

// Of fixed size: the oldest in its place gives way.
class KnownWords {
 public:
  // 0: not known.
  [[nodiscard]] Verdict find(Fingerprint words) const {
    const Set* const set = set_of(words);
    if (set == nullptr) return 0;
    // Bytes of the marks that are that of the words become zero, and zeros are found all at once; a byte above one may
    // be taken for one, too. Mostly one of them is the words' own, or there is none: no branch depends on which.
    constexpr std::uint64_t kOnes = 0x0101010101010101ULL, kHighs = kOnes << 7U;
    const std::uint64_t differ = set->marks.load(std::memory_order_relaxed) ^ (mark_of(words) * kOnes);
    const std::uint64_t alike = (differ - kOnes) & ~differ & kHighs, others = alike & (alike - 1);
    const Verdict first = verdict_at(*set, alike, words);
    return others == 0 ? first : find_among(*set, alike, words);
  }
  // Words that are not known.
  void keep(Fingerprint words, Verdict verdict);

  // They will be asked for soon: the table is larger than what is near the processor.
  void expect(Fingerprint words) const { __builtin_prefetch(set_of(words)); }

 private:
  // The upper bits are those of the fingerprint, the lower ones the verdict; the fingerprint's own lower bits are told
  // by where it stands.
  static constexpr unsigned kVerdictBits = 16;
  static_assert(sizeof(Verdict) * 8 == kVerdictBits);
  static constexpr std::size_t kSets = 32768;
  static_assert(kSets <= std::size_t{1} << kVerdictBits);
  static constexpr std::size_t kWays = 7;
  // One line of the processor's cache, the youngest first. The marks, a byte of each fingerprint, tell where to look.
  struct alignas(64) Set {
    std::array<std::atomic<std::uint64_t>, kWays> entries{};
    std::atomic<std::uint64_t> marks{};
  };
  // Of the first that is alike, if it is that of the words.
  static Verdict verdict_at(const Set& set, std::uint64_t alike, Fingerprint words) {
    constexpr std::uint64_t kLast = std::uint64_t{1} << (kWays * 8 - 1);
    const auto place = static_cast<std::size_t>(std::countr_zero(alike | kLast)) / 8;
    const std::uint64_t entry = set.entries[place].load(std::memory_order_relaxed);
    const std::uint64_t same = ((entry ^ words) >> kVerdictBits) == 0 ? ~std::uint64_t{0} : 0;
    return static_cast<Verdict>(entry & same);
  }
  [[gnu::noinline]] static Verdict find_among(const Set& set, std::uint64_t alike, Fingerprint words) {
    Verdict found = 0;
    for (; found == 0 && alike != 0; alike &= alike - 1) found = verdict_at(set, alike, words);
    return found;
  }
  static std::uint64_t mark_of(Fingerprint words) { return words >> (64U - 8U); }
  [[nodiscard]] const Set* set_of(Fingerprint words) const {
    const Set* const sets = sets_.load(std::memory_order_acquire);
    return sets == nullptr ? nullptr : sets + words % kSets;
  }

  std::unique_ptr<Set[]> own_;  // NOLINT(modernize-avoid-c-arrays): none as long as nothing is known
  std::atomic<const Set*> sets_ = nullptr;
};

}  // namespace ahdiag
