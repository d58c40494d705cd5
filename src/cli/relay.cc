#include "cli/relay.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "input/stream.h"
#include "text/bytes.h"

namespace ahdiag {
namespace {

constexpr std::size_t kBatch = kBlock;       // bytes of lines
constexpr std::size_t kMostOwnLines = 8192;  // of very short ones
constexpr std::size_t kMostQueued = 4;       // batches

}  // namespace

bool Relay::Batch::is_full() const { return own.size() >= kBatch || own_lines.size() >= kMostOwnLines; }

void Relay::Batch::clear() {
  own.clear();
  text = {};
  own_lines.clear();
  events.clear();
  lines.clear();
  parts.clear();
}

Relay::Relay(Intake& intake, unsigned threads)
    : intake_(&intake),
      threaded_(threads > 1),
      own_line_([this](const Line& line) {
        add_line({line.text, 0, line.cut});
      }),
      splitter_(own_line_),
      filling_(std::make_unique<Batch>()) {}

Relay::~Relay() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  changed_.notify_all();
  if (worker_.joinable()) worker_.join();
}

// ---- filling batches

Listener Relay::listener() {
  return {[this](const std::string& name) { begin(name); }, [this](const Line& one) { add_line(one); },
          [this](const Reading& reading) { end(reading); }, [this](std::string_view bytes) { block(bytes); }};
}

void Relay::begin(const std::string& name) { filling_->events.push_back({filling_->own.size(), name, std::nullopt}); }

void Relay::end(const Reading& reading) {
  splitter_.finish();
  filling_->events.push_back({filling_->own.size(), {}, reading});
}

void Relay::block(std::string_view bytes) {
  if (splitter_.is_amid_line()) {
    const auto size = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
    splitter_.block(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  const auto last = rfind_byte(bytes, '\n');
  const std::size_t whole = last == std::string_view::npos ? 0 : last + 1;
  if (whole > 0) add_lines(bytes.substr(0, whole));
  splitter_.block(bytes.substr(whole));
}

// For so many bytes more, so that those that are there stay where they are.
void Relay::make_room(std::size_t size) {
  const bool fits = filling_->own.size() + size <= filling_->own.capacity();
  if (!filling_->own.empty() && (filling_->is_full() || !fits)) hand_over();
  if (filling_->own.empty()) filling_->own.reserve(std::max(size, kBatch + kLongestLine));
}

void Relay::add_line(const Line& line) {
  make_room(line.text.size() + 1);
  auto& own = filling_->own;
  filling_->own_lines.push_back({own.size(), line.text.size(), line.number, line.cut});
  own += line.text;
  own += '\n';
}

// With one thread they are understood as they stand. With two they are copied: the block will be filled anew meanwhile.
void Relay::add_lines(std::string_view whole) {
  if (threaded_) {
    make_room(whole.size());
    filling_->own += whole;
    return;
  }
  read_here(*filling_);
  filling_->text = whole;
  look(*filling_, looker_);
  understand(*filling_);
}

// ---- from bytes to lines

void Relay::look(Batch& batch, PlainLooker& looker) {
  const std::string_view text = batch.text;
  auto event = batch.events.begin();
  auto own = batch.own_lines.begin();
  const auto add = [&](const Line& line) {
    LookedLine& looked = batch.lines.emplace_back();
    looked.line = line;
    looker.look(line.text, looked.plain);
  };
  for (std::size_t at = 0;;) {
    for (; event != batch.events.end() && event->at == at; ++event)
      batch.parts.push_back({batch.lines.size(), &*event, {}});
    if (at == text.size()) return;
    if (own != batch.own_lines.end() && own->at == at) {
      add({text.substr(at, own->size), own->number, own->cut});
      at += own++->size + 1;
      continue;
    }
    // Up to what comes next there is nothing but lines.
    std::size_t end = text.size();
    if (event != batch.events.end()) end = event->at;
    if (own != batch.own_lines.end()) end = std::min(end, own->at);
    while (at < end) {
      const auto* const newline = static_cast<const char*>(std::memchr(text.data() + at, '\n', end - at));
      const auto size = static_cast<std::size_t>(newline - (text.data() + at));
      if (size < PlainLooker::kShortest) {
        add_short(batch, text.substr(at, size + 1));
      } else {
        add(line_of({text.data() + at, size}));
      }
      at += size + 1;
    }
  }
}

// `line` has its newline.
void Relay::add_short(Batch& batch, std::string_view line) {
  auto* last = batch.parts.empty() ? nullptr : &batch.parts.back();
  const bool goes_on = last != nullptr && last->event == nullptr && last->lines == batch.lines.size() &&
                       last->stretch.data() + last->stretch.size() == line.data();
  if (!goes_on) last = &batch.parts.emplace_back(Part{batch.lines.size(), nullptr, {line.data(), 0}});
  last->stretch = {last->stretch.data(), last->stretch.size() + line.size()};
}

// The batch is empty again afterwards.
void Relay::understand(Batch& batch) {
  const std::span<LookedLine> all(batch.lines);
  std::size_t at = 0;
  for (const auto& part : batch.parts) {
    read(all.subspan(at, part.lines - at));
    at = part.lines;
    part.event == nullptr ? read_stretch(part.stretch) : tell(*part.event);
  }
  read(all.subspan(at));
  batch.clear();
}

void Relay::tell(Event& event) {
  if (!event.reading) {
    numbered_ = 0;
    return intake_->begin(event.name);
  }
  if (event.reading->lines == 0) event.reading->lines = numbered_;
  intake_->end(*event.reading);
}

void Relay::read_stretch(std::string_view text) {
  constexpr std::size_t kAtOnce = 256;
  while (!text.empty()) {
    short_lines_.clear();
    while (!text.empty() && short_lines_.size() < kAtOnce) {
      const auto end = text.find('\n');
      short_lines_.push_back({line_of(text.substr(0, end)), {}});
      text.remove_prefix(end + 1);
    }
    read(short_lines_);
  }
}

// Lines that were cut here have no number yet.
void Relay::read(std::span<LookedLine> lines) {
  for (auto& looked : lines) {
    if (looked.line.number == 0) looked.line.number = numbered_ + 1;
    numbered_ = looked.line.number;
  }
  if (!lines.empty()) intake_->lines(lines);
}

void Relay::read_here(Batch& batch) {
  batch.text = batch.own;
  look(batch, looker_);
  understand(batch);
}

// ---- two threads

// With both at work, the one that reads helps where the other does not keep up.
void Relay::hand_over() {
  if (!threaded_) return read_here(*filling_);
  if (!worker_.joinable()) worker_ = std::thread([this, looker = looker_]() mutable { work(looker); });
  filling_->text = filling_->own;
  filling_->state = Batch::State::filled;
  std::unique_lock lock(mutex_);
  queue_.push_back(std::move(filling_));
  changed_.notify_all();
  help(kMostQueued - 1, lock);
  if (spare_.empty()) spare_.push_back(std::make_unique<Batch>());
  filling_ = std::move(spare_.back());
  spare_.pop_back();
}

// Works until no more than `most` batches are queued.
void Relay::help(std::size_t most, std::unique_lock<std::mutex>& lock) {
  while (queue_.size() > most && !failure_) {
    if (Batch* batch = take_work()) {
      work_on(*batch, looker_, lock);
    } else {
      changed_.wait(lock);
    }
  }
  if (failure_) std::rethrow_exception(failure_);
}

// What can be done now: to understand the first batch, or else to look at one. Called with the lock held.
Relay::Batch* Relay::take_work() {
  if (queue_.empty()) return nullptr;
  if (queue_.front()->state == Batch::State::looked && !understanding_) {
    understanding_ = true;
    return queue_.front().get();
  }
  const auto next = std::ranges::find(queue_, Batch::State::filled, [](const auto& one) { return one->state; });
  return next == queue_.end() ? nullptr : next->get();
}

void Relay::work_on(Batch& batch, PlainLooker& looker, std::unique_lock<std::mutex>& lock) {
  const bool looked = batch.state == Batch::State::looked;
  batch.state = Batch::State::in_hand;
  lock.unlock();
  try {
    looked ? understand(batch) : look(batch, looker);
  } catch (...) {
    lock.lock();
    failure_ = std::current_exception();
    changed_.notify_all();
    return;
  }
  lock.lock();
  if (looked) {
    spare_.push_back(std::move(queue_.front()));
    queue_.pop_front();
    understanding_ = false;
  } else {
    batch.state = Batch::State::looked;
  }
  changed_.notify_all();
}

void Relay::work(PlainLooker& looker) {
  std::unique_lock lock(mutex_);
  while (!failure_) {
    if (Batch* batch = take_work()) {
      work_on(*batch, looker, lock);
    } else if (done_) {
      return;
    } else {
      changed_.wait(lock);
    }
  }
}

void Relay::finish() {
  if (!worker_.joinable()) return read_here(*filling_);
  hand_over();
  std::unique_lock lock(mutex_);
  help(0, lock);
}

}  // namespace ahdiag
