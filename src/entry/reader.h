// Lines to entries: peels what stands around httpd's words, joins what was wrapped, and takes each entry apart.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "entry/entry.h"
#include "entry/log_format.h"
#include "input/framing.h"
#include "input/lines.h"

namespace ahdiag {

class EntryReader {
 public:
  // Gets each entry, and what stood before it on its first line (a syslog tag, the words of a script). All views are
  // valid during the call only.
  using Deliver = std::function<void(const Entry&, std::string_view around)>;

  // `formats`: those of --log-format, tried before httpd's default form; they outlive the reader.
  EntryReader(std::uint32_t source, Deliver deliver, const LogFormats* formats = nullptr);

  void line(const Line& line);
  void finish();

  // What the source looked like, by the majority of its entries: "httpd-2.4", "httpd-2.2", "start-up", or the frame
  // around them.
  [[nodiscard]] std::string format() const;
  [[nodiscard]] std::uint64_t entries() const { return entries_; }
  // Lines of no shape that httpd or a service manager writes.
  [[nodiscard]] std::uint64_t unparsed() const { return unparsed_; }
  [[nodiscard]] const std::optional<Stamp>& first() const { return first_; }
  [[nodiscard]] const std::optional<Stamp>& last() const { return last_; }

 private:
  enum class Join { none, with_blank, glued };

  [[nodiscard]] Join continues(std::string_view line, std::string_view text) const;
  void begin(const Line& line, const Framed& framed, std::string_view text);
  void append(std::string_view text, Join join);
  void note_width(std::string_view line);
  void flush();
  void deliver(std::string_view text);
  [[nodiscard]] bool has_own_format(std::string_view text) const;
  void count(const Entry& entry);

  std::uint32_t source_;
  Deliver deliver_;
  const LogFormats* formats_;

  // The entry that may still go on.
  std::string pending_;
  std::uint64_t first_line_ = 0;
  std::size_t pieces_ = 0;
  std::size_t last_width_ = 0;  // of the last physical line
  std::size_t indent_ = 0;
  std::string lead_;         // what stood before httpd's words on the first line: "apache2_reload: "
  std::string around_;       // all of it, frames included
  bool last_blank_ = false;  // the last physical line ended with a blank
  std::optional<Stamp> frame_time_;
  Frame frame_ = Frame::none;
  std::string host_, program_;  // of the frame
  bool own_format_ = false;     // a format of --log-format fits the first line

  std::optional<Stamp> first_, last_;
  std::uint64_t entries_ = 0;
  std::uint64_t unparsed_ = 0;
  enum Shape : std::uint8_t { kHttpd24, kHttpd22, kStartUp, kShapes };
  std::array<std::uint64_t, kShapes> shapes_{};
  std::array<std::uint64_t, 6> frames_{};
};

}  // namespace ahdiag
