// A line in httpd's default form with nothing odd in it, looked at in fixed places and no further than to know whether
// the same was said before. Busy logs say the same thing a million times, to other clients, by other processes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "entry/entry.h"
#include "entry/repeat.h"
#include "input/lines.h"
#include "text/stamp.h"

namespace ahdiag {

// Half a line of the processor's cache. Offsets and sizes are bytes of the line.
struct PlainLine {
  Fingerprint words = 0;    // 0: the line is not plain
  std::int64_t micros = 0;  // as Stamp has them
  std::uint16_t words_at = 0, words_size = 0;
  std::uint16_t referer_size = 0;
  std::uint16_t known = 0;      // what was made of the same words, or the number of a recognition
  std::uint8_t level_size = 0;  // what is in the bracket behind the time
  std::uint8_t peer_size = 0;
  std::uint8_t pid_size = 0;  // 0: none
  bool fine : 1 = false;      // the time has a fraction
  bool by_client : 1 = false;
  bool recognised : 1 = false;
  bool open : 1 = false;  // what stands behind it is too short for a look, and may go on with it

  static constexpr std::size_t kTime = 28, kFraction = 7;  // "[Wed Mar 13 07:02:11 2024] [", ".000001"

  [[nodiscard]] bool is_plain() const { return words != 0; }
  // None that is there is empty: the line would end with a blank.
  [[nodiscard]] bool has_referer() const { return referer_size > 0; }
  [[nodiscard]] Stamp time() const { return stamp(micros, fine); }
  static Stamp stamp(std::int64_t micros, bool fine) { return {micros, fine ? 6 : 0, std::nullopt}; }
  [[nodiscard]] Verdict verdict() const { return recognised ? Verdict{0} : known; }
  [[nodiscard]] std::size_t level_at() const { return kTime + (fine ? kFraction : 0); }
  [[nodiscard]] bool has_pid() const { return pid_size > 0; }
  [[nodiscard]] std::optional<std::int64_t> process(std::string_view line) const;
};

static_assert(sizeof(PlainLine) == 32);

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
  static constexpr std::size_t kLongestMixed = 512;  // bytes
  static constexpr std::size_t kSecret = kLongestMixed + 64;
  static constexpr std::size_t kSecondEnd = 20;  // "[Wed Mar 13 07:02:11"

  bool read_time(std::string_view line, PlainLine& plain);
  [[nodiscard]] bool is_of_second(const char* text) const;
  bool read_second(std::string_view line, std::size_t end);
  void read_peer(std::string_view line, const char* at, PlainLine& plain);
  void read_words(std::string_view line, const char* at, std::string_view lead, Speaker speaker, PlainLine& plain);
  [[nodiscard]] std::uint64_t mix(const char* bytes, std::size_t place) const;
  [[nodiscard]] std::uint64_t hash(std::string_view text) const;
  [[nodiscard]] std::uint64_t hash_level(std::string_view level) const;
  [[nodiscard]] Fingerprint fingerprint(std::string_view level, std::string_view lead, Speaker speaker,
                                        std::string_view words) const;

  std::array<char, kSecret> secret_{};
  // How the last line began whose time was read, and its second: the next line is mostly of the same.
  std::array<char, kShortest> second_{};
  std::int64_t second_micros_ = 0;
};

// Level and words of the line are printable ASCII (grep's colours are not), and nothing in them could be the markup of
// a page: it is read as it is.
bool is_untouched(const PlainLine& plain, std::string_view line);

// Of httpd 2.2: it tells neither module nor process.
bool is_old_form(const PlainLine& plain, std::string_view line);

// The untouched line was parsed to `entry` as its plain look says: what was made of it holds for each with the same
// fingerprint.
bool is_told_by_words(const PlainLine& plain, const Entry& entry);

// parse_entry of an untouched line, from where the look came to.
Entry parse_plain(std::string_view line, const PlainLine& plain);

}  // namespace ahdiag
