// Threads that work at once, but for a part that they do one after another.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "text/processors.h"

namespace ahdiag {

class Turns {
 public:
  explicit Turns(std::size_t threads) : seats_(threads) {}

  // Returns when all turns before this one have ended; false: another thread failed, and no turn comes any more. `who`:
  // which of the threads asks.
  bool await(std::uint64_t turn, std::size_t who) {
    bool left = leave_others(who);
    await_awake([&] {
      if (has_come(turn)) return true;
      if (!left) left = leave_others(who);
      return false;
    });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return turn_ == turn || failed_; });
    return !failed_;
  }
  void end() {
    {
      const std::lock_guard lock(mutex_);
      ++turn_;
    }
    changed_.notify_all();
  }
  void fail() {
    {
      const std::lock_guard lock(mutex_);
      failed_ = true;
    }
    changed_.notify_all();
  }

  // Two that share a processor hardly ever wait for each other, and nobody else parts them: the later one goes where it
  // was not. Whether it went.
  bool leave_others(std::size_t who) {
    const int processor = processor_in_use();
    seats_[who].processor = processor;
    if (processor < 0 || moves_ >= kMostMoves || !is_taken(processor, who)) return false;
    ++moves_;
    leave_processor(processor);
    seats_[who].processor = processor_in_use();
    return true;
  }

 private:
  static constexpr int kMostMoves = 16;  // where threads are more than processors, none of them helps

  struct Seat {
    std::atomic<int> processor = -1;  // that the thread was seen on last
  };

  [[nodiscard]] bool has_come(std::uint64_t turn) const { return turn_.load(std::memory_order_acquire) == turn; }
  // By a thread before this one.
  [[nodiscard]] bool is_taken(int processor, std::size_t who) const {
    for (std::size_t other = 0; other < who; ++other) {
      if (seats_[other].processor == processor) return true;
    }
    return false;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<std::uint64_t> turn_ = 0;  // changed under the lock
  std::vector<Seat> seats_;
  std::atomic<int> moves_ = 0;  // of threads to another processor
  bool failed_ = false;
};

}  // namespace ahdiag
