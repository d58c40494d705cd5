// The same work in several threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace ahdiag {

// Calls work(0) in this thread and work(1) up to work(threads - 1) in others, as many of them as the system has, and
// returns when all have ended. Throws what the first of them that failed has thrown.
template <typename Work>
void in_threads(std::size_t threads, const Work& work) {
  std::mutex mutex;
  std::exception_ptr failure;
  const auto run = [&](std::size_t number) {
    try {
      work(number);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    try {
      for (std::size_t i = 1; i < threads; ++i) others.emplace_back([&run, i] { run(i); });
    } catch (const std::system_error&) {  // it has no more: these have to do
    }
    if (!others.empty()) std::this_thread::yield();  // one that was left on this processor begins at once
    run(0);
  }
  if (failure) std::rethrow_exception(failure);
}

// Calls work(0) up to work(count - 1), each once, in any order; in one thread, where they are few.
template <typename Work>
void for_each_of(std::size_t count, std::size_t threads, const Work& work) {
  constexpr std::size_t kWorthOne = 16;
  std::atomic<std::size_t> next = 0;
  in_threads(std::clamp<std::size_t>(count / kWorthOne, 1, threads), [&](std::size_t) {
    for (auto i = next.fetch_add(1); i < count; i = next.fetch_add(1)) work(i);
  });
}

}  // namespace ahdiag
