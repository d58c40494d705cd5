// Lines to entries: peels what stands around httpd's words, joins what was wrapped, and takes each entry apart.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "entry/entry.h"
#include "entry/log_format.h"
#include "entry/noise.h"
#include "entry/page.h"
#include "entry/plain_line.h"
#include "entry/repeat.h"
#include "entry/speech.h"
#include "entry/trace.h"
#include "input/framing.h"
#include "input/lines.h"
#include "input/unframer.h"

namespace ahdiag {

class EntryReader {
 public:
  // Gets each entry, and what stood before it on its first line (a syslog tag, the words of a script). All views are
  // valid during the call only.
  using Deliver = std::function<void(const Entry&, std::string_view around)>;

  // `formats`: those of --log-format, tried before httpd's default form. `familiar`: who wants to be told of repeats
  // instead of getting their entries; nobody where there are formats. Both outlive the reader.
  EntryReader(std::uint32_t source, Deliver deliver, const LogFormats* formats = nullptr, Familiar* familiar = nullptr);
  EntryReader(const EntryReader&) = delete;  // its stages point to it
  EntryReader& operator=(const EntryReader&) = delete;

  void line(const Line& line);
  // The same where lookers with one secret have looked at them, and some were recognised.
  void lines(std::span<LookedLine> all, std::span<const Recognition> recognitions = {});
  void finish();

  // What the source looked like, by the majority of its entries: "httpd-2.4", "httpd-2.2", "start-up", or the frame
  // around them.
  [[nodiscard]] std::string format() const;
  [[nodiscard]] std::uint64_t entries() const { return entries_; }
  // Lines of no shape that is known.
  [[nodiscard]] std::uint64_t unparsed() const { return unparsed_; }
  // Lines of others, by what they are.
  [[nodiscard]] std::uint64_t noise(Noise kind) const { return noises_.at(static_cast<std::size_t>(kind)); }
  [[nodiscard]] const std::optional<Stamp>& first() const { return first_; }
  [[nodiscard]] const std::optional<Stamp>& last() const { return last_; }

  // The frame around the entry that is being delivered.
  struct Origin {
    Frame frame = Frame::none;
    std::string host, program, unit;
    std::optional<std::int64_t> pid;
  };
  [[nodiscard]] const Origin& origin() const { return origin_; }

 private:
  enum class Join : std::uint8_t { none, with_blank, glued, with_break, skip };
  enum Shape : std::uint8_t { kHttpd24, kHttpd22, kStartUp, kShapes };

  // A plain line that waits for the next: if that goes on with it, it is read like any other.
  struct Held {
    LookedLine looked;
    std::string text;
    bool any = false;
  };

  void read(const Line& line);
  std::size_t tell_known(std::span<LookedLine> all);
  void tell_repeats(std::span<const LookedLine> all);
  [[nodiscard]] bool find_known(PlainLine& plain) const;
  bool take_plain(LookedLine& looked, bool alone);
  void note_plain_entry(const LookedLine& looked, Shape shape);
  static Shape shape_of(const Entry& entry);
  static Shape shape_of(const LookedLine& looked);
  void tell(const LookedLine& looked);
  void deliver_plain(const LookedLine& looked);
  void tell_recognised(const LookedLine& looked);
  void tell_held();
  void read_held();
  void inner_line(const Line& line, const Framed& framed);
  void blank_line();
  [[nodiscard]] bool stops_at_once(std::string_view text) const;
  [[nodiscard]] Join continues(std::string_view line, Opening& opening, const Framed& framed) const;
  [[nodiscard]] static Join continues_awaited(Awaits awaited, Opening& opening);
  [[nodiscard]] Join continues_trace(std::string_view line, Opening& opening) const;
  [[nodiscard]] Join continues_tagged(std::string_view text) const;
  [[nodiscard]] Join continues_page(std::string_view line, std::string_view text) const;
  [[nodiscard]] bool other_speaker(const Framed& framed) const;
  void begin(const Line& line, const Framed& framed, std::string_view text, Opening& opening);
  std::string_view find_words(Opening& opening, bool tagged);
  void remember(const Framed& framed);
  void append(std::string_view text, Join join);
  void note_line(std::string_view line, const Edge& edge);
  void settle_edge(const Edge& after);
  void flush(const Edge& after);
  void flush_parts();
  void deliver(std::string_view text);
  [[nodiscard]] Entry entry_of(std::string_view text);
  bool pass_on(const Entry& entry);
  void count_noise();
  [[nodiscard]] bool may_come_again(const Line& line) const;
  void again(const Line& line);
  void keep_verdict(const PlainLine& plain);
  [[nodiscard]] bool has_own_format(std::string_view text) const;
  void count(Shape shape, Frame frame, const std::optional<Stamp>& time);
  void note_time(const Stamp& time);

  std::uint32_t source_;
  Deliver deliver_;
  const LogFormats* formats_;
  Familiar* familiar_;
  Held held_;
  PlainLine plain_;  // of the line that is being read in full
  std::span<const Recognition> recognitions_;
  Unframer unframer_;
  Traces traces_;

  // The entry that may still go on.
  std::string pending_;
  PlainLine pending_plain_;
  std::uint64_t first_line_ = 0;
  std::size_t pieces_ = 0;
  std::size_t indent_ = 0;
  std::size_t status_ = 0;  // length of a status that lost its number, in front of the id
  std::size_t blame_ = 0;   // offset of a trace's last exception
  std::string lead_;        // what stood before httpd's words on the first line: "apache2_reload: "
  std::string around_;      // all of it, frames included
  std::optional<Stamp> frame_time_;
  std::optional<Stamp> status_time_;  // that systemctl status states
  std::optional<Stamp> stamp_;        // of the last entry that has one
  Origin origin_;
  Noise noise_ = Noise::none;
  bool httpd_ = false;                                         // it begins as httpd's entries do
  bool stamped_ = false;                                       // with a time
  bool trace_ = false;                                         // a script's trace in raw lines
  bool after_file_ = false, chained_ = false, ended_ = false;  // where in the trace

  bool repeatable_ = false;    // the same line again would be an entry alone like that which is pending
  std::optional<Entry> same_;  // which is this one, of a line that came again

  Page page_;
  Edge edge_, edge_before_;  // of the last line and the one before

  std::optional<Stamp> first_, last_;
  std::uint64_t entries_ = 0;
  std::uint64_t unparsed_ = 0;
  std::array<std::uint64_t, kShapes> shapes_{};
  std::array<std::uint64_t, static_cast<std::size_t>(Frame::kFrames)> frames_{};
  std::array<std::uint64_t, static_cast<std::size_t>(Noise::kNoises)> noises_{};
};

}  // namespace ahdiag
