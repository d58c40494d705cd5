// How far the reading of long input is: one line on the terminal, drawn over itself and erased at the end.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "input/sources.h"

namespace ahdiag {

// The line: percentage, bar, bytes, rate. Without a total: bytes and rate. At most `width` columns, all ASCII.
std::string progress_line(std::uint64_t done, std::uint64_t total, double seconds, std::size_t width);

class ProgressBar {
 public:
  // Draws nothing unless it is wanted and stderr is a terminal that this program has for itself.
  explicit ProgressBar(bool wanted);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  // What the reading is to call; empty where nothing would be drawn.
  [[nodiscard]] Tick tick();

 private:
  using Clock = std::chrono::steady_clock;
  void update(std::uint64_t done, std::uint64_t total);

  bool wanted_;
  bool drawn_ = false;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point next_ = begin_ + std::chrono::seconds(1);
};

}  // namespace ahdiag
