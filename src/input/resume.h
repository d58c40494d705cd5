// What a log has got since it was last read, through every rotation: the rest of the files that it was, then the file
// that it is.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "input/bookmark.h"
#include "input/sources.h"
#include "input/start.h"
#include "text/problem.h"

namespace ahdiag {

struct Resumed {
  LogProgress progress;            // that of before where nothing could be read
  bool known = true;               // false: there is no place to go on at yet
  std::optional<Problem> trouble;  // why not all that is new was read; the rest is for the next call
  std::optional<Problem> gap;      // why something may have gone by unread
};

// Whether the time for reading is over.
using OutOfTime = std::function<bool()>;

// Tells the listener of each file that has something new, and of the log itself in any case. A last line without its
// newline is left for the next call, unless the file is rotated and at rest. `known`: of the last call, if there was
// one.
Resumed resume(const std::string& path, const std::optional<LogProgress>& known, Start start, const Listener& listener,
               const OutOfTime& out_of_time);

}  // namespace ahdiag
