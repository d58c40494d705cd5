#include "diagnose/echo.h"

#include <algorithm>
#include <cstdlib>

#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::int64_t kSeconds = 5 * 1'000'000;
constexpr std::size_t kMostTellings = 64;
constexpr std::size_t kShortestHead = 16;  // of a cut text: less would fit too much
constexpr std::string_view kEllipsis = "...";

}  // namespace

std::optional<std::int64_t> apart(const std::optional<Stamp>& a, const std::optional<Stamp>& b) {
  if (!a || !b || a->offset.has_value() != b->offset.has_value()) return std::nullopt;
  constexpr std::int64_t kMinute = 60 * 1'000'000;
  const std::int64_t zones = a->offset ? (*a->offset - *b->offset) * kMinute : 0;
  return std::abs(a->micros - b->micros - zones);
}

bool Tellings::repeats(std::uint32_t origin, const std::optional<Stamp>& time) {
  if (!mixed_ && (alone_.empty() || alone_.front().origin == origin)) {
    if (alone_.size() < kMostTellings) {
      alone_.push_back({origin, time});
    } else {
      alone_[oldest_] = {origin, time};
      oldest_ = (oldest_ + 1) % kMostTellings;
    }
    return false;
  }
  if (!mixed_) std::rotate(alone_.begin(), alone_.begin() + static_cast<std::ptrdiff_t>(oldest_), alone_.end());
  mixed_ = true;
  const auto same = std::find_if(alone_.begin(), alone_.end(), [&](const Telling& other) {
    return other.origin != origin && apart(other.time, time).value_or(0) <= kSeconds;
  });
  if (same != alone_.end()) {
    alone_.erase(same);
    return true;
  }
  if (alone_.size() == kMostTellings) alone_.erase(alone_.begin());
  alone_.push_back({origin, time});
  return false;
}

bool completes(std::string_view whole, std::string_view cut) {
  const auto at = cut.find(kEllipsis);
  if (at == std::string_view::npos || at < kShortestHead) return false;
  const auto head = cut.substr(0, at);
  const auto tail = trim(cut.substr(at + kEllipsis.size()));
  const auto found = whole.find(head);
  if (found == std::string_view::npos) return false;
  const auto rest = whole.substr(found + head.size());
  return !rest.empty() && !rest.starts_with(kEllipsis) && (tail.empty() || contains(rest, tail));
}

void drop_cut(std::vector<Incident>& incidents) {
  std::vector<bool> cut(incidents.size(), false);
  for (std::size_t i = 0; i < incidents.size(); ++i) {
    const auto& text = incidents[i].evidence.front().text;
    if (!contains(text, kEllipsis)) continue;
    cut[i] = std::any_of(incidents.begin(), incidents.end(), [&](const Incident& other) {
      return &other != &incidents[i] && completes(other.evidence.front().text, text);
    });
  }
  std::size_t at = 0;
  std::erase_if(incidents, [&](const Incident&) { return cut[at++]; });
}

}  // namespace ahdiag
