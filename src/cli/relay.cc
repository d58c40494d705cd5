#include "cli/relay.h"

#include <algorithm>

#include "text/threads.h"

namespace ahdiag {
namespace {

constexpr std::size_t kSpare = 1;  // batches: who comes before his turn fills one meanwhile

}  // namespace

Relay::Relay(Intake& intake, unsigned threads, const RuleBook& book)
    : book_(book), threads_(threads), known_(intake.known()), batches_(1), intake_(&intake) {
  workers_.push_back({PlainLooker(), Recogniser(book), {}});
}

Listener Relay::listener() {
  return {[this](const std::string& name) { begin(name); }, [this](const Line& one) { line(one); },
          [this](const Reading& reading) { end(reading); }, [this](const Pull& pull) { text(pull); }};
}

void Relay::begin(const std::string& name) {
  numbered_ = 0;
  intake_->begin(name);
}

// Of a source that gives no text.
void Relay::line(const Line& line) {
  Batch& batch = batches_.front();
  batch.add(line);
  if (batch.is_full()) pass_on();
}

void Relay::end(Reading reading) {
  pass_on();
  if (reading.lines == 0) reading.lines = numbered_;
  intake_->end(reading);
}

void Relay::pass_on() {
  look(workers_.front(), batches_.front());
  understand(batches_.front());
}

// ---- threads

void Relay::text(const Pull& pull) {
  Cutter cutter(pull);
  Batch& batch = batches_.front();
  bool more = cutter.next(batch);
  for (; more && (threads_ == 1 || cutter.bytes() < kBlock); more = cutter.next(batch)) {
    look(workers_.front(), batch);
    understand(batch);
  }
  if (more) share(cutter);
}

// Others help where there is much to read.
void Relay::share(Cutter& cutter) {
  while (workers_.size() < threads_) workers_.push_back({workers_.front().looker, Recogniser(book_), {}});
  while (batches_.size() < threads_ + kSpare) batches_.emplace_back();
  Turns turns(batches_, threads_);
  in_threads(threads_, [&](std::size_t number) {
    try {
      work(number, cutter, turns);
    } catch (...) {
      turns.fail();
      throw;
    }
  });
}

// Looks at batches, and understands what can be.
void Relay::work(std::size_t number, Cutter& cutter, Turns& turns) {
  const auto fill = [&] {
    Batch* const batch = turns.take(number);
    return batch != nullptr && cutter.next(*batch) ? batch : nullptr;
  };
  for (Batch* batch = number == 0 ? &batches_.front() : fill(); batch != nullptr; batch = fill()) {
    look(workers_[number], *batch);
    turns.ready(*batch);
    while (Batch* const next = turns.begin()) {
      understand(*next);
      turns.end(*next);
    }
  }
}

// ---- from bytes to lines

void Relay::look(Worker& worker, Batch& batch) {
  for (const auto& own : batch.own_lines)
    add_line(batch, {std::string_view(batch.own).substr(own.at, own.size), own.number, own.cut});
  look_at(worker, batch.lines);
  look_at_text(worker, batch);
  if (known_ == nullptr) return;
  find_known(batch);
  recognise(worker, batch);
}

void Relay::add_line(Batch& batch, const Line& line) { batch.lines.push_back({line, {}}); }

void Relay::look_at(Worker& worker, std::span<LookedLine> lines) {
  for (auto& [line, plain] : lines) worker.looker.look(line.text, plain);
  if (known_ == nullptr) return;
  for (const auto& looked : lines) known_->expect(looked.plain.words);  // until all were looked at, it is near
}

// What was cut is looked at while it is near.
void Relay::look_at_text(Worker& worker, Batch& batch) {
  std::string_view rest = batch.text;
  for (const char* begin = rest.data(); !rest.empty();) {
    const auto piece = rest.substr(0, Newlines::kPiece);
    const std::size_t first = batch.lines.size();
    for (const auto offset : worker.newlines.find(piece)) {
      const char* const newline = piece.data() + offset;
      const auto size = static_cast<std::size_t>(newline - begin);
      if (size < PlainLooker::kShortest) {
        add_short(batch, {begin, size + 1});
      } else {
        add_line(batch, line_of({begin, size}));
      }
      begin = newline + 1;
    }
    look_at(worker, std::span(batch.lines).subspan(first));
    rest.remove_prefix(piece.size());
  }
}

// What was made of lines that say the same. Which line says something new, nobody can foresee: it is written down
// whether it does or not, and counted only if it does.
void Relay::find_known(Batch& batch) {
  batch.unknown.resize(batch.lines.size());
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < batch.lines.size(); ++i) {
    PlainLine& plain = batch.lines[i].plain;
    plain.known = known_->find(plain.words);
    batch.unknown[count] = i;
    count += plain.is_plain() && plain.known == 0 ? 1 : 0;
  }
  batch.unknown.resize(count);
}

// The first lines are shown to more than the rules: those are read in their turn anyway. Where nobody else works
// meanwhile, only lines of many kinds gain by it.
void Relay::recognise(Worker& worker, Batch& batch) const {
  if (batch.turn == 0) return;
  worker.recogniser.sort(batch.lines, batch.unknown);
  if (threads_ > 1 || worker.recogniser.is_mixed()) worker.recogniser.see(batch.lines, batch.recognitions);
}

// `line` has its newline.
void Relay::add_short(Batch& batch, std::string_view line) {
  auto* last = batch.stretches.empty() ? nullptr : &batch.stretches.back();
  if (!batch.lines.empty()) batch.lines.back().plain.open = true;
  const bool goes_on =
      last != nullptr && last->lines == batch.lines.size() && last->text.data() + last->text.size() == line.data();
  if (!goes_on) last = &batch.stretches.emplace_back(Batch::Stretch{batch.lines.size(), {line.data(), 0}});
  last->text = {last->text.data(), last->text.size() + line.size()};
}

// ---- in turn

// The batch is empty again afterwards.
void Relay::understand(Batch& batch) {
  const std::span<LookedLine> all(batch.lines);
  std::size_t at = 0;
  for (const auto& stretch : batch.stretches) {
    read(all.subspan(at, stretch.lines - at), batch.recognitions.all());
    at = stretch.lines;
    read_stretch(stretch.text);
  }
  read(all.subspan(at), batch.recognitions.all());
  batch.clear();
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
  std::uint64_t number = numbered_;
  for (auto& looked : lines) {
    if (looked.line.number == 0) looked.line.number = number + 1;
    number = looked.line.number;
  }
  numbered_ = number;
  if (!lines.empty()) intake_->lines(lines, recognitions);
}

}  // namespace ahdiag
