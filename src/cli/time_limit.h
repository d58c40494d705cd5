// -t of a monitoring plug-in: whatever hangs (a dead file system, a lock), an answer comes in time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace ahdiag {

class TimeLimit {
 public:
  explicit TimeLimit(unsigned seconds);
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;
  TimeLimit(TimeLimit&&) = delete;
  TimeLimit& operator=(TimeLimit&&) = delete;
  ~TimeLimit();

  // What is read has to be understood, kept and told, too: past this, nothing more is begun.
  [[nodiscard]] bool is_near() const { return Clock::now() >= near_; }
  // From now on the answer is given; if the limit comes, the process ends silently with this status.
  void answered(int status);
  [[nodiscard]] double seconds() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  void watch();

  Clock::time_point begin_ = Clock::now(), near_, end_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool done_ = false;
  std::string answer_;
  int status_;
  std::thread watcher_;
};

}  // namespace ahdiag
