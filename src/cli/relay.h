// Reading and understanding in two threads: one reads lines and looks at them in fixed places, the other makes
// incidents of them, in the same order. What comes out is the same as in one.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cli/intake.h"
#include "entry/plain_line.h"
#include "input/sources.h"

namespace ahdiag {

class Relay {
 public:
  // With one thread, or as long as there is little to read, all happens in the thread that calls.
  Relay(Intake& intake, unsigned threads) : intake_(&intake), threaded_(threads > 1) {}
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  Relay(Relay&&) = delete;
  Relay& operator=(Relay&&) = delete;
  ~Relay();

  [[nodiscard]] Listener listener();
  // Returns when all that was read is understood. What went wrong in the other thread is thrown here.
  void finish();

 private:
  // What a listener was told, one thing after another.
  struct Item {
    enum class Kind : std::uint8_t { begin, line, end } kind = Kind::line;
    std::size_t offset = 0, size = 0;  // of the line, or the source's name, in the batch's text
    std::uint64_t number = 0, cut = 0;
    std::optional<PlainLine> plain;
  };
  struct Batch {
    std::string text;
    std::vector<Item> items;
    std::vector<Reading> readings;  // of the ends, in their order
  };

  Item& add(Item::Kind kind, std::string_view text);
  void line(const Line& line);
  void hand_over();
  [[nodiscard]] static bool stands_alone(const Batch& batch, std::size_t i);
  void understand(Batch& batch);
  void work();

  Intake* intake_;
  bool threaded_;
  PlainLooker looker_;
  Batch filling_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<Batch> full_;
  std::vector<Batch> empty_;  // to be filled again, so that no memory has to be asked for
  bool done_ = false;
  std::exception_ptr failure_;
  std::thread worker_;
};

}  // namespace ahdiag
