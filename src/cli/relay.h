// Reading and understanding in threads that all do the same: each takes the next lines of a text, looks at them,
// recognises what is new, and understands them when its turn has come. What comes out is the same as in one thread, and
// a line stays near the processor that read it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/batch.h"
#include "cli/intake.h"
#include "cli/turns.h"
#include "diagnose/recogniser.h"
#include "entry/plain_line.h"
#include "input/sources.h"
#include "text/newlines.h"

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
  ~Relay() = default;

  [[nodiscard]] Listener listener();

 private:
  // What a thread has for itself.
  struct alignas(kApart) Worker {
    PlainLooker looker;
    Recogniser recogniser;
    Newlines newlines;
  };

  void begin(const std::string& name);
  void line(const Line& line);
  void text(const Pull& pull);
  void end(Reading reading);
  void pass_on();

  void share(Cutter& cutter);
  void work(std::size_t number, Cutter& cutter, Turns& turns);

  void look(Worker& worker, Batch& batch);
  static void add_line(Batch& batch, const Line& line);
  void look_at(Worker& worker, std::span<LookedLine> lines);
  void look_at_text(Worker& worker, Batch& batch);
  static void add_short(Batch& batch, std::string_view line);
  void find_known(Batch& batch);
  void recognise(Worker& worker, Batch& batch) const;

  void understand(Batch& batch);
  void read(std::span<LookedLine> lines, std::span<const Recognition> recognitions = {});
  void read_stretch(std::string_view text);

  const RuleBook& book_;
  unsigned threads_;
  const KnownWords* known_;      // null where each line has to be read
  std::vector<Worker> workers_;  // the first is that of the thread that calls
  std::vector<Batch> batches_;   // one for each of them, and then some to spare

  // Of the thread that understands.
  Intake* intake_;
  std::uint64_t numbered_ = 0;  // lines of the source
  std::vector<LookedLine> short_lines_;
};

}  // namespace ahdiag
