// --exec: the one place where ahdiag starts a program. Its words are those of the option; what a log says reaches it
// as JSON on its standard input and no other way.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "text/problem.h"

namespace ahdiag {

// The words of the option by systemd's quoting: no shell reads them. The first is the absolute path of a program.
std::variant<std::vector<std::string>, Problem> hook_words(const std::string& option);

class Hook {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Empty words: nothing is ever called.
  Hook(std::vector<std::string> words, std::chrono::milliseconds patience)
      : words_(std::move(words)), patience_(patience) {}
  Hook(const Hook&) = delete;
  Hook& operator=(const Hook&) = delete;

  // One call, as soon as its turn comes: four at a time, thirty a minute, a hundred that wait.
  void call(std::string input);
  // Starts those whose turn it is, ends those that took too long, takes leave of those that ended.
  void tend(Time now, Problems& problems);
  // When it has to be tended again.
  [[nodiscard]] std::optional<Time> next(Time now) const;
  // Those that run or wait are another process's from now on: that from which this one was copied.
  void forget();
  // Gives those that run or wait until then, and ends the rest.
  void finish(Time until, Problems& problems);

  // Calls that were not made, because too many waited.
  [[nodiscard]] std::uint64_t missed() const { return missed_; }

 private:
  struct Running {
    int pid = 0;
    Time until;
    bool ended = false;  // by us
  };

  bool start(const std::string& input, Time now, Problems& problems);
  void reap(Time now, Problems& problems);
  void tell(Problem problem, Time now, Problems& problems);

  std::vector<std::string> words_;
  std::chrono::milliseconds patience_;
  std::deque<std::string> waiting_;
  std::vector<Running> running_;
  std::deque<Time> started_;  // of the last minute
  std::optional<Time> told_;
  std::uint64_t missed_ = 0;
};

}  // namespace ahdiag
