// Batches that several threads fill at once, understood one after another by whoever is free: nobody waits for the one
// before as long as there is a batch to fill.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "cli/batch.h"
#include "text/processors.h"

namespace ahdiag {

class Turns {
 public:
  // At least one batch for each thread. The first batch is filled already, and its turn is the first; the first thread
  // has it, and is the one that calls.
  Turns(std::span<Batch> batches, std::size_t threads)
      : batches_(batches), states_(batches.size(), State::free), seats_(threads), turn_(batches.front().turn) {
    states_.front() = State::taken;
    seats_.front().processor = processor_in_use();
  }

  // One to be filled: the thread's own, which is near its processor, or a spare one, once any of them is free. Null:
  // another thread failed. `who`: which of the threads asks.
  Batch* take(std::size_t who) {
    Batch* batch = nullptr;
    bool left = leave_others(who);
    await_awake([&] {
      if (const std::lock_guard lock(mutex_); failed_ || (batch = find_free(who)) != nullptr) return true;
      if (!left) left = leave_others(who);
      return false;
    });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return batch != nullptr || failed_ || (batch = find_free(who)) != nullptr; });
    return failed_ ? nullptr : batch;
  }
  // It is filled and can be understood. Who says so has to see then whether it may begin.
  void ready(const Batch& batch) {
    const std::lock_guard lock(mutex_);
    states_[number_of(batch)] = State::ready;
  }
  // The batch whose turn it is, for the caller alone until end(); null where it is not ready, or somebody else is at
  // it: that one sees to those behind it.
  Batch* begin() {
    const std::lock_guard lock(mutex_);
    if (busy_ || failed_) return nullptr;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (states_[i] != State::ready || batches_[i].turn != turn_) continue;
      busy_ = true;
      return &batches_[i];
    }
    return nullptr;
  }
  void end(const Batch& batch) {
    {
      const std::lock_guard lock(mutex_);
      states_[number_of(batch)] = State::free;
      busy_ = false;
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
  enum class State : std::uint8_t { free, taken, ready };
  struct Seat {
    std::atomic<int> processor = -1;  // that the thread was seen on last
  };
  static constexpr int kMostMoves = 16;  // where threads are more than processors, none of them helps

  [[nodiscard]] std::size_t number_of(const Batch& batch) const {
    return static_cast<std::size_t>(&batch - batches_.data());
  }
  Batch* find_free(std::size_t who) {
    const auto take = [&](std::size_t number) {
      states_[number] = State::taken;
      return &batches_[number];
    };
    if (states_[who] == State::free) return take(who);
    for (std::size_t spare = seats_.size(); spare < states_.size(); ++spare) {
      if (states_[spare] == State::free) return take(spare);
    }
    return nullptr;
  }
  // By a thread before this one.
  [[nodiscard]] bool is_taken(int processor, std::size_t who) const {
    const auto before = std::span(seats_).first(who);
    return std::ranges::any_of(before, [&](const Seat& seat) { return seat.processor == processor; });
  }

  std::span<Batch> batches_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<State> states_;  // of the batches
  std::vector<Seat> seats_;
  std::atomic<int> moves_ = 0;  // of threads to another processor
  std::uint64_t turn_;
  bool busy_ = false;  // somebody understands the batch whose turn it is
  bool failed_ = false;
};

}  // namespace ahdiag
