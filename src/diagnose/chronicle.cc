#include "diagnose/chronicle.h"

#include <algorithm>

namespace ahdiag {
namespace {

// As near as consequences stand to their root, a service manager's summary after a time-out included.
constexpr auto kNear = std::chrono::seconds(120);

Tally tally_of(const Diagnosis& diagnosis) {
  const Incident& incident = diagnosis.incident;
  return {diagnosis.id,   incident.rule->id, diagnosis.candidates.front().cause->id,
          incident.code,  diagnosis.title,   diagnosis.severity,
          incident.count, incident.first,    incident.last};
}

void add(Tally& tally, const Incident& incident) {
  tally.count += incident.count;
  if (incident.first && (!tally.first || *incident.first < *tally.first)) tally.first = incident.first;
  if (incident.last && (!tally.last || *incident.last > *tally.last)) tally.last = incident.last;
}

std::optional<std::int64_t> pid_of(const Diagnosis& diagnosis) {
  const auto& evidence = diagnosis.incident.evidence;
  return evidence.empty() ? std::nullopt : evidence.back().pid;
}

}  // namespace

std::string_view event_name(Event::Kind kind) {
  static constexpr std::array<std::string_view, 3> kNames = {"open", "repeat", "end"};
  return kNames.at(static_cast<std::size_t>(kind));
}

std::optional<Event> Chronicle::hear(const Diagnosis& diagnosis, const RuleBook& book, Time now) {
  const auto known = open_.find(diagnosis.id);
  if (known != open_.end()) {
    Open& one = known->second;
    add(one.tally, diagnosis.incident);
    one.heard = now;
    one.pid = pid_of(diagnosis);
    if (one.tally.count < one.tell_at && now - one.told < pace_.repeat_every) return std::nullopt;
    one.told = now;
    while (one.tell_at <= one.tally.count) one.tell_at *= 10;
    return Event{Event::Kind::repeat, one.tally};
  }
  if (Open* root = root_of(diagnosis, book, now)) {
    root->heard = now;
    return std::nullopt;
  }
  Tally tally = tally_of(diagnosis);
  if (is_full(tally.rule)) {
    over_ += tally.count;
    return std::nullopt;
  }
  ++of_rule_[tally.rule];
  Open one{tally, now, now, pid_of(diagnosis)};
  while (one.tell_at <= tally.count) one.tell_at *= 10;
  open_.emplace(tally.id, std::move(one));
  return Event{Event::Kind::open, std::move(tally)};
}

bool Chronicle::is_full(const std::string& rule) const {
  const auto known = of_rule_.find(rule);
  return open_.size() >= pace_.most || (known != of_rule_.end() && known->second >= pace_.of_one_rule);
}

// A consequence that came so late that its root had been told. What is heard of at one time was seen together: there
// the collector knows better.
Chronicle::Open* Chronicle::root_of(const Diagnosis& diagnosis, const RuleBook& book, Time now) {
  const auto pid = pid_of(diagnosis);
  const auto explains_it = [&](const auto& one) {
    if (one.second.heard == now || now - one.second.heard > kNear) return false;
    if (pid && one.second.pid && *pid != *one.second.pid) return false;
    const Rule* root = book.rule(one.second.tally.rule);
    return root != nullptr && explanation(*root, diagnosis.incident.rule, diagnosis.incident.code) != nullptr;
  };
  const auto found = std::ranges::find_if(open_, explains_it);
  return found == open_.end() ? nullptr : &found->second;
}

std::vector<Event> Chronicle::end_silent(Time now) {
  std::vector<Event> over;
  for (auto it = open_.begin(); it != open_.end();) {
    if (now - it->second.heard < pace_.end_after) {
      ++it;
      continue;
    }
    Tally& tally = it->second.tally;
    const auto of_rule = of_rule_.find(tally.rule);
    if (--of_rule->second == 0) of_rule_.erase(of_rule);
    over.push_back({Event::Kind::end, std::move(tally)});
    it = open_.erase(it);
  }
  return over;
}

std::optional<Chronicle::Time> Chronicle::next() const {
  std::optional<Time> next;
  for (const auto& [id, one] : open_) {
    if (!next || one.heard + pace_.end_after < *next) next = one.heard + pace_.end_after;
  }
  return next;
}

}  // namespace ahdiag
