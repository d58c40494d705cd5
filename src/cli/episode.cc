#include "cli/episode.h"

#include <algorithm>

namespace ahdiag {
namespace {

constexpr int kLongest = 5;                   // times the silence that ends it
constexpr Limits kLimits = {500, 50, 50, 5};  // less than of a report: it is kept for a few seconds
constexpr std::size_t kSlots = 2;             // of a source

}  // namespace

Episode::Text::Text(std::size_t slot, std::uint64_t lines, Episode& episode)
    : deliver([this, lines](const Line& line) {
        reader.line({line.text, lines + line.number, line.cut});
      }),
      splitter(deliver),
      filter(episode.request_.period),
      reader(
          static_cast<std::uint32_t>(slot / kSlots),
          [this, &episode](const Entry& entry, std::string_view around) {
            if (filter.passes(entry.time)) episode.take(entry, around);
          },
          &episode.request_.log_formats) {}

void Episode::Text::finish() {
  splitter.finish();
  reader.finish();
}

Episode::Episode(const RuleBook& book, const Request& request, std::chrono::milliseconds settle)
    : book_(&book), request_(request), settle_(settle), signs_(book.signs()) {}

void Episode::begin(std::size_t slot, std::uint64_t lines) {
  const auto known = texts_.find(slot);
  if (known != texts_.end()) {
    known->second.finish();
    texts_.erase(known);
  }
  texts_.try_emplace(slot, slot, lines, *this);
}

void Episode::bytes(std::size_t slot, std::string_view bytes, Time now) {
  if (!first_) first_ = now;
  last_ = now;
  texts_.try_emplace(slot, slot, 0, *this).first->second.splitter.block(bytes);
}

void Episode::use(const RuleBook& book) {
  book_ = &book;
  collector_.reset();
  signs_ = Signs(book.signs());
}

void Episode::take(const Entry& entry, std::string_view around) {
  if (entry.about != About::message) return;
  if (!collector_) collector_.emplace(*book_, signs_, kLimits);
  collector_->entry(entry, around);
}

std::optional<Episode::Time> Episode::due() const {
  if (!first_) return std::nullopt;
  return std::min(last_ + settle_, *first_ + kLongest * settle_);
}

// An entry that may still go on stays with its reader, unless that has been silent: then it was whole.
Collection Episode::end(Time now) {
  const bool silent = now - last_ >= settle_;
  if (silent) {
    for (auto& [slot, text] : texts_) text.reader.finish();
  }
  first_ = silent ? std::nullopt : std::optional(now);
  return collect();
}

Collection Episode::finish() {
  for (auto& [slot, text] : texts_) text.finish();
  first_.reset();
  return collect();
}

Collection Episode::collect() {
  Collection collection;
  if (collector_) collection = collector_->finish();
  collector_.reset();
  return collection;
}

}  // namespace ahdiag
