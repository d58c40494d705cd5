// A file that lines are appended to, for months: rotated by others, on a disk that may fill up.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "text/problem.h"

namespace ahdiag {

class Appender {
 public:
  // "-": standard output.
  explicit Appender(std::string path);
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;
  ~Appender();

  // Whole lines. What cannot be written is lost, and told to `problems` once a minute; the next call tries anew.
  // Several processes may append to one file: lines of less than a block stay whole.
  void write(std::string_view lines, Problems& problems);
  // The file that the name has now. Whether it was renamed is seen without being told, too.
  void reopen();

  // Something was lost.
  [[nodiscard]] bool failed() const { return failed_; }
  // Nobody reads standard output any more.
  [[nodiscard]] bool closed() const { return closed_; }

 private:
  using Clock = std::chrono::steady_clock;

  bool open(Problems& problems);
  bool write_all(std::string_view bytes);
  [[nodiscard]] bool is_replaced() const;
  void tell(const std::string& what, int error, Problems& problems);

  std::string path_;
  int fd_ = -1;
  Clock::time_point looked_, told_, tried_;
  bool failed_ = false, closed_ = false;
  bool torn_ = false;  // the last line was not written to its end
};

}  // namespace ahdiag
