#include "cli/time_limit.h"

#include <unistd.h>

#include "cli/run.h"
#include "report/check_result.h"

namespace ahdiag {

TimeLimit::TimeLimit(unsigned seconds)
    : near_(begin_ + std::chrono::milliseconds(seconds * 700)),
      end_(begin_ + std::chrono::seconds(seconds)),
      answer_(to_nagios(
          {"no answer within " + std::to_string(seconds) + " s", "", "", "the next call goes on; -t gives more time"})),
      status_(static_cast<int>(ServiceState::unknown)),
      watcher_([this] { watch(); }) {}

TimeLimit::~TimeLimit() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  changed_.notify_all();
  watcher_.join();
}

void TimeLimit::answered(int status) {
  const std::lock_guard lock(mutex_);
  answer_.clear();
  status_ = status;
}

void TimeLimit::watch() {
  std::unique_lock lock(mutex_);
  if (changed_.wait_until(lock, end_, [this] { return done_; })) return;
  write_out(answer_);
  ::_exit(status_);
}

}  // namespace ahdiag
