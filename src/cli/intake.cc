#include "cli/intake.h"

namespace ahdiag {

Intake::Intake(const LogFormats& formats, const Period& period, Take take, Familiarity familiarity)
    : formats_(formats), period_(period), take_(std::move(take)) {
  if (!familiarity.verdict) return;
  familiarity_.verdict = [this, own = std::move(familiarity.verdict)] { return passed_ ? own() : 0; };
  familiarity_.again = [this, own = std::move(familiarity.again)](Verdict verdict, const Repeat& repeat) {
    if (filter_->passes(repeat.time)) own(verdict, repeat);
  };
}

Listener Intake::listener() {
  return {[this](const std::string& name) { begin(name); }, [this](const Line& one) { line(one); },
          [this](const Reading& reading) { end(reading); }};
}

void Intake::begin(const std::string& name) {
  const auto index = static_cast<std::uint32_t>(rows_.size());
  rows_.emplace_back().name = name;
  filter_.emplace(period_);
  const auto take = [this](const Entry& entry, std::string_view around) {
    passed_ = filter_->passes(entry.time);
    if (passed_) take_(entry, around, rows_.back().name);
  };
  reader_.emplace(index, take, &formats_, familiarity_.verdict ? &familiarity_ : nullptr);
}

void Intake::end(const Reading& reading) {
  reader_->finish();
  InputRow& row = rows_.back();
  row.bytes = reading.bytes;
  row.lines = reading.lines;
  row.error = reading.error;
  row.format = reader_->format();
  row.entries = reader_->entries();
  row.unparsed = reader_->unparsed();
  row.first = reader_->first();
  row.last = reader_->last();
}

}  // namespace ahdiag
