#include "diagnose/collector.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "diagnose/evidence.h"
#include "entry/plain_line.h"
#include "rules/tables.h"
#include "text/ascii.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

constexpr std::uint64_t kEntriesObserved = 4000;  // for signs of the platform, apart from what matches

// Banner and command line: the log's own word about what runs.
bool is_banner(std::string_view code) {
  return is(code, "AH00163") || is(code, "AH00292") || is(code, "AH00489") || is(code, "AH00455") ||
         is(code, "AH00094");
}

bool is_bad(Level level) {
  return level == Level::emerg || level == Level::alert || level == Level::crit || level == Level::error;
}

}  // namespace

Collector::Collector(const RuleBook& book, Signs& signs, Limits limits) : book_(book), signs_(signs), limits_(limits) {
  constexpr float kSparse = 0.25F;  // most that is asked for is not there, and is not compared with what is
  for (const auto of : {Pulse::Of::nothing, Pulse::Of::over}) pulses_.add(of);
  by_key_.max_load_factor(kSparse);
  saying_by_key_.max_load_factor(kSparse);
  for (const auto& head : book.heads()) consequence_names_.insert(head.consequences.begin(), head.consequences.end());
}

void Collector::entry(const Entry& entry, std::string_view around) {
  ++order_;
  expire();
  take(entry, around);
}

void Collector::take(const Entry& entry, std::string_view around) {
  set_verdict(kPulse, kNothing);
  if (order_ <= kEntriesObserved || is_banner(entry.code)) observe(entry, around);
  book_.match(entry, match_);
  const RuleMatch& match = match_;
  Kind& kind = meet(entry.code, match.rule);
  const std::uint32_t origin = entry.place.source * 2 + (around.empty() ? 0 : 1);
  const Touch touch{order_, entry.pid, entry.time, origin, entry.speaker == Speaker::server};
  if (kind.may_follow) {
    follow(entry, match, touch);
  } else if (match.rule != nullptr) {
    cause(entry, match, touch, kind);
  } else if (is_bad(entry.level) || (!entry.header && !entry.code.empty())) {
    add_unmatched({entry.module, entry.code, entry.message, level_name(entry), entry.text});
  }
}

// Notes the first of a kind; the next ones cost no look into what was seen.
Collector::Kind& Collector::meet(std::string_view code, const Rule* rule) {
  const std::uint64_t letters = letters_of(code);
  const auto hash =
      (letters ^ (reinterpret_cast<std::uintptr_t>(rule) >> 4U)) * kSpread;  // NOLINT: an address as a number
  Kind& kind = kinds_.at(hash >> 56U);
  if (kind.known && kind.code == letters && kind.rule == rule) return kind;
  if (!code.empty() && found_.seen.size() < limits_.incidents && !found_.seen.contains(code)) found_.seen.emplace(code);
  if (rule != nullptr) found_.seen.insert(rule->id);
  return kind = {letters, rule, true, may_follow(rule, code), false, kNo, 0};
}

// A scanner's words must not choose the platform.
void Collector::observe(const Entry& entry, std::string_view around) {
  if (entry.speaker != Speaker::server) return;
  signs_.observe(entry.text);
  if (!around.empty()) signs_.observe(around);
  if (!entry.header && entry.code.empty()) signs_.observe_unit(entry.text);
}

// Of a failure that is known and has evidence enough, only the last entry is kept, unread.
void Collector::cause(const Entry& entry, const RuleMatch& match, const Touch& touch, Kind& kind) {
  key_.clear();
  append_key(entry, match, key_);
  const std::size_t known = find_known(kind, Key(key_));
  if (goes_over(known, kind)) return;
  if (entry.told && has_evidence(known)) {
    if (!entry.plain && order_ > kEntriesObserved) observe(entry, {});
    set_verdict(known, touch);
    return count_known(known, {entry.text, entry.place, entry.time, entry.plain}, touch);
  }
  if (order_ > kEntriesObserved) observe(entry, {});
  Incident one = incident_of(entry, match);
  one.order = order_;
  const auto index = commit(std::move(one), touch);
  index == kNo ? void(verdict_ = kUnknown) : set_verdict(index, touch);
}

// Its incident, or kNo. Mostly that of the last entry of its kind.
std::size_t Collector::find_known(Kind& kind, const Key& key) const {
  const bool alike = kind.last != kNo && kind.last_hash == key.hash;
  if (alike && found_.incidents[kind.last].key == key.text) return kind.last;
  if (!keys_.may_have(key.hash)) return kNo;
  const auto known = by_key_.find(key);
  if (known == by_key_.end()) return kNo;
  kind.last_hash = key.hash;
  return kind.last = known->second;
}

bool Collector::goes_over(std::size_t known, Kind& kind) {
  if (known != kNo) return false;
  kind.full = kind.full || is_full(*kind.rule);
  if (!kind.full) return false;
  ++found_.over;
  set_verdict(kPulse, kOver);
  return true;
}

bool Collector::has_evidence(std::size_t known) const {
  return known != kNo && found_.incidents[known].evidence.size() >= limits_.evidence;
}

void Collector::count_known(std::size_t known, const Wording& wording, const Touch& touch) {
  settle_pulse(known);
  found_.incidents[known].last_entry.set(wording);
  note_lent(known);
  count(known, touch);
}

// Its index, or kNo where there is no room for it.
std::size_t Collector::commit(Incident one, const Touch& touch) {
  const Key key(one.key);
  const auto known = by_key_.find(key);
  if (known == by_key_.end() && is_full(*one.rule)) {
    ++found_.over;
    return kNo;
  }
  std::size_t index = found_.incidents.size();
  if (known == by_key_.end()) {
    by_key_.emplace(one.key, index);
    keys_.add(key.hash);
    const std::size_t rule = number_of(*one.rule);
    if (++met_[rule].incidents == 1) with_incidents_.push_back(rule);
    one.count = 0;
    Course& course = courses_.emplace_back();
    course.rule = rule;
    course.explains = may_explain(*one.rule);
    course.pulse = pulses_.add(Pulse::Of::incident, index);
    pulses_[course.pulse].ready = false;
    found_.incidents.push_back(std::move(one));
  } else {
    index = known->second;
    Incident& incident = found_.incidents[index];
    settle_pulse(index);
    incident.last_entry.any = false;
    for (auto& evidence : one.evidence) add_evidence(incident.evidence, std::move(evidence));
    take_consequences(one, incident);
  }
  count(index, touch);
  return index;
}

bool Collector::is_full(const Rule& rule) const {
  const auto known = numbers_.find(&rule);
  return found_.incidents.size() >= limits_.incidents ||
         (known != numbers_.end() && met_[known->second].incidents >= limits_.of_one_rule);
}

// One more entry of an incident.
void Collector::count(std::size_t index, const Touch& touch) {
  Incident& incident = found_.incidents[index];
  Course& course = courses_[index];
  const bool told = touch.server && course.tellings.repeats(touch.origin, touch.time);
  if (!told) ++incident.count;
  if (touch.time) note_time(incident, *touch.time);
  if (course.explains) touch_root(index, touch);
}

void Collector::note_time(Incident& incident, const Stamp& time) {
  if (!incident.first || time < *incident.first) incident.first = time;
  if (!incident.last || time > *incident.last) incident.last = time;
}

// What it holds of the last line has to be copied before that goes.
void Collector::note_lent(std::size_t index) {
  if (courses_[index].lent) return;
  courses_[index].lent = true;
  lent_.push_back(static_cast<std::uint32_t>(index));
}

void Collector::settle_pulse(std::size_t index) {
  Pulse& pulse = pulses_[courses_[index].pulse];
  if (pulse.count == 0) return;
  Incident& incident = found_.incidents[index];
  incident.count += pulse.count;
  note_time(incident, pulse.first_time());
  note_time(incident, pulse.last_time());
  if (pulse.looked != nullptr) incident.last_entry.set(wording_of({source_, *pulse.looked}));
  pulse.settle();
}

void Collector::keep() {
  pulses_.end_block([this](const Pulse& pulse) {
    if (pulse.of != Pulse::Of::incident) return;
    LastEntry& last = found_.incidents[pulse.index].last_entry;
    last.set(wording_of({source_, *pulse.looked}));
    last.keep();
  });
  for (const auto index : lent_) {
    courses_[index].lent = false;
    found_.incidents[index].last_entry.keep();
    for (auto& consequence : found_.incidents[index].consequences) consequence.last_entry.keep();
  }
  lent_.clear();
  waiting_.for_last(std::exchange(lent_waiting_, 0), [this](Waiting& one) {
    tell(one).entry.keep();
    one.looked = nullptr;
  });
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
  if (const auto facts = find_code(one.code)) {
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
  if (known == unmatched_by_key_.end() && found_.unmatched.size() >= limits_.unmatched) {
    ++found_.over;
    return set_verdict(kPulse, kOver);
  }
  if (known != unmatched_by_key_.end()) {
    ++pulses_[known->second].count;
    return set_verdict(kPulse, known->second);
  }
  const auto pulse = pulses_.add(Pulse::Of::unmatched, found_.unmatched.size());
  unmatched_by_key_.emplace(key_, pulse);
  set_verdict(kPulse, pulse);
  found_.unmatched.push_back(named(one));
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

void Collector::settle_pulses() {
  found_.over += pulses_[kOver].count;
  for (std::size_t i = 0; i < courses_.size(); ++i) settle_pulse(i);
  for (const Pulse& pulse : pulses_) {
    if (pulse.of == Pulse::Of::unmatched) found_.unmatched[pulse.index].count += pulse.count;
  }
}

Collection Collector::finish() {
  keep();
  // Causes first, so that what only sums up finds them.
  const auto rank = [this](const Waiting& one) {
    const Rule* rule = followers_[one.follower].rule;
    return rule == nullptr ? 2 : rule->summary ? 1 : 0;
  };
  std::ranges::stable_sort(waiting_.all(), {}, rank);
  while (!waiting_.empty()) settle_oldest();
  settle_pulses();
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

void Collector::again(std::span<const LookedLine> all, std::uint32_t source) {
  source_ = source;
  for (const LookedLine& looked : all) {
    ++order_;
    expire();
    const Verdict verdict = looked.plain.known;
    const auto what = static_cast<What>(verdict & kWhatMask);
    const std::size_t index = verdict >> kWhatBits;
    const bool done = what == kPulse      ? pulses_.beat(index, looked)
                      : what == kFollower ? wait_unread(index, looked)
                                          : false;
    if (!done) again_in_full({source, looked});
  }
}

// Not inlined: what it needs would be made ready for each repeat.
[[gnu::noinline]] void Collector::again_in_full(const Repeat& repeat) {
  const Verdict verdict = repeat.looked.plain.known;
  const std::size_t index = verdict >> kWhatBits;
  switch (static_cast<What>(verdict & kWhatMask)) {
    case kPulse: return cause_again(repeat, index, false);
    case kServerPulse: return cause_again(repeat, index, true);
    case kFollower: return follow_again(repeat, index, false);
    case kServerFollower: return follow_again(repeat, index, true);
    case kUnknown: break;
  }
  read_again(repeat);
}

// The words have to be seen.
void Collector::read_again(const Repeat& line) {
  Entry entry = parse_plain(line.looked.line.text, line.looked.plain);
  entry.place = {line.source, line.looked.line.number};
  entry.told = entry.plain = true;
  take(entry, {});
}

void Collector::recognise(const Recognition& known, const Repeat& line) {
  ++order_;
  expire();
  const bool server = known.speaker == Speaker::server;
  const bool observed = server && order_ <= kEntriesObserved;  // observe() passes over what visitors say
  if (observed || is_banner(known.code)) return read_again(line);
  set_verdict(kPulse, kNothing);
  const Wording wording = wording_of(line);
  const Key key(known.key, known.hash);
  Kind& kind = meet(known.code, known.rule);
  if (kind.may_follow) {
    follow_told(wording, touch_of(line, server), follower_of(known.rule, known.code), key);
  } else if (const auto incident = find_known(kind, key); !goes_over(incident, kind)) {
    if (!has_evidence(incident)) return read_again(line);
    const Touch touch = courses_[incident].explains ? touch_of(line, server) : time_of(line, server);
    set_verdict(incident, touch);
    count_known(incident, wording, touch);
  }
}

Collector::Touch Collector::touch_of(const Repeat& repeat, bool server) const {
  Touch touch = time_of(repeat, server);
  touch.pid = repeat.looked.plain.process(repeat.looked.line.text);
  return touch;
}

// Without the process: only who may explain others is asked for it, and the line is far away by now.
Collector::Touch Collector::time_of(const Repeat& repeat, bool server) const {
  return {order_, std::nullopt, repeat.looked.plain.time(), repeat.source * 2, server};
}

Wording Collector::wording_of(const Repeat& repeat) {
  const auto& [line, plain] = repeat.looked;
  return {line.text, {repeat.source, line.number}, plain.time(), true};
}

void Collector::cause_again(const Repeat& repeat, std::size_t number, bool server) {
  const std::size_t index = pulses_[number].index;
  if (!has_evidence(index)) return read_again(repeat);
  count_known(index, wording_of(repeat), touch_of(repeat, server));
  pulses_[number].ready = !courses_[index].explains;
}

}  // namespace ahdiag
