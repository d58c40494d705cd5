#include "diagnose/collector.h"

#include <algorithm>

#include "diagnose/evidence.h"
#include "rules/tables.h"
#include "text/ascii.h"
#include "text/utf8.h"

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

// What two messages without an id share when only numbers and names differ.
void append_shape(std::string_view message, std::string& shape) {
  constexpr std::size_t kLongestShape = 60;
  bool number = false;
  for (const char c : message.substr(0, kLongestShape)) {
    if (c == '\'' || c == '"' || c == '/') return;
    if (!number || !is_digit(c)) shape += is_digit(c) ? '#' : c;
    number = is_digit(c);
  }
}

const ConsequenceSpec* consequence_of(const Rule& root, const Rule* rule, std::string_view code) {
  const auto fits = [&](const ConsequenceSpec& spec) {
    return (!spec.code.empty() && spec.code == code) ||
           (rule != nullptr && !spec.rule.empty() && spec.rule == rule->id);
  };
  const auto spec = std::ranges::find_if(root.consequences, fits);
  return spec == root.consequences.end() ? nullptr : &*spec;
}

bool sums_up(const Rule* rule, const Rule& root) {
  return rule != nullptr && rule->summary && root.severity == Severity::critical && root.id != rule->id;
}

}  // namespace

bool is_explained(const Rule& root, const Rule* rule, std::string_view code) {
  return consequence_of(root, rule, code) != nullptr || sums_up(rule, root);
}

Collector::Collector(const RuleBook& book, Signs& signs, Limits limits) : book_(book), signs_(signs), limits_(limits) {
  for (const auto& head : book.heads()) consequence_names_.insert(head.consequences.begin(), head.consequences.end());
}

void Collector::entry(const Entry& entry, std::string_view around) {
  ++order_;
  expire();
  take(entry, around);
}

void Collector::take(const Entry& entry, std::string_view around) {
  set_verdict(kNothing);
  if (order_ <= kEntriesObserved || is_banner(entry.code)) observe(entry, around);
  const RuleMatch match = book_.match(entry).value_or(RuleMatch{});
  if (!entry.code.empty() && found_.seen.size() < limits_.incidents) found_.seen.emplace(entry.code);
  if (match.rule != nullptr) found_.seen.insert(match.rule->id);
  const std::uint32_t origin = entry.place.source * 2 + (around.empty() ? 0 : 1);
  const Touch touch{order_, entry.pid, entry.time, origin, entry.speaker == Speaker::server};
  if (may_follow(match.rule, entry.code)) {
    follow(entry, match, touch);
  } else if (match.rule != nullptr) {
    cause(entry, match, touch);
  } else if (is_bad(entry.level) || (!entry.header && !entry.code.empty())) {
    add_unmatched({entry.module, entry.code, entry.message, level_name(entry), entry.text});
  }
  if (entry.speaker == Speaker::server) verdict_ |= kOfServer;
}

// A scanner's words must not choose the platform.
void Collector::observe(const Entry& entry, std::string_view around) {
  if (entry.speaker != Speaker::server) return;
  signs_.observe(entry.text);
  if (!around.empty()) signs_.observe(around);
  if (!entry.header && entry.code.empty()) signs_.observe_unit(entry.text);
}

// Of a failure that is known and has evidence enough, only the last entry is kept, unread.
void Collector::cause(const Entry& entry, const RuleMatch& match, const Touch& touch) {
  key_.clear();
  append_key(entry, match, key_);
  const auto known = by_key_.find(key_);
  if (known != by_key_.end() && entry.plain && found_.incidents[known->second].evidence.size() >= limits_.evidence) {
    set_verdict(kIncident, known->second);
    found_.incidents[known->second].last_entry.set(entry.text, entry.place);
    return count(known->second, touch);
  }
  if (known == by_key_.end() && is_full(*match.rule)) {
    ++found_.over;
    return set_verdict(kOver);
  }
  if (order_ > kEntriesObserved) observe(entry, {});
  Incident one = incident_of(entry, match);
  one.order = order_;
  commit(std::move(one), touch);
  set_verdict(kIncident, recent_.front());
}

void Collector::follow(const Entry& entry, const RuleMatch& match, const Touch& touch) {
  const std::size_t follower = follower_of(match.rule, entry.code);
  set_verdict(kFollower, follower);
  if (entry.plain && follow_again({entry.place, *entry.time, entry.pid, entry.text}, touch, follower)) return;
  Incident one = incident_of(entry, match);
  one.order = order_;
  if (!fold(one, touch, follower)) {
    if (waiting_.size() == kMostWaiting) {
      Waiting oldest = std::move(waiting_.front());
      waiting_.pop_front();
      settle(std::move(oldest));
    }
    waiting_.push_back({std::move(one), touch, follower});
  }
  set_verdict(kFollower, follower);
}

bool Collector::may_follow(const Rule* rule, std::string_view code) const {
  return consequence_names_.contains(code) ||
         (rule != nullptr && (rule->summary || consequence_names_.contains(rule->id)));
}

std::size_t Collector::follower_of(const Rule* rule, std::string_view code) {
  const auto same = [&](const Follower& one) { return one.rule == rule && one.code == code; };
  const auto found = std::find_if(followers_.begin(), followers_.end(), same);
  const auto index = static_cast<std::size_t>(found - followers_.begin());
  if (found == followers_.end()) followers_.push_back({std::string(code), rule, {}});
  return index;
}

// Both known and different: another process, another story.
bool Collector::close(const Touch& a, const Touch& b) {
  if (a.pid && b.pid && *a.pid != *b.pid) return false;
  if (std::max(a.order, b.order) - std::min(a.order, b.order) > kNearEntries) return false;
  return apart(a.time, b.time).value_or(0) <= kNearMicros;
}

const std::string* Collector::explains(const Rule& root, std::size_t follower) {
  static const std::string kSumsUp;
  Follower& one = followers_[follower];
  auto asked = std::find_if(one.roots.begin(), one.roots.end(), [&](const auto& pair) { return pair.first == &root; });
  if (asked == one.roots.end())
    asked = one.roots.insert(one.roots.end(), {&root, consequence_of(root, one.rule, one.code)});
  if (asked->second != nullptr) return &asked->second->means;
  return sums_up(one.rule, root) ? &kSumsUp : nullptr;
}

bool Collector::fold(const Incident& one, const Touch& touch, std::size_t follower) {
  for (const std::size_t i : recent_) {
    Incident& root = found_.incidents[i];
    if (!close(touches_[i], touch)) continue;
    const std::string* means = explains(*root.rule, follower);
    if (means == nullptr) continue;
    add_consequence(root, one, *means);
    touches_[i].order = touch.order;
    if (touch.time) touches_[i].time = touch.time;
    return true;
  }
  return false;
}

void Collector::commit(Incident one, const Touch& touch) {
  const auto known = by_key_.find(one.key);
  if (known == by_key_.end() && is_full(*one.rule)) {
    ++found_.over;
    return;
  }
  std::size_t index = found_.incidents.size();
  if (known == by_key_.end()) {
    by_key_.emplace(one.key, index);
    ++by_rule_[one.rule];
    one.count = 0;
    found_.incidents.push_back(std::move(one));
    touches_.push_back(touch);
    tellings_.emplace_back();
  } else {
    index = known->second;
    Incident& incident = found_.incidents[index];
    incident.last_entry.any = false;
    for (auto& evidence : one.evidence) add_evidence(incident.evidence, std::move(evidence));
  }
  count(index, touch);
}

bool Collector::is_full(const Rule& rule) const {
  const auto known = by_rule_.find(&rule);
  return found_.incidents.size() >= limits_.incidents ||
         (known != by_rule_.end() && known->second >= limits_.of_one_rule);
}

// One more entry of an incident.
void Collector::count(std::size_t index, const Touch& touch) {
  Incident& incident = found_.incidents[index];
  const bool told = touch.server && tellings_[index].repeats(touch.origin, touch.time);
  if (!told) ++incident.count;
  if (touch.time && (!incident.first || *touch.time < *incident.first)) incident.first = touch.time;
  if (touch.time && (!incident.last || *touch.time > *incident.last)) incident.last = touch.time;
  touches_[index] = touch;
  const auto place = std::find(recent_.begin(), recent_.end(), index);
  if (place == recent_.end()) {
    if (recent_.size() == kRecent) recent_.pop_back();
    recent_.insert(recent_.begin(), index);
  } else {
    std::rotate(recent_.begin(), place, place + 1);
  }
  if (!waiting_.empty()) take_waiting(index);
}

// Consequences that were logged before their root.
void Collector::take_waiting(std::size_t root) {
  std::erase_if(waiting_, [&](const Waiting& waiting) {
    if (!close(touches_[root], waiting.touch)) return false;
    const std::string* means = explains(*found_.incidents[root].rule, waiting.follower);
    if (means != nullptr) add_consequence(found_.incidents[root], waiting.incident, *means);
    return means != nullptr;
  });
}

void Collector::expire() {
  while (!waiting_.empty() && waiting_.front().touch.order + kNearEntries < order_) {
    Waiting waiting = std::move(waiting_.front());
    waiting_.pop_front();
    settle(std::move(waiting));
  }
}

// No root came: it stands for itself, unless an incident that came up meanwhile explains it.
void Collector::settle(Waiting waiting) {
  Incident& one = waiting.incident;
  if (fold(one, waiting.touch, waiting.follower)) return;
  if (one.rule != nullptr) return commit(std::move(one), waiting.touch);
  const auto& text = one.evidence.front().text;
  add_unmatched({one.module, one.code, text, one.level_word, text});
}

// What the entry does not say of itself, the catalogue knows.
Unmatched Collector::named(const Unknown& one) {
  constexpr std::size_t kLongestExample = 4096;
  Unmatched named{std::string(one.code),
                  std::string(one.module),
                  std::string(one.level),
                  "",
                  1,
                  printable(one.text.substr(0, kLongestExample))};
  if (const CodeFacts* facts = find_code(one.code)) {
    if (named.module.empty()) named.module = facts->module;
    if (named.level.empty() && facts->level != "-") named.level = facts->level;
  }
  named.area = area_of_module(named.module);
  return named;
}

void Collector::add_unmatched(const Unknown& one) {
  key_ = one.module;
  key_ += '\x1f';
  if (one.code.empty()) {
    append_shape(one.message, key_);
  } else {
    key_ += one.code;
  }
  const auto known = unmatched_by_key_.find(key_);
  if (known != unmatched_by_key_.end()) {
    ++found_.unmatched[known->second].count;
    set_verdict(kUnmatched, known->second);
  } else if (found_.unmatched.size() >= limits_.unmatched) {
    ++found_.over;
    set_verdict(kOver);
  } else {
    unmatched_by_key_.emplace(key_, found_.unmatched.size());
    set_verdict(kUnmatched, found_.unmatched.size());
    found_.unmatched.push_back(named(one));
  }
}

void Collector::add_consequence(Incident& root, const Incident& one, const std::string& means) const {
  for (auto& known : root.consequences) {
    if (known.code != one.code || known.rule != one.rule) continue;
    known.count += one.count;
    known.last_entry.any = false;
    for (const auto& evidence : one.evidence) add_evidence(known.evidence, evidence);
    return;
  }
  root.consequences.push_back({one.code, one.rule, means, one.count, one.evidence, {}});
}

// Keeps the first few and the last.
void Collector::add_evidence(std::vector<Evidence>& all, Evidence evidence) const {
  if (limits_.evidence == 0) return;
  if (all.size() >= limits_.evidence) all.pop_back();
  all.push_back(std::move(evidence));
}

void Collector::settle_last(LastEntry& last, std::vector<Evidence>& evidence) const {
  if (last.any) add_evidence(evidence, evidence_of_last(book_, last));
  last.any = false;
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
  for (auto& incident : found_.incidents) {
    settle_last(incident.last_entry, incident.evidence);
    for (auto& consequence : incident.consequences) settle_last(consequence.last_entry, consequence.evidence);
  }
  drop_cut(found_.incidents);
  std::stable_sort(found_.unmatched.begin(), found_.unmatched.end(),
                   [](const Unmatched& a, const Unmatched& b) { return a.count > b.count; });
  return std::move(found_);
}

// ---- words that were said before

void Collector::again(Verdict verdict, const Repeat& repeat) {
  ++order_;
  expire();
  const std::size_t index = verdict >> kWhatBits;
  const Touch touch{order_, repeat.pid, repeat.time, repeat.place.source * 2, (verdict & kOfServer) != 0};
  bool done = true;
  switch (static_cast<What>(verdict & kWhatMask)) {
    case kUnknown:
    case kNothing: break;
    case kOver: ++found_.over; break;
    case kUnmatched: ++found_.unmatched[index].count; break;
    case kIncident: done = cause_again(repeat, touch, index); break;
    case kFollower: done = follow_again(repeat, touch, index); break;
  }
  if (done) return;
  Entry entry = parse_entry(repeat.text);
  entry.place = repeat.place;
  entry.plain = true;
  take(entry, {});
}

bool Collector::cause_again(const Repeat& repeat, const Touch& touch, std::size_t index) {
  Incident& incident = found_.incidents[index];
  if (incident.evidence.size() < limits_.evidence) return false;
  incident.last_entry.set(repeat.text, repeat.place);
  count(index, touch);
  return true;
}

bool Collector::follow_again(const Repeat& repeat, const Touch& touch, std::size_t follower) {
  const auto explained = [&](std::size_t i) {
    return close(touches_[i], touch) && explains(*found_.incidents[i].rule, follower) != nullptr;
  };
  const auto root = std::find_if(recent_.begin(), recent_.end(), explained);
  if (root == recent_.end()) return false;
  const Follower& kind = followers_[follower];
  for (auto& known : found_.incidents[*root].consequences) {
    if (known.rule != kind.rule || known.code != kind.code) continue;
    if (known.evidence.size() < limits_.evidence) return false;
    ++known.count;
    known.last_entry.set(repeat.text, repeat.place);
    touches_[*root].order = touch.order;
    touches_[*root].time = touch.time;
    return true;
  }
  return false;
}

}  // namespace ahdiag
