// Threads that are to work at once, each on a processor of its own.
#pragma once

#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

namespace ahdiag {

// A scheduler may leave a new thread beside the one that made it for tens of milliseconds, while another processor
// idles: most logs are read in less. It is asked once to put it elsewhere, and is as free as before afterwards.
class Processors {
 public:
  // Each thread says so when it begins, the one that makes the others before it does.
  void take();

 private:
  std::mutex mutex_;
  std::vector<int> taken_;
};

// How long work takes that one waits for awake, at most. Who sleeps is often woken beside the one he waited for, and
// left there.
inline constexpr std::chrono::milliseconds kLongestAwake(10);

// Waits until `come()`, or for so long that it is time to sleep; whether it came.
template <typename Come>
bool await_awake(Come come, std::chrono::milliseconds longest = kLongestAwake) {
  using Clock = std::chrono::steady_clock;
  constexpr int kLooks = 64;  // without a look at the clock
  for (const auto end = Clock::now() + longest; Clock::now() < end;) {
    for (int i = 0; i < kLooks; ++i) {
      if (come()) return true;
      std::this_thread::yield();
    }
  }
  return come();
}

// Sleeps only where it is locked for longer.
inline std::unique_lock<std::mutex> lock_awake(std::mutex& mutex, std::chrono::milliseconds longest = kLongestAwake) {
  std::unique_lock lock(mutex, std::try_to_lock);
  if (!lock && !await_awake([&] { return lock.try_lock(); }, longest)) lock.lock();
  return lock;
}

}  // namespace ahdiag
