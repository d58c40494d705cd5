#include "cli/intake.h"

namespace ahdiag {

Intake::Intake(const LogFormats& formats, const Period& period, Take take, Familiar* familiar)
    : formats_(formats), period_(period), take_(std::move(take)), familiar_(familiar), in_period_(*this) {}

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
  reader_.emplace(index, take, &formats_, familiar());
}

// Formats of its own are nobody else's to read.
Familiar* Intake::familiar() {
  if (familiar_ == nullptr || !formats_.empty()) return nullptr;
  return period_.is_bounded() ? &in_period_ : familiar_;
}

const KnownWords* Intake::known() {
  Familiar* const one = familiar();
  return one == nullptr ? nullptr : &one->known();
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
