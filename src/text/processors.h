// Threads that work at once and wait for each other, each on a processor of its own. A scheduler may leave a new thread
// beside the one that made it, or put one that is woken beside the one it waited for, and leave both there for tens of
// milliseconds while another processor idles: most logs are read in less.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <thread>

namespace ahdiag {

// What one thread writes and another does not read stands so many bytes apart: also of the lines of the processor's
// cache, two of which come together.
inline constexpr std::size_t kApart = 128;

// The processor that the calling thread runs on; -1 where nobody tells.
int processor_in_use();

// Moves the calling thread off the processor, if it may run on others and may ask for that. It is as free as before
// afterwards.
void leave_processor(int processor);

// How long one waits for others awake, at most.
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
