// Logs that grow, followed by their names: across rotation by rename and by copy and truncate, and from before they
// are there.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/problem.h"

namespace ahdiag {

// Is told what a log gained. Each source has two slots, 2 * source and the next: while a server still writes to the log
// that was renamed, both are read, and their lines must not be mixed.
struct Gains {
  std::function<void(std::size_t slot, std::uint64_t lines)> begin;  // another text begins, `lines` behind its start
  std::function<void(std::size_t slot, std::string_view bytes)> bytes;
};

class Follower {
 public:
  // With `from_start`, what the logs hold already is told too. One that comes later is always told from its start.
  Follower(const std::vector<std::string>& names, bool from_start);
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;
  ~Follower();

  // Readable when a directory of the logs has changed; -1 where the system does not tell. Even then somebody has to
  // look every second or so: network file systems and links to other directories tell nothing.
  [[nodiscard]] int fd() const { return inotify_; }
  // Tells what the logs gained, and returns whether there is more. `problems`: each once for as long as it lasts.
  bool look(const Gains& gains, Problems& problems);
  // No log is without its file, or with one that cannot be read.
  [[nodiscard]] bool complete() const;

 private:
  using Clock = std::chrono::steady_clock;
  using Identity = std::pair<std::uint64_t, std::uint64_t>;  // of a file: device and inode

  struct Log {
    int fd = -1;
    Identity identity;
    std::uint64_t offset = 0;
    std::string tail;  // the last bytes that were read: other bytes in their place are another text
    Clock::time_point grown;

    void keep_tail(std::string_view bytes);
  };
  struct Source {
    std::string name;
    std::size_t slot = 0;  // of `now`
    Log now, former;
    bool skips = false;  // what is there at the first look
    std::optional<Problem> trouble;
    bool told = false;
  };

  void watch_directories();
  bool look(Source& source, const Gains& gains);
  bool open(Source& source, const Gains& gains);
  void replace(Source& source, const Gains& gains);
  bool drain(Source& source, Log& log, std::size_t slot, const Gains& gains);
  [[nodiscard]] std::uint64_t skip(Log& log, Source& source);
  std::string_view read(const Log& log, std::uint64_t offset, Source& source);
  static bool is_other_text(const Log& log);
  static void close(Log& log);

  std::deque<Source> sources_;
  int inotify_ = -1;
  std::vector<char> buffer_;
};

}  // namespace ahdiag
