#include "cli/backlog.h"

#include <algorithm>
#include <utility>

namespace ahdiag {
namespace {

constexpr std::size_t kRoom = std::size_t{8} << 20;  // some seconds of the fastest server

}  // namespace

void Backlog::put(Portion portion) {
  std::unique_lock lock(mutex_);
  const auto has_room = [&] { return size_ == 0 || size_ + portion.bytes.size() <= kRoom; };
  if (full_ == Full::wait) changed_.wait(lock, has_room);
  if (!has_room()) {
    dropped_ += static_cast<std::uint64_t>(std::ranges::count(portion.bytes, '\n'));
    return;
  }
  size_ += portion.bytes.size();
  portions_.push_back(std::move(portion));
  lock.unlock();
  changed_.notify_all();
}

void Backlog::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

Backlog::Taken Backlog::take(Portion& portion, const std::optional<Time>& until) {
  std::unique_lock lock(mutex_);
  const auto has_news = [&] { return !portions_.empty() || closed_; };
  if (until) {
    if (!changed_.wait_until(lock, *until, has_news)) return Taken::nothing;
  } else {
    changed_.wait(lock, has_news);
  }
  if (portions_.empty()) return Taken::closed;
  portion = std::move(portions_.front());
  portions_.pop_front();
  size_ -= portion.bytes.size();
  lock.unlock();
  changed_.notify_all();
  return Taken::portion;
}

std::uint64_t Backlog::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

}  // namespace ahdiag
