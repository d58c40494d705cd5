// Reading and understanding in two threads. One reads blocks of lines, looks at each line, and, where the other does
// not keep up, recognises what is new; the other understands block after block. What comes out is the same as in one
// thread.
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
#include "diagnose/recogniser.h"
#include "entry/plain_line.h"
#include "input/sources.h"

namespace ahdiag {

class Relay {
 public:
  // With one thread, or as long as there is little to read, all happens in the thread that calls. `book`: the rules
  // that will be asked for.
  Relay(Intake& intake, unsigned threads, const RuleBook& book);
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
    Recognitions recognitions;  // of some of the lines

    [[nodiscard]] bool is_full() const;
    void clear();
  };

  void begin(const std::string& name);
  void block(std::string_view bytes, Buffer* lender);
  std::string_view finish_line(std::string_view bytes);
  void add_block(std::string_view bytes, Buffer* lender);
  void keep_tail(std::string_view bytes);
  void end(const Reading& reading);
  void add_line(const Line& line);

  void look(Batch& batch);
  void look_at(Batch& batch, const Line& line);
  void look_at_text(Batch& batch);
  static void add_short(Batch& batch, std::string_view line);
  void find_known(Batch& batch);
  void recognise(Batch& batch);

  void understand(Batch& batch);
  void tell(Event& event);
  void read(std::span<LookedLine> lines, std::span<const Recognition> recognitions = {});
  void read_stretch(std::string_view text);

  [[nodiscard]] bool goes_alone() const;
  void pass_on();
  void start();
  void hand_over();
  void wait_for(std::size_t most, std::unique_lock<std::mutex>& lock);
  void work();

  // Of the thread that reads.
  const RuleBook& book_;
  bool threaded_;
  const KnownWords* known_;  // null where each line has to be read
  PlainLooker looker_;
  std::optional<Recogniser> recogniser_;
  std::function<void(const Line&)> own_line_;
  Splitter splitter_;     // of lines that are longer than what a buffer has room for
  std::string tail_;      // the begin of a line that a block's end cut
  std::size_t seen_ = 0;  // bytes of all blocks
  std::unique_ptr<Batch> filling_;

  // Of the thread that understands.
  Intake* intake_;
  std::uint64_t numbered_ = 0;  // lines of the source
  std::vector<LookedLine> short_lines_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Batch>> queue_;   // in the order of the text; the first is being understood
  std::vector<std::unique_ptr<Batch>> spare_;  // to be filled again, so that no memory has to be asked for
  bool done_ = false;
  std::exception_ptr failure_;
  std::thread worker_;
};

}  // namespace ahdiag
