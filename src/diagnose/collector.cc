#include "diagnose/collector.h"

#include <algorithm>

#include "diagnose/evidence.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::uint64_t kNearEntries = 60;             // a failure's lines stand close together
constexpr std::int64_t kNearMicros = 120 * 1'000'000;  // a service manager's summary may wait for a time-out
constexpr std::size_t kRecent = 32;
constexpr std::size_t kMostWaiting = 64;
constexpr std::uint64_t kEntriesObserved = 4000;  // for signs of the platform, apart from what matches

// Banner and command line: the log's own word about what runs.
bool is_banner(std::string_view code) {
  return code == "AH00163" || code == "AH00292" || code == "AH00489" || code == "AH00455" || code == "AH00094";
}

bool is_bad(Level level) {
  return level == Level::emerg || level == Level::alert || level == Level::crit || level == Level::error;
}

// What two entries without an id share when only numbers and names differ.
std::string shape_of(std::string_view text) {
  constexpr std::size_t kLongestShape = 60;
  std::string shape;
  for (const char c : text.substr(0, kLongestShape)) {
    const bool digit = is_digit(c);
    if (digit && shape.ends_with('#')) continue;
    shape += digit ? '#' : c;
  }
  return shape.substr(0, shape.find_first_of("'\"/"));
}

}  // namespace

Collector::Collector(const RuleBook& book, Signs& signs, Limits limits) : book_(book), signs_(signs), limits_(limits) {
  for (const auto& head : book.heads()) consequence_names_.insert(head.consequences.begin(), head.consequences.end());
}

void Collector::entry(const Entry& entry, std::string_view around) {
  ++order_;
  expire(order_);
  const RuleMatch match = book_.match(entry).value_or(RuleMatch{});
  observe(entry, around, match.rule != nullptr);
  if (!entry.code.empty() && found_.seen.size() < limits_.incidents) found_.seen.emplace(entry.code);
  if (match.rule != nullptr) found_.seen.insert(match.rule->id);
  const bool known_consequence = consequence_names_.contains(entry.code);
  if (match.rule == nullptr && !known_consequence && !is_bad(entry.level) && (entry.header || entry.code.empty()))
    return;
  Incident one = incident_of(entry, match);
  one.order = order_;
  const std::uint32_t origin = entry.place.source * 2 + (around.empty() ? 0 : 1);
  const Touch touch{order_, entry.pid, entry.time, origin, entry.speaker == Speaker::server};
  if (fold(one, touch)) return;
  if (may_wait(one)) {
    if (waiting_.size() == kMostWaiting) {
      settle(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    waiting_.push_back({std::move(one), touch});
  } else if (one.rule != nullptr) {
    commit(std::move(one), touch);
  } else {
    add_unmatched(one);
  }
}

void Collector::observe(const Entry& entry, std::string_view around, bool matched) {
  if (entry.speaker != Speaker::server) return;  // a scanner's words must not choose the platform
  if (!is_banner(entry.code) && (observed_ > kEntriesObserved || (!matched && order_ > kEntriesObserved))) return;
  ++observed_;
  signs_.observe(entry.text);
  if (!around.empty()) signs_.observe(around);
  if (!entry.header && entry.code.empty()) signs_.observe_unit(entry.text);
}

// Both known and different: another process, another story.
bool Collector::close(const Touch& a, const Touch& b) {
  if (a.pid && b.pid && *a.pid != *b.pid) return false;
  if (std::max(a.order, b.order) - std::min(a.order, b.order) > kNearEntries) return false;
  return apart(a.time, b.time).value_or(0) <= kNearMicros;
}

const ConsequenceSpec* Collector::explains(const Rule& root, const Incident& one) {
  for (const auto& consequence : root.consequences) {
    const bool by_code = !consequence.code.empty() && consequence.code == one.code;
    const bool by_rule = one.rule != nullptr && !consequence.rule.empty() && consequence.rule == one.rule->id;
    if (by_code || by_rule) return &consequence;
  }
  return nullptr;
}

bool Collector::sums_up(const Rule& root, const Incident& one) {
  return one.rule != nullptr && one.rule->summary && root.severity == Severity::critical && root.id != one.rule->id;
}

bool Collector::may_wait(const Incident& one) const {
  if (one.rule != nullptr && (one.rule->summary || consequence_names_.contains(one.rule->id))) return true;
  return consequence_names_.contains(one.code);
}

bool Collector::fold(const Incident& one, const Touch& touch) {
  for (const std::size_t i : recent_) {
    Incident& root = found_.incidents[i];
    if (!close(touches_[i], touch)) continue;
    const ConsequenceSpec* spec = explains(*root.rule, one);
    if (spec == nullptr && !sums_up(*root.rule, one)) continue;
    add_consequence(root, one, spec == nullptr ? "" : spec->means);
    touches_[i].order = touch.order;
    if (touch.time) touches_[i].time = touch.time;
    return true;
  }
  return false;
}

void Collector::commit(Incident one, const Touch& touch) {
  const auto known = by_key_.find(one.key);
  if (known == by_key_.end() && found_.incidents.size() >= limits_.incidents) {
    ++found_.over;
    return;
  }
  std::size_t index = found_.incidents.size();
  if (known == by_key_.end()) {
    by_key_.emplace(one.key, index);
    found_.incidents.push_back(std::move(one));
    touches_.push_back(touch);
    tellings_.emplace_back();
    if (touch.server) tellings_.back().repeats(touch.origin, touch.time);
  } else {
    index = known->second;
    Incident& incident = found_.incidents[index];
    const bool told = touch.server && tellings_[index].repeats(touch.origin, touch.time);
    if (!told) incident.count += one.count;
    if (one.first && (!incident.first || *one.first < *incident.first)) incident.first = one.first;
    if (one.last && (!incident.last || *one.last > *incident.last)) incident.last = one.last;
    for (auto& evidence : one.evidence) add_evidence(incident.evidence, std::move(evidence));
    touches_[index] = touch;
  }
  std::erase(recent_, index);
  recent_.push_front(index);
  if (recent_.size() > kRecent) recent_.pop_back();
  take_waiting(index);
}

// Consequences that were logged before their root.
void Collector::take_waiting(std::size_t root) {
  std::deque<Waiting> rest;
  for (auto& waiting : waiting_) {
    const Rule& rule = *found_.incidents[root].rule;
    const ConsequenceSpec* spec = explains(rule, waiting.incident);
    const bool taken = close(touches_[root], waiting.touch) && (spec != nullptr || sums_up(rule, waiting.incident));
    if (taken) {
      add_consequence(found_.incidents[root], waiting.incident, spec == nullptr ? "" : spec->means);
    } else {
      rest.push_back(std::move(waiting));
    }
  }
  waiting_ = std::move(rest);
}

void Collector::expire(std::uint64_t now) {
  while (!waiting_.empty() && waiting_.front().touch.order + kNearEntries < now) {
    Waiting waiting = std::move(waiting_.front());
    waiting_.pop_front();
    settle(std::move(waiting));
  }
}

// No root came: it stands for itself, unless an incident that came up meanwhile explains it.
void Collector::settle(Waiting waiting) {
  if (fold(waiting.incident, waiting.touch)) return;
  if (waiting.incident.rule != nullptr) {
    commit(std::move(waiting.incident), waiting.touch);
  } else {
    add_unmatched(waiting.incident);
  }
}

void Collector::add_unmatched(const Incident& one) {
  const std::string key =
      one.code.empty() ? one.module + '\x1f' + shape_of(one.evidence.front().text) : one.module + '\x1f' + one.code;
  const auto known = unmatched_by_key_.find(key);
  if (known != unmatched_by_key_.end()) {
    found_.unmatched[known->second].count += one.count;
  } else if (found_.unmatched.size() >= limits_.unmatched) {
    ++found_.over;
  } else {
    unmatched_by_key_.emplace(key, found_.unmatched.size());
    found_.unmatched.push_back({one.code, one.module, one.level_word, one.count, one.evidence.front().text});
  }
}

void Collector::add_consequence(Incident& root, const Incident& one, std::string means) const {
  for (auto& known : root.consequences) {
    if (known.code != one.code || known.rule != one.rule) continue;
    known.count += one.count;
    for (const auto& evidence : one.evidence) add_evidence(known.evidence, evidence);
    return;
  }
  root.consequences.push_back({one.code, one.rule, std::move(means), one.count, one.evidence});
}

// Keeps the first few and the last.
void Collector::add_evidence(std::vector<Evidence>& all, Evidence evidence) const {
  if (all.size() >= limits_.evidence) all.pop_back();
  all.push_back(std::move(evidence));
}

Collection Collector::finish() {
  // Causes first, so that what only sums up finds them.
  std::stable_sort(waiting_.begin(), waiting_.end(), [](const Waiting& a, const Waiting& b) {
    const auto rank = [](const Waiting& w) {
      return w.incident.rule == nullptr ? 2 : w.incident.rule->summary ? 1 : 0;
    };
    return rank(a) < rank(b);
  });
  while (!waiting_.empty()) {
    Waiting waiting = std::move(waiting_.front());
    waiting_.pop_front();
    settle(std::move(waiting));
  }
  drop_cut(found_.incidents);
  std::stable_sort(found_.unmatched.begin(), found_.unmatched.end(),
                   [](const Unmatched& a, const Unmatched& b) { return a.count > b.count; });
  return std::move(found_);
}

}  // namespace ahdiag
