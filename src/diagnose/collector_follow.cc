// Entries that may be consequences of another: they wait until their root is known, or stand for themselves.
#include <algorithm>

#include "diagnose/collector.h"
#include "diagnose/evidence.h"

namespace ahdiag {
namespace {

constexpr std::uint64_t kNearEntries = 60;             // a failure's lines stand close together
constexpr std::int64_t kNearMicros = 120 * 1'000'000;  // a service manager's summary may wait for a time-out
constexpr std::size_t kMostWaiting = 64;
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
  auto one = waiting(touch, follower);
  one->incident = std::make_unique<Incident>(incident_of(entry, match));
  one->incident->order = order_;
  one->key = key_;
  wait(std::move(one));
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
  if (one.saying == kNo) return find(one.key);
  Saying& saying = sayings_[one.saying];
  if (saying.incident == kNo) saying.incident = find(saying.key);
  return saying.incident;
}

// A fresh one.
std::unique_ptr<Collector::Waiting> Collector::waiting(const Touch& touch, std::size_t follower) {
  if (spare_.empty()) spare_.push_back(std::make_unique<Waiting>());
  auto one = std::move(spare_.back());
  spare_.pop_back();
  one->touch = touch;
  one->follower = follower;
  return one;
}

void Collector::wait(std::unique_ptr<Waiting> one) {
  if (fold(*one)) return drop(std::move(one));
  if (waiting_.size() == kMostWaiting) settle_oldest();
  if (followers_[one->follower].waiting++ == 0) waiting_kinds_.push_back(one->follower);
  waiting_.push_back(std::move(one));
  note_due();
}

// It waits no more.
void Collector::note_gone(const Waiting& one) {
  if (--followers_[one.follower].waiting == 0) std::erase(waiting_kinds_, one.follower);
}

void Collector::drop(std::unique_ptr<Waiting> one) {
  one->incident.reset();
  one->entry.lent = {};
  one->key.clear();
  one->saying = kNo;
  spare_.push_back(std::move(one));
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
    followers_.push_back({std::string(code), rule, {}});
    followers_.back().explains = rule != nullptr && may_explain(*rule);
  }
  return index;
}

// Both known and different: another process, another story.
bool Collector::close(const Touch& a, const Touch& b) {
  if (a.pid && b.pid && *a.pid != *b.pid) return false;
  if (std::max(a.order, b.order) - std::min(a.order, b.order) > kNearEntries) return false;
  return apart(a.time, b.time).value_or(0) <= kNearMicros;
}

const ConsequenceSpec* Collector::explains(const Rule& root, std::size_t follower) {
  Follower& one = followers_[follower];
  auto asked = std::find_if(one.roots.begin(), one.roots.end(), [&](const auto& pair) { return pair.first == &root; });
  if (asked != one.roots.end()) return asked->second;
  const ConsequenceSpec* how = explanation(root, one.rule, one.code);
  one.roots.emplace_back(&root, how);
  return how;
}

// Most followers have nobody to follow: that is known without looking at all that was lately heard.
bool Collector::has_root(std::size_t follower) {
  for (std::size_t& asked = followers_[follower].asked; asked < rules_.size(); ++asked) {
    const bool one = explains(*rules_[asked], follower) != nullptr;
    followers_[follower].has_root = followers_[follower].has_root || one;
  }
  return followers_[follower].has_root;
}

bool Collector::fold(Waiting& one) {
  if (!has_root(one.follower)) return false;
  for (const std::size_t i : recent_) {
    Incident& root = found_.incidents[i];
    Touch& touch = courses_[i].touch;
    if (!close(touch, one.touch)) continue;
    const ConsequenceSpec* spec = explains(*root.rule, one.follower);
    if (spec == nullptr) continue;
    touch.order = one.touch.order;
    if (one.touch.time) touch.time = one.touch.time;
    add_consequence(root, one, *spec);
    return true;
  }
  return false;
}

// The root may itself be waiting for one. Of two that explain each other, the first is the root.
bool Collector::fold_into_waiting(Waiting& one) {
  const auto is_root = [&](std::size_t kind) {
    return followers_[kind].explains && explains(*followers_[kind].rule, one.follower) != nullptr;
  };
  if (std::ranges::none_of(waiting_kinds_, is_root)) return false;
  const Rule* rule = followers_[one.follower].rule;
  for (const auto& other : waiting_) {
    if (!is_root(other->follower) || !close(other->touch, one.touch)) continue;
    if (rule != nullptr && explains(*rule, other->follower) != nullptr) continue;
    add_consequence(incident_of_waiting(*other), one, *explains(*followers_[other->follower].rule, one.follower));
    return true;
  }
  return false;
}

Incident& Collector::incident_of_waiting(Waiting& one) const {
  if (one.incident) return *one.incident;
  Entry entry = parse_entry(one.entry.line());
  entry.place = one.entry.place;
  entry.time = one.entry.time;
  one.incident = std::make_unique<Incident>(incident_of(entry, book_.match(entry).value_or(RuleMatch{})));
  one.incident->order = one.touch.order;
  return *one.incident;
}

void Collector::commit(Waiting& one) {
  const Rule& rule = *followers_[one.follower].rule;
  const std::size_t known = incident_that_is(one);
  if (known == kNo && is_full(rule)) {
    ++found_.over;
    return;
  }
  if (one.incident || !has_evidence(known)) {
    commit(std::move(incident_of_waiting(one)), one.touch);
    return;
  }
  settle_pulse(known);
  found_.incidents[known].last_entry.take(one.entry);
  note_lent(known);
  count(known, one.touch);
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
  const Rule& rule = *found_.incidents[root].rule;
  const auto explained = [&](std::size_t kind) { return explains(rule, kind) != nullptr; };
  if (std::ranges::none_of(waiting_kinds_, explained)) return;
  std::erase_if(waiting_, [&](std::unique_ptr<Waiting>& waiting) {
    if (!close(courses_[root].touch, waiting->touch)) return false;
    const ConsequenceSpec* spec = explains(rule, waiting->follower);
    if (spec == nullptr) return false;
    note_gone(*waiting);
    add_consequence(found_.incidents[root], *waiting, *spec);
    drop(std::move(waiting));
    return true;
  });
  note_due();
}

void Collector::note_due() { due_ = waiting_.empty() ? kNever : waiting_.front()->touch.order + kNearEntries; }

void Collector::settle_due() {
  while (due_ < order_) settle_oldest();
}

void Collector::settle_oldest() {
  auto oldest = std::move(waiting_.front());
  waiting_.pop_front();
  note_due();
  note_gone(*oldest);
  settle(*oldest);
  drop(std::move(oldest));
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

void Collector::add_consequence(Incident& root, Waiting& one, const ConsequenceSpec& spec) const {
  if (!spec.lends.empty()) lend(spec, incident_of_waiting(one), root);
  if (one.incident) take_consequences(*one.incident, root);
  const Follower& kind = followers_[one.follower];
  Consequence* known = find_consequence(root, kind.code, kind.rule);
  if (known != nullptr && !one.incident && known->evidence.size() >= limits_.evidence) {
    ++known->count;
    one.entry.keep();
    known->last_entry.take(one.entry);
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
  auto one = waiting(touch, follower);
  one->entry.set(wording);
  one->saying = saying;
  if (saying == kNo) one->key = key;
  wait(std::move(one));
}

// Without a look at the words, where enough of them are kept.
bool Collector::count_follower(const Wording& wording, const Touch& touch, std::size_t follower) {
  const auto explained = [&](std::size_t i) {
    return close(courses_[i].touch, touch) && explains(*found_.incidents[i].rule, follower) != nullptr;
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
