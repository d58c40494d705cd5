// A source's text, cut into batches of whole lines by whichever thread wants one.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/recogniser.h"
#include "entry/plain_line.h"
#include "input/lines.h"
#include "input/sources.h"
#include "input/stream.h"
#include "text/processors.h"

namespace ahdiag {

struct alignas(kApart) Batch {
  // A line that somebody else cut, or that is longer than what a buffer has room for.
  struct OwnLine {
    std::size_t at = 0, size = 0;  // in what the batch owns
    std::uint64_t number = 0;      // 0: it is counted when it is read
    std::uint64_t cut = 0;
  };
  // Behind so many of the lines: some that are too short to be looked at. Those are cut when they are read: a million
  // of them would take too much room.
  struct Stretch {
    std::size_t lines = 0;
    std::string_view text;
  };

  std::uint64_t turn = 0;  // which of its source's batches it is, from 0
  std::string own;
  std::vector<OwnLine> own_lines;
  Buffer buffer;
  std::string_view text;          // what comes behind them: whole lines in the buffer, each with its newline
  std::vector<LookedLine> lines;  // once they were looked at, as are the stretches
  std::vector<Stretch> stretches;
  std::vector<std::uint32_t> unknown;  // which of the lines are plain, and say something new
  Recognitions recognitions;           // of some of the lines

  void add(const Line& line);
  [[nodiscard]] bool is_full() const;  // of lines that were added
  void clear();                        // all but the turn
};

class Cutter {
 public:
  explicit Cutter(const Pull& pull);
  Cutter(const Cutter&) = delete;  // its splitter points to it
  Cutter& operator=(const Cutter&) = delete;

  // The next lines, into a batch that is empty; false where there are no more.
  bool next(Batch& batch);
  // Of what was pulled. For a single thread.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  std::string_view finish_line(std::string_view bytes);
  void cut(std::string_view bytes, Batch& batch);
  void keep_tail(std::string_view bytes);

  const Pull& pull_;
  std::mutex mutex_;  // guards what follows
  Batch* filling_ = nullptr;
  std::function<void(const Line&)> own_line_;
  Splitter splitter_;  // of lines that are longer than what a buffer has room for
  std::string tail_;   // the begin of a line that a block's end cut
  std::uint64_t turns_ = 0, bytes_ = 0;
  bool ended_ = false;
};

}  // namespace ahdiag
