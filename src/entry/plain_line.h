// A line in httpd's default form with nothing odd in it, looked at in fixed places and no further than to know whether
// the same was said before. Busy logs say the same thing a million times, to other clients, by other processes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "entry/entry.h"
#include "entry/repeat.h"
#include "text/stamp.h"

namespace ahdiag {

// Of all that a line says but when, by which process, to whom and on which page: 128 bits under a secret of this
// process, so that no log can be written to make two differing lines look the same.
struct Fingerprint {
  std::uint64_t low = 0, high = 0;
  bool operator==(const Fingerprint&) const = default;
};

// Offsets and sizes are bytes of the line.
struct PlainLine {
  Stamp time;
  std::optional<std::int64_t> pid;
  Fingerprint words;
  std::uint16_t level_at = 0;  // of the bracket behind the time
  std::uint16_t words_at = 0, words_size = 0;
  std::uint16_t peer_size = 0, referer_size = 0;
  bool old_form = false;  // of httpd 2.2: neither module nor process
  bool by_client = false;
};

class PlainLooker {
 public:
  PlainLooker();

  // Fills `plain`, a fresh one. False for a line that is not of this form: parse_entry reads that too.
  bool look(std::string_view line, PlainLine& plain);

 private:
  static constexpr std::size_t kSecret = 192;
  static constexpr std::size_t kSecondEnd = 20;  // "[Wed Mar 13 07:02:11"
  static constexpr std::size_t kYear = 4;

  bool read_time(std::string_view line, PlainLine& plain);
  [[nodiscard]] Fingerprint fingerprint(std::string_view level, std::string_view lead, Speaker speaker,
                                        std::string_view words) const;

  std::array<char, kSecret> secret_;
  // The last second that was read, and its time: the next line is mostly of the same.
  std::array<char, kSecondEnd> second_{};
  std::array<char, kYear> year_{};
  std::int64_t second_micros_ = 0;
};

// The words of the line are printable ASCII, and nothing in them could be the markup of a page: it is read as it is.
bool is_untouched(const PlainLine& plain, std::string_view line);

// The untouched line was parsed to `entry` as its plain look says: what was made of it holds for each with the same
// fingerprint.
bool is_told_by_words(const PlainLine& plain, const Entry& entry);

// parse_entry of an untouched line, from where the look came to.
Entry parse_plain(std::string_view line, const PlainLine& plain);

// What was made of a line, by its fingerprint. Of fixed size: the oldest in its place gives way.
class KnownWords {
 public:
  // 0: not known.
  [[nodiscard]] Verdict find(const Fingerprint& words) const {
    if (sets_.empty()) return 0;
    const Set& set = sets_[words.low % kSets];
    for (std::size_t i = 0; i < kWays; ++i) {
      if (set.words[i] == words.high) return set.verdicts[i];
    }
    return 0;
  }
  void keep(const Fingerprint& words, Verdict verdict);

  // They will be asked for soon: the table is larger than what is near the processor.
  void expect(const Fingerprint& words) const {
    if (!sets_.empty()) __builtin_prefetch(&sets_[words.low % kSets]);
  }

 private:
  static constexpr std::size_t kSets = 65536;
  static constexpr std::size_t kWays = 4;
  // One line of the processor's cache. The place in the table is a part of what tells words apart.
  struct alignas(64) Set {
    std::array<std::uint64_t, kWays> words{};
    std::array<Verdict, kWays> verdicts{};
    std::uint32_t next = 0;
  };
  std::vector<Set> sets_;
};

}  // namespace ahdiag
