// A line in httpd's default form with nothing odd in it, looked at in fixed places and no further than to know whether
// the same was said before. Busy logs say the same thing a million times, to other clients, by other processes.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "entry/entry.h"
#include "entry/repeat.h"
#include "input/lines.h"
#include "text/bytes.h"
#include "text/stamp.h"

namespace ahdiag {

// Of all that a line says but when, by which process, to whom and on which page: a hash under a secret of this process,
// so that no log can be written to make two differing lines look the same. Never 0.
using Fingerprint = std::uint64_t;

// Half a line of the processor's cache. Offsets and sizes are bytes of the line.
struct PlainLine {
  Fingerprint words = 0;    // 0: the line is not plain
  std::int64_t micros = 0;  // as Stamp has them
  std::uint32_t pid = 0;
  std::uint16_t words_at = 0, words_size = 0;
  std::uint16_t referer_size = 0;
  std::uint8_t level_at = 0;  // what is in the bracket behind the time
  std::uint8_t level_size = 0;
  std::uint8_t peer_size = 0;
  bool fine = false;  // the time has a fraction
  bool has_pid = false;
  bool old_form = false;  // of httpd 2.2: neither module nor process
  bool by_client = false;

  [[nodiscard]] bool is_plain() const { return words != 0; }
  // None that is there is empty: the line would end with a blank.
  [[nodiscard]] bool has_referer() const { return referer_size > 0; }
  [[nodiscard]] Stamp time() const { return {micros, fine ? 6 : 0, std::nullopt}; }
  [[nodiscard]] std::optional<std::int64_t> process() const {
    return has_pid ? std::optional<std::int64_t>(pid) : std::nullopt;
  }
};

// A line and what a look at it showed.
struct LookedLine {
  Line line;
  PlainLine plain;
};

class PlainLooker {
 public:
  static constexpr std::size_t kShortest = 40;  // no line that is shorter is plain

  PlainLooker();

  // What it shows, into a fresh one; a line that is not of this form is left to parse_entry, which reads that too.
  void look(std::string_view line, PlainLine& plain);

 private:
  static constexpr std::size_t kSecret = 192;
  static constexpr std::size_t kSecondEnd = 20;  // "[Wed Mar 13 07:02:11"
  static constexpr std::size_t kYear = 4;

  bool read_time(std::string_view line, PlainLine& plain);
  bool read_second(std::string_view line, const char* year, bool fine);
  void read_words(std::string_view line, const char* at, PlainLine& plain);
  [[nodiscard]] Fingerprint fingerprint(std::string_view level, std::string_view lead, Speaker speaker,
                                        std::string_view words) const;

  std::array<char, kSecret> secret_{};
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
  [[nodiscard]] Verdict find(Fingerprint words) const {
    if (sets_.empty()) return 0;
    const Set& set = set_of(words);
    constexpr std::uint32_t kUsed = (1U << kWays) - 1;
    for (auto alike = Bytes16(set.marks.data()).equal(mark_of(words)) & kUsed; alike != 0; alike &= alike - 1) {
      const Entry entry = set.entries[static_cast<std::size_t>(std::countr_zero(alike))];
      if (((entry ^ words) >> kVerdictBits) == 0) return static_cast<Verdict>(entry);
    }
    return 0;
  }
  void keep(Fingerprint words, Verdict verdict);

  // They will be asked for soon: the table is larger than what is near the processor.
  void expect(Fingerprint words) const {
    if (!sets_.empty()) __builtin_prefetch(&set_of(words));
  }

 private:
  // The upper bits are those of the fingerprint, the lower ones the verdict; the fingerprint's own lower bits are told
  // by where it stands.
  using Entry = std::uint64_t;
  static constexpr unsigned kVerdictBits = 16;
  static_assert(sizeof(Verdict) * 8 == kVerdictBits);
  static constexpr std::size_t kSets = 32768;
  static_assert(kSets <= std::size_t{1} << kVerdictBits);
  static constexpr std::size_t kWays = 6;
  // One line of the processor's cache, the youngest first. The marks, a byte of each fingerprint, tell where to look.
  struct alignas(64) Set {
    std::array<Entry, kWays> entries{};
    std::array<char, kWide> marks{};
  };
  static char mark_of(Fingerprint words) { return static_cast<char>(words >> (64U - 8U)); }
  [[nodiscard]] const Set& set_of(Fingerprint words) const { return sets_[words % kSets]; }

  std::vector<Set> sets_;
};

}  // namespace ahdiag
