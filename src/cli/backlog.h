// What was read and waits to be understood, in bounded memory: from the thread that reads to the one that diagnoses.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

namespace ahdiag {

struct Portion {
  enum class Kind : std::uint8_t { begin, bytes, reload } kind = Kind::bytes;
  std::size_t slot = 0;     // of the text, for the first two
  std::uint64_t lines = 0;  // before the begin
  std::string bytes;
};

class Backlog {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Full : std::uint8_t { wait, drop };

  explicit Backlog(Full full) : full_(full) {}

  // Where there is no room, waits for it, or drops the portion and counts its lines.
  void put(Portion portion);
  // Nothing more comes.
  void close();

  enum class Taken : std::uint8_t { portion, nothing, closed };
  // Waits for a portion, without `until` for as long as it takes.
  Taken take(Portion& portion, const std::optional<Time>& until);
  [[nodiscard]] std::uint64_t dropped() const;  // lines

 private:
  Full full_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<Portion> portions_;
  std::size_t size_ = 0;
  std::uint64_t dropped_ = 0;
  bool closed_ = false;
};

}  // namespace ahdiag
