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
  [[nodiscard]] bool has_come(std::uint64_t turn) const { return turn_.load(std::memory_order_acquire) == turn; }
  // Returns when all turns before this one have ended; false: another thread failed, and no turn comes any more.
  bool await(std::uint64_t turn) {
    await_awake([&] { return has_come(turn); });
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

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<std::uint64_t> turn_ = 0;  // changed under the lock
  bool failed_ = false;
};

}  // namespace ahdiag
