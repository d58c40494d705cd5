#include "cli/relay.h"

#include <utility>

namespace ahdiag {
namespace {

constexpr std::size_t kBatch = 128 * 1024;  // bytes of lines
constexpr std::size_t kMostItems = 8192;    // of very short ones
constexpr std::size_t kMostFull = 4;        // batches that wait

}  // namespace

Relay::~Relay() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  changed_.notify_all();
  if (worker_.joinable()) worker_.join();
}

Listener Relay::listener() {
  return {[this](const std::string& name) { add(Item::Kind::begin, name); }, [this](const Line& one) { line(one); },
          [this](const Reading& reading) {
            add(Item::Kind::end, {});
            filling_.readings.push_back(reading);
          }};
}

Relay::Item& Relay::add(Item::Kind kind, std::string_view text) {
  if (filling_.text.size() + text.size() > kBatch || filling_.items.size() == kMostItems) hand_over();
  Item& item = filling_.items.emplace_back();
  item.kind = kind;
  item.offset = filling_.text.size();
  item.size = text.size();
  filling_.text += text;
  return item;
}

void Relay::line(const Line& line) {
  Item& item = add(Item::Kind::line, line.text);
  item.number = line.number;
  item.cut = line.cut;
  if (!looker_.look(line.text, item.plain.emplace())) item.plain.reset();
}

void Relay::hand_over() {
  if (!threaded_) {
    understand(filling_);
    return;
  }
  if (!worker_.joinable()) worker_ = std::thread([this] { work(); });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return full_.size() < kMostFull || failure_; });
  if (failure_) std::rethrow_exception(failure_);
  full_.push_back(std::move(filling_));
  filling_ = {};
  if (!empty_.empty()) {
    filling_ = std::move(empty_.back());
    empty_.pop_back();
  }
  filling_.text.reserve(kBatch);
  lock.unlock();
  changed_.notify_all();
}

// Whether nothing can go on with the line at `i`: not known of the batch's last.
bool Relay::stands_alone(const Batch& batch, std::size_t i) {
  if (i + 1 == batch.items.size()) return false;
  const Item& next = batch.items[i + 1];
  return next.kind != Item::Kind::line || next.plain;
}

// The batch is empty again afterwards.
void Relay::understand(Batch& batch) {
  constexpr std::size_t kAhead = 8;
  std::size_t ends = 0;
  for (std::size_t i = 0; i < batch.items.size(); ++i) {
    const Item& item = batch.items[i];
    const auto text = std::string_view(batch.text).substr(item.offset, item.size);
    switch (item.kind) {
      case Item::Kind::begin: intake_->begin(std::string(text)); break;
      case Item::Kind::end: intake_->end(batch.readings[ends++]); break;
      case Item::Kind::line:
        if (i + kAhead < batch.items.size() && batch.items[i + kAhead].plain)
          intake_->expect(*batch.items[i + kAhead].plain);
        intake_->line({text, item.number, item.cut}, item.plain, stands_alone(batch, i));
        break;
    }
  }
  batch.text.clear();
  batch.items.clear();
  batch.readings.clear();
}

void Relay::work() {
  while (true) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !full_.empty() || done_; });
    if (full_.empty()) return;
    Batch batch = std::move(full_.front());
    full_.pop_front();
    lock.unlock();
    changed_.notify_all();
    try {
      understand(batch);
    } catch (...) {
      lock.lock();
      failure_ = std::current_exception();
      lock.unlock();
      changed_.notify_all();
      return;
    }
    lock.lock();
    empty_.push_back(std::move(batch));
  }
}

void Relay::finish() {
  if (worker_.joinable()) {
    hand_over();
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    changed_.notify_all();
    worker_.join();
    if (failure_) std::rethrow_exception(failure_);
  } else {
    understand(filling_);
  }
}

}  // namespace ahdiag
