// Reading and understanding in two threads. One reads blocks of lines; each block is looked at, line by line, by the
// same thread or, if that has nothing else to do, by the other; and blocks are understood in their order, one at a
// time. What comes out is the same as in one thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
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
  Relay(Intake& intake, unsigned threads);
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  Relay(Relay&&) = delete;
  Relay& operator=(Relay&&) = delete;
  ~Relay();

  [[nodiscard]] Listener listener();
  // Returns when all that was read is understood. What went wrong in the other thread is thrown here.
  void finish();

 private:
  // What happened between two lines.
  struct Event {
    std::size_t lines = 0;           // how many of the batch's own come before it
    std::string name;                // of a source that begins
    std::optional<Reading> reading;  // of one that ends
  };
  // A line that somebody else cut.
  struct OwnLine {
    std::size_t at = 0, size = 0;  // in what the batch owns
    std::uint64_t number = 0;      // 0: it is counted here
    std::uint64_t cut = 0;
  };
  // What comes behind so many of the lines: an event, or a stretch of lines that are too short to be looked at. Those
  // are cut when they are read: a million of them would take too much room.
  struct Part {
    std::size_t lines = 0;
    Event* event = nullptr;
    std::string_view stretch;
  };
  struct Batch {
    std::string own;
    std::vector<OwnLine> own_lines;
    std::vector<Event> events;
    Buffer buffer;
    std::string_view text;          // what comes behind all that: whole lines, each with its newline
    std::vector<LookedLine> lines;  // once they were looked at, as are the parts
    std::vector<Part> parts;
    enum class State : std::uint8_t { filled, in_hand, looked } state = State::filled;  // guarded as the queue is

    [[nodiscard]] bool is_full() const;
    void clear();  // but for its state
  };

  void begin(const std::string& name);
  void block(std::string_view bytes, Buffer* lender);
  std::string_view finish_line(std::string_view bytes);
  void add_block(std::string_view bytes, Buffer* lender);
  void keep_tail(std::string_view bytes);
  void end(const Reading& reading);
  void add_line(const Line& line);

  static void look(Batch& batch, PlainLooker& looker);
  static void look_at(Batch& batch, const Line& line, PlainLooker& looker);
  static void look_at_text(Batch& batch, PlainLooker& looker);
  static void add_short(Batch& batch, std::string_view line);
  void understand(Batch& batch);
  void tell(Event& event);
  void read(std::span<LookedLine> lines);
  void read_stretch(std::string_view text);

  [[nodiscard]] bool goes_alone() const;
  void pass_on();
  void hand_over();
  void help(std::size_t most, std::unique_lock<std::mutex>& lock);
  Batch* take_work();
  void work_on(Batch& batch, PlainLooker& looker, std::unique_lock<std::mutex>& lock);
  void work(PlainLooker& looker);

  Intake* intake_;
  bool threaded_;
  PlainLooker looker_;
  std::function<void(const Line&)> own_line_;
  Splitter splitter_;     // of lines that are longer than what a buffer has room for
  std::string tail_;      // the begin of a line that a block's end cut
  std::size_t seen_ = 0;  // bytes of all blocks
  std::unique_ptr<Batch> filling_;
  std::uint64_t numbered_ = 0;  // lines of the source that is being understood
  std::vector<LookedLine> short_lines_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Batch>> queue_;   // in the order of the text
  std::vector<std::unique_ptr<Batch>> spare_;  // to be filled again, so that no memory has to be asked for
  bool understanding_ = false;                 // somebody has the first in hand for that
  bool done_ = false;
  std::exception_ptr failure_;
  std::thread worker_;
};

}  // namespace ahdiag
