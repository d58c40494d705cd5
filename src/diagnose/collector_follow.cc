// Entries that may be consequences of another: they wait until their root is known, or stand for themselves.
#include <algorithm>

#include "diagnose/collector.h"
#include "diagnose/evidence.h"

namespace ahdiag {
namespace {

constexpr std::uint64_t kNearEntries = 60;             // a failure's lines stand close together
constexpr std::int64_t kNearMicros = 120 * 1'000'000;  // a service manager's summary may wait for a time-out
constexpr std::size_t kMostSayings = 4096;
constexpr std::size_t kRecent = 32;

Consequence* find_consequence(Incident& root, std::string_view code, const Rule* rule) {
  const auto same = [&](const Consequence& one) { return one.rule == rule && one.code == code; };
  const auto found = std::ranges::find_if(root.consequences, same);
  return found == root.consequences.end() ? nullptr : &*found;
}

}  // namespace

const ConsequenceSpec* explanation(const Rule& root, const Rule* rule, std::string_view code) {
  static const ConsequenceSpec kSumsUp;
  const auto fits = [&](const ConsequenceSpec& spec) {
    return (!spec.code.empty() && spec.code == code) ||
           (rule != nullptr && !spec.rule.empty() && spec.rule == rule->id);
  };
  const auto spec = std::ranges::find_if(root.consequences, fits);
  if (spec != root.consequences.end()) return &*spec;
  const bool sums_up = rule != nullptr && rule->summary && root.severity == Severity::critical && root.id != rule->id;
  return sums_up ? &kSumsUp : nullptr;
}

// Most rules explain no other entry: that is known without asking for each.
bool Collector::may_explain(const Rule& rule) {
  return !rule.consequences.empty() || rule.severity == Severity::critical;
}

void Collector::follow(const Entry& entry, const RuleMatch& match, const Touch& touch) {
  const std::size_t follower = follower_of(match.rule, entry.code);
  key_.clear();
  match.rule != nullptr ? append_key(entry, match, key_) : void(key_ = entry.code);
  if (entry.told) return follow_told({entry.text, entry.place, entry.time, entry.plain}, touch, follower, Key(key_));
  Waiting one{order_, follower, kNo, nullptr, fresh()};
  one.told->touch = touch;
  one.told->incident = std::make_unique<Incident>(incident_of(entry, match));
  one.told->incident->order = order_;
  one.told->key = key_;
  wait(one);
  verdict_ = kUnknown;
}

void Collector::follow_told(const Wording& wording, const Touch& touch, std::size_t follower, const Key& key) {
  const std::size_t saying = wording.stays ? saying_of(follower, key) : kNo;
  follow_again(wording, touch, follower, saying, key.text);
  verdict_ = kUnknown;
  if (saying != kNo) set_verdict(touch.server ? kServerFollower : kFollower, saying);
}

// With too many different ones, the words have to be read each time.
std::size_t Collector::saying_of(std::size_t follower, const Key& key) {
  const auto known = saying_by_key_.find(key);
  if (known != saying_by_key_.end()) return known->second;
  if (sayings_.size() == kMostSayings) return kNo;
  saying_by_key_.emplace(key.text, sayings_.size());
  sayings_.push_back({follower, std::string(key.text), kNo});
  return sayings_.size() - 1;
}

// Where no other explains it; kNo as long as there is none.
std::size_t Collector::incident_that_is(const Waiting& one) {
  const auto find = [&](const std::string& key) {
    const auto known = by_key_.find(key);
    return known == by_key_.end() ? kNo : known->second;
  };
  if (one.saying == kNo) return find(one.told->key);
  Saying& saying = sayings_[one.saying];
  if (saying.incident == kNo) saying.incident = find(saying.key);
  return saying.incident;
}

Collector::Told* Collector::fresh() {
  if (spare_.empty()) return &told_.emplace_back();
  Told* const one = spare_.back();
  spare_.pop_back();
  return one;
}

Collector::Told& Collector::tell(Waiting& one) {
  if (one.told == nullptr) {
    const Repeat repeat{source_, *one.looked};
    one.told = fresh();
    one.told->touch = touch_of(repeat, false);
    one.told->touch.order = one.order;
    one.told->entry.set(wording_of(repeat));
  }
  return *one.told;
}

// A visitor's words again: nothing else is looked at as long as nobody is known who may explain them.
bool Collector::wait_unread(std::size_t saying, const LookedLine& looked) {
  const std::size_t follower = sayings_[saying].follower;
  if (has_root(follower)) return false;
  queue({order_, follower, saying, &looked, nullptr});
  return true;
}

void Collector::wait(Waiting one) { fold(one) ? drop(one) : queue(one); }

void Collector::queue(const Waiting& one) {
  if (waiting_.full()) settle_oldest();
  if (followers_[one.follower].waiting++ == 0) waiting_kinds_.push_back(one.follower);
  waiting_.push(one);
  ++lent_waiting_;
  note_due();
}

// It waits no more.
void Collector::note_gone(const Waiting& one) {
  if (--followers_[one.follower].waiting == 0) std::erase(waiting_kinds_, one.follower);
}

void Collector::drop(const Waiting& one) {
  if (one.told == nullptr) return;
  one.told->incident.reset();
  one.told->entry.lent = {};
  one.told->key.clear();
  spare_.push_back(one.told);
}

bool Collector::may_follow(const Rule* rule, std::string_view code) const {
  return (!code.empty() && consequence_names_.contains(code)) ||
         (rule != nullptr && (rule->summary || rule->context || consequence_names_.contains(rule->id)));
}

std::size_t Collector::follower_of(const Rule* rule, std::string_view code) {
  const auto same = [&](const Follower& one) { return one.rule == rule && one.code == code; };
  const auto found = std::find_if(followers_.begin(), followers_.end(), same);
  const auto index = static_cast<std::size_t>(found - followers_.begin());
  if (found == followers_.end()) {
    Follower& one = followers_.emplace_back();
    one.code = code;
    one.rule = rule;
    if (rule != nullptr && may_explain(*rule)) one.number = number_of(*rule);
  }
  return index;
}

// Both known and different: another process, another story.
bool Collector::close(const Touch& a, const Touch& b) {
  if (a.pid && b.pid && *a.pid != *b.pid) return false;
  if (std::max(a.order, b.order) - std::min(a.order, b.order) > kNearEntries) return false;
  return apart(a.time, b.time).value_or(0) <= kNearMicros;
}

std::size_t Collector::number_of(const Rule& rule) {
  const auto [known, fresh] = numbers_.try_emplace(&rule, met_.size());
  if (fresh) met_.push_back({&rule});
  return known->second;
}

const ConsequenceSpec* Collector::explains(std::size_t root, std::size_t follower) {
  Follower& one = followers_[follower];
  if (root >= one.roots.size()) one.roots.resize(met_.size());
  auto& how = one.roots[root];
  if (!how) how = explanation(*met_[root].rule, one.rule, one.code);
  return *how;
}

// Most followers have nobody to follow: that is known without looking at all that was lately heard.
bool Collector::has_root(std::size_t follower) {
  for (std::size_t& asked = followers_[follower].asked; asked < with_incidents_.size(); ++asked) {
    const bool one = explains(with_incidents_[asked], follower) != nullptr;
    followers_[follower].has_root = followers_[follower].has_root || one;
  }
  return followers_[follower].has_root;
}

bool Collector::fold(Waiting& one) {
  if (!has_root(one.follower)) return false;
  const Touch& heard = tell(one).touch;
  for (const std::size_t i : recent_) {
    Incident& root = found_.incidents[i];
    Touch& touch = courses_[i].touch;
    if (!close(touch, heard)) continue;
    const ConsequenceSpec* spec = explains(courses_[i].rule, one.follower);
    if (spec == nullptr) continue;
    touch.order = one.order;
    if (heard.time) touch.time = heard.time;
    add_consequence(root, one, *spec);
    return true;
  }
  return false;
}

// How one that waits may explain another.
const ConsequenceSpec* Collector::explains_waiting(std::size_t other, std::size_t follower) {
  const std::size_t number = followers_[other].number;
  return number == kNo ? nullptr : explains(number, follower);
}

bool Collector::may_fold_into_waiting(std::size_t follower) {
  return std::ranges::any_of(waiting_kinds_,
                             [&](std::size_t kind) { return explains_waiting(kind, follower) != nullptr; });
}

// The root may itself be waiting for one. Of two that explain each other, the first is the root.
bool Collector::fold_into_waiting(Waiting& one) {
  if (!may_fold_into_waiting(one.follower)) return false;
  for (auto& other : waiting_.all()) {
    const ConsequenceSpec* const spec = explains_waiting(other.follower, one.follower);
    if (spec == nullptr || !close(tell(other).touch, tell(one).touch)) continue;
    if (explains_waiting(one.follower, other.follower) != nullptr) continue;
    add_consequence(incident_of_waiting(other), one, *spec);
    return true;
  }
  return false;
}

Incident& Collector::incident_of_waiting(Waiting& one) {
  Told& told = tell(one);
  if (told.incident) return *told.incident;
  Entry entry = parse_entry(told.entry.line());
  entry.place = told.entry.place;
  entry.time = told.entry.time;
  told.incident = std::make_unique<Incident>(incident_of(entry, book_.match(entry).value_or(RuleMatch{})));
  told.incident->order = one.order;
  return *told.incident;
}

void Collector::commit(Waiting& one) {
  const Rule& rule = *followers_[one.follower].rule;
  const std::size_t known = incident_that_is(one);
  if (known == kNo && is_full(rule)) {
    ++found_.over;
    return;
  }
  Told& told = tell(one);
  if (told.incident || !has_evidence(known)) {
    commit(std::move(incident_of_waiting(one)), told.touch);
    return;
  }
  settle_pulse(known);
  found_.incidents[known].last_entry.take(told.entry);
  note_lent(known);
  count(known, told.touch);
  pulses_[courses_[known].pulse].ready = !courses_[known].explains;
}

// Heard of again: it may explain what waits, and what will come.
void Collector::touch_root(std::size_t index, const Touch& touch) {
  courses_[index].touch = touch;
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
  const std::size_t rule = courses_[root].rule;
  const auto explained = [&](std::size_t kind) { return explains(rule, kind) != nullptr; };
  if (std::ranges::none_of(waiting_kinds_, explained)) return;
  waiting_.erase_if([&](Waiting& one) {
    const ConsequenceSpec* spec = explains(rule, one.follower);
    if (spec == nullptr || !close(courses_[root].touch, tell(one).touch)) return false;
    note_gone(one);
    add_consequence(found_.incidents[root], one, *spec);
    drop(one);
    return true;
  });
  note_due();
}

void Collector::note_due() { due_ = waiting_.empty() ? kNever : waiting_.front().order + kNearEntries; }

void Collector::settle_due() {
  while (due_ < order_) settle_oldest();
}

void Collector::settle_oldest() {
  if (count_oldest()) return;
  Waiting oldest = waiting_.pop();
  note_due();
  note_gone(oldest);
  settle(oldest);
  drop(oldest);
}

// Where nobody can explain it, and its incident is known well enough.
bool Collector::count_oldest() {
  const Waiting& one = waiting_.front();
  if (one.looked == nullptr || one.told != nullptr || has_root(one.follower)) return false;
  if (may_fold_into_waiting(one.follower)) return false;
  const std::size_t incident = sayings_[one.saying].incident;
  if (incident == kNo || !pulses_.beat(courses_[incident].pulse, *one.looked)) return false;
  note_gone(waiting_.pop());
  note_due();
  return true;
}

// No root came: it stands for itself, unless an incident that came up meanwhile explains it.
void Collector::settle(Waiting& waiting) {
  if (fold(waiting) || fold_into_waiting(waiting)) return;
  const Rule* rule = followers_[waiting.follower].rule;
  if (rule != nullptr && rule->context) return;
  if (rule != nullptr) return commit(waiting);
  const Incident& one = incident_of_waiting(waiting);
  const auto& text = one.evidence.front().text;
  add_unmatched({one.module, one.code, text, one.level_word, text});
}

void Collector::add_consequence(Incident& root, Waiting& one, const ConsequenceSpec& spec) {
  Told& told = tell(one);
  if (!spec.lends.empty()) lend(spec, incident_of_waiting(one), root);
  if (told.incident) take_consequences(*told.incident, root);
  const Follower& kind = followers_[one.follower];
  Consequence* known = find_consequence(root, kind.code, kind.rule);
  if (known != nullptr && !told.incident && known->evidence.size() >= limits_.evidence) {
    ++known->count;
    told.entry.keep();
    known->last_entry.take(told.entry);
    return;
  }
  merge_consequence(root, {kind.code, kind.rule, spec.means, 1, std::move(incident_of_waiting(one).evidence), {}});
}

void Collector::merge_consequence(Incident& root, Consequence one) const {
  Consequence* known = find_consequence(root, one.code, one.rule);
  if (known == nullptr) {
    root.consequences.push_back(std::move(one));
    return;
  }
  known->count += one.count;
  known->last_entry.any = false;
  for (auto& evidence : one.evidence) add_evidence(known->evidence, std::move(evidence));
}

// What followed from a consequence follows from its root.
void Collector::take_consequences(Incident& from, Incident& root) const {
  for (auto& one : from.consequences) merge_consequence(root, std::move(one));
  from.consequences.clear();
}

void Collector::follow_again(const Repeat& repeat, std::size_t saying, bool server) {
  follow_again(wording_of(repeat), touch_of(repeat, server), sayings_[saying].follower, saying, {});
}

void Collector::follow_again(const Wording& wording, const Touch& touch, std::size_t follower, std::size_t saying,
                             std::string_view key) {
  if (has_root(follower) && count_follower(wording, touch, follower)) return;
  Waiting one{order_, follower, saying, nullptr, fresh()};
  one.told->touch = touch;
  one.told->entry.set(wording);
  if (saying == kNo) one.told->key = key;
  wait(one);
}

// Without a look at the words, where enough of them are kept.
bool Collector::count_follower(const Wording& wording, const Touch& touch, std::size_t follower) {
  const auto explained = [&](std::size_t i) {
    return close(courses_[i].touch, touch) && explains(courses_[i].rule, follower) != nullptr;
  };
  const auto root = std::find_if(recent_.begin(), recent_.end(), explained);
  if (root == recent_.end()) return false;
  const Follower& kind = followers_[follower];
  Consequence* known = find_consequence(found_.incidents[*root], kind.code, kind.rule);
  if (known == nullptr || known->evidence.size() < limits_.evidence) return false;
  ++known->count;
  known->last_entry.set(wording);
  note_lent(*root);
  courses_[*root].touch.order = touch.order;
  courses_[*root].touch.time = touch.time;
  return true;
}

}  // namespace ahdiag
