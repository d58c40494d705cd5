// Threads that work at once, but for a part that they do one after another.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "text/processors.h"

namespace ahdiag {

class Turns {
 public:
  // Returns when all turns before this one have ended; false: another thread failed, and no turn comes any more.
  bool await(std::uint64_t turn) {
    bool left = false;
    await_awake([&] {
      if (!left && moves_ < kMostMoves && is_beside()) {
        left = true;
        ++moves_;
        leave_processor(processor_);
      }
      return has_come(turn);
    });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return turn_ == turn || failed_; });
    processor_ = processor_in_use();
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

 private:
  static constexpr int kMostMoves = 16;  // where threads are more than processors, none of them helps

  [[nodiscard]] bool has_come(std::uint64_t turn) const { return turn_.load(std::memory_order_acquire) == turn; }
  // On the processor of the thread whose turn it is.
  [[nodiscard]] bool is_beside() const { return processor_ >= 0 && processor_ == processor_in_use(); }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<std::uint64_t> turn_ = 0;  // changed under the lock
  std::atomic<int> processor_ = -1;      // of the thread whose turn came last
  std::atomic<int> moves_ = 0;           // of threads off that
  bool failed_ = false;
};

}  // namespace ahdiag
