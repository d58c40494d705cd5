#include "cli/relay.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "input/stream.h"
#include "text/bytes.h"

namespace ahdiag {
namespace {

constexpr std::size_t kMostOwn = kBlock;     // bytes of lines that a batch owns
constexpr std::size_t kMostOwnLines = 8192;  // of very short ones
constexpr std::size_t kMostQueued = 3;       // batches
static_assert(kLead >= kLongestLine);

}  // namespace

bool Relay::Batch::is_full() const { return own.size() >= kMostOwn || own_lines.size() >= kMostOwnLines; }

void Relay::Batch::clear() {
  own.clear();
  text = {};
  own_lines.clear();
  events.clear();
  lines.clear();
  parts.clear();
  recognitions.clear();
}

Relay::Relay(Intake& intake, unsigned threads, const RuleBook& book)
    : book_(book),
      threaded_(threads > 1),
      known_(intake.known()),
      own_line_([this](const Line& line) {
        add_line({line.text, 0, line.cut});
      }),
      splitter_(own_line_),
      filling_(std::make_unique<Batch>()),
      intake_(&intake) {}

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
          [this](const Reading& reading) { end(reading); },
          [this](std::string_view bytes, Buffer* lender) { block(bytes, lender); }};
}

void Relay::begin(const std::string& name) {
  filling_->events.push_back({filling_->own_lines.size(), name, std::nullopt});
}

void Relay::end(const Reading& reading) {
  splitter_.block(tail_);
  splitter_.finish();
  tail_.clear();
  filling_->events.push_back({filling_->own_lines.size(), {}, reading});
}

void Relay::add_line(const Line& line) {
  auto& own = filling_->own;
  filling_->own_lines.push_back({own.size(), line.text.size(), line.number, line.cut});
  own += line.text;
  if (filling_->is_full()) pass_on();
}

void Relay::block(std::string_view bytes, Buffer* lender) {
  seen_ += bytes.size();
  if (splitter_.is_amid_line()) bytes = finish_line(bytes);
  for (; lender == nullptr && bytes.size() > kBlock; bytes.remove_prefix(kBlock))
    add_block(bytes.substr(0, kBlock), nullptr);
  add_block(bytes, lender);
}

// What stands behind the long line that waits for its end.
std::string_view Relay::finish_line(std::string_view bytes) {
  const auto size = bytes.empty() ? 0 : std::min(bytes.find('\n'), bytes.size() - 1) + 1;
  splitter_.block(bytes.substr(0, size));
  return bytes.substr(size);
}

// Whole lines go on where they stand, if they may, behind the begin of the first, which the block before had.
void Relay::add_block(std::string_view bytes, Buffer* lender) {
  const auto last = rfind_byte(bytes, '\n');
  if (last == std::string_view::npos) return keep_tail(bytes);
  const std::string_view whole = bytes.substr(0, last + 1), rest = bytes.substr(last + 1);
  Batch& batch = *filling_;
  if (lender == nullptr && !batch.buffer) batch.buffer = make_buffer();
  char* begin = (lender == nullptr ? batch.buffer : *lender)->block();
  if (lender != nullptr) {
    begin += whole.data() - begin;
  } else {
    std::memcpy(begin, whole.data(), whole.size());
  }
  begin -= tail_.size();
  std::memcpy(begin, tail_.data(), tail_.size());
  batch.text = {begin, tail_.size() + whole.size()};
  tail_.clear();
  keep_tail(rest);
  if (lender != nullptr && !goes_alone()) std::swap(*lender, batch.buffer);
  pass_on();
}

void Relay::keep_tail(std::string_view bytes) {
  tail_ += bytes;
  if (tail_.size() <= kLead) return;
  splitter_.block(tail_);
  tail_.clear();
}

// A second thread is for those that have much to read.
bool Relay::goes_alone() const { return !threaded_ || (!worker_.joinable() && seen_ <= kBlock); }

void Relay::pass_on() {
  if (!goes_alone()) return hand_over();
  look(*filling_);
  understand(*filling_);
}

// ---- from bytes to lines

void Relay::look(Batch& batch) {
  auto event = batch.events.begin();
  for (std::size_t i = 0;; ++i) {
    for (; event != batch.events.end() && event->lines == i; ++event)
      batch.parts.push_back({batch.lines.size(), &*event, {}});
    if (i == batch.own_lines.size()) break;
    const OwnLine& own = batch.own_lines[i];
    look_at(batch, {std::string_view(batch.own).substr(own.at, own.size), own.number, own.cut});
  }
  look_at_text(batch);
  if (known_ != nullptr) find_known(batch);
}

void Relay::look_at(Batch& batch, const Line& line) {
  LookedLine& looked = batch.lines.emplace_back();
  looked.line = line;
  looker_.look(line.text, looked.plain);
  if (known_ != nullptr) known_->expect(looked.plain.words);  // until all of the batch were looked at, it is near
}

void Relay::look_at_text(Batch& batch) {
  const char* at = batch.text.data();
  for (const char* const end = at + batch.text.size(); at != end;) {
    const auto* const newline = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    const auto size = static_cast<std::size_t>(newline - at);
    if (size < PlainLooker::kShortest) {
      add_short(batch, {at, size + 1});
    } else {
      look_at(batch, line_of({at, size}));
    }
    at = newline + 1;
  }
}

// What was made of lines that say the same.
void Relay::find_known(Batch& batch) {
  for (auto& [line, plain] : batch.lines) {
    if (plain.is_plain()) plain.known = known_->find(plain.words);
  }
}

// Those of which nothing is known.
void Relay::recognise(Batch& batch) {
  for (auto& [line, plain] : batch.lines) {
    if (plain.is_plain() && plain.known == 0) recogniser_->see(line.text, plain, batch.recognitions);
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
    read(all.subspan(at, part.lines - at), batch.recognitions.all());
    at = part.lines;
    part.event == nullptr ? read_stretch(part.stretch) : tell(*part.event);
  }
  read(all.subspan(at), batch.recognitions.all());
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
void Relay::read(std::span<LookedLine> lines, std::span<const Recognition> recognitions) {
  for (auto& looked : lines) {
    if (looked.line.number == 0) looked.line.number = numbered_ + 1;
    numbered_ = looked.line.number;
  }
  if (!lines.empty()) intake_->lines(lines, recognitions);
}

// ---- two threads

void Relay::start() {
  if (known_ != nullptr) recogniser_.emplace(book_);
  worker_ = std::thread([this] { work(); });
}

// Where the other thread does not keep up, what is new is recognised for it.
void Relay::hand_over() {
  if (!worker_.joinable()) start();
  look(*filling_);
  std::unique_lock lock(mutex_);
  if (recogniser_ && queue_.size() >= kMostQueued) {
    lock.unlock();
    recognise(*filling_);
    lock.lock();
  }
  queue_.push_back(std::move(filling_));
  changed_.notify_all();
  wait_for(kMostQueued, lock);
  if (spare_.empty()) spare_.push_back(std::make_unique<Batch>());
  filling_ = std::move(spare_.back());
  spare_.pop_back();
}

// Until no more than `most` batches are queued.
void Relay::wait_for(std::size_t most, std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [&] { return queue_.size() <= most || failure_; });
  if (failure_) std::rethrow_exception(failure_);
}

void Relay::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return !queue_.empty() || done_; });
    if (queue_.empty()) return;
    Batch& batch = *queue_.front();
    lock.unlock();
    try {
      understand(batch);
    } catch (...) {
      lock.lock();
      failure_ = std::current_exception();
      changed_.notify_all();
      return;
    }
    lock.lock();
    spare_.push_back(std::move(queue_.front()));
    queue_.pop_front();
    changed_.notify_all();
  }
}

void Relay::finish() {
  pass_on();
  if (!worker_.joinable()) return;
  std::unique_lock lock(mutex_);
  wait_for(0, lock);
}

}  // namespace ahdiag
