#include "report/merge_state.h"

#include <algorithm>
#include <iterator>

namespace ahdiag {
namespace {

const MaybeMoment& earliest(const MaybeMoment& a, const MaybeMoment& b) { return order_of(b) < order_of(a) ? b : a; }

const MaybeMoment& latest(const MaybeMoment& a, const MaybeMoment& b) {
  if (!a || !b) return a ? a : b;
  return order_of(a) < order_of(b) ? b : a;
}

// Drops what is not among the smallest; `drop` gets each value first.
template <typename Map, typename Drop>
void keep_smallest(Map& rows, std::size_t most, Drop drop) {
  while (rows.size() > most) {
    const auto last = std::prev(rows.end());
    drop(last->second);
    rows.erase(last);
  }
}

void add_to(HostTallies& all, const HostTallies& other) {
  for (const auto& [name, tally] : other.rows) all.rows[name].add(tally);
  all.beyond = sum(all.beyond, other.beyond);
  keep_smallest(all.rows, kMergeLimits.hosts, [&](const MergedTally& one) { all.beyond = sum(all.beyond, one.count); });
}

void add_to(Numbers& all, const Numbers& other, std::size_t most) {
  for (const auto& [name, number] : other.rows) all.rows[name] = sum(all.rows[name], number);
  all.beyond = sum(all.beyond, other.beyond);
  keep_smallest(all.rows, most, [&](std::uint64_t number) { all.beyond = sum(all.beyond, number); });
}

// A platform that was only guessed is none where one is known.
void add_to(std::map<std::string, Face>& faces, const std::map<std::string, Face>& others) {
  for (const auto& [platform, face] : others) {
    const auto [known, fresh] = faces.emplace(platform, face);
    if (!fresh && face.before(known->second)) known->second = face;
  }
  const bool known = std::ranges::any_of(faces, [](const auto& one) { return !one.second.guessed; });
  if (known) std::erase_if(faces, [](const auto& one) { return one.second.guessed; });
  keep_smallest(faces, kMergeLimits.platforms, [](const Face&) {});
}

}  // namespace

std::uint64_t sum(std::uint64_t a, std::uint64_t b) { return std::min(kMostCounted, a + b); }

MomentOrder order_of(const MaybeMoment& moment) {
  return moment ? MomentOrder{false, moment->micros, moment->text} : MomentOrder{true, 0, ""};
}

void MergedTally::add(const MergedTally& other) {
  count = sum(count, other.count);
  first = earliest(first, other.first);
  last = latest(last, other.last);
}

bool Witness::operator<(const Witness& other) const {
  const auto order = [](const Witness& one) {
    return std::tuple(order_of(one.time), std::tie(one.host, one.source, one.line, one.report, one.json));
  };
  return order(*this) < order(other);
}

bool InputKey::operator<(const InputKey& other) const {
  const auto order = [](const InputKey& one) { return std::tie(one.well, one.host, one.name, one.format, one.error); };
  return order(*this) < order(other);
}

void Witnesses::add(Witness one) {
  all_.insert(std::move(one));
  trim();
}

void Witnesses::add(const Witnesses& other) {
  all_.insert(other.all_.begin(), other.all_.end());
  trim();
}

void Witnesses::trim() {
  while (all_.size() > kMergeLimits.evidence) all_.erase(std::prev(all_.end(), 2));
}

void MergedFollower::add(const MergedFollower& other) {
  title = count == 0 ? other.title : std::min(title, other.title);
  count = sum(count, other.count);
  evidence.add(other.evidence);
}

bool Face::before(const Face& other) const {
  const auto order = [](const Face& one) {
    return std::tuple(one.guessed, order_of(one.first), std::tie(one.json, one.platform, one.host, one.source));
  };
  return order(*this) < order(other);
}

void MergedIncident::add(const MergedIncident& other) {
  severity = std::max(severity, other.severity);
  total.add(other.total);
  add_to(hosts, other.hosts);
  add_to(faces, other.faces);
  evidence.add(other.evidence);
  for (const auto& [key, follower] : other.followers) followers[key].add(follower);
  keep_smallest(followers, kMergeLimits.consequences, [](const MergedFollower&) {});
}

const Face& MergedIncident::face() const {
  return std::ranges::min_element(faces, [](const auto& a, const auto& b) { return a.second.before(b.second); })
      ->second;
}

void InputSum::add(const InputSum& other) {
  reports = sum(reports, other.reports);
  bytes = sum(bytes, other.bytes);
  lines = sum(lines, other.lines);
  entries = sum(entries, other.entries);
  unparsed = sum(unparsed, other.unparsed);
  first = earliest(first, other.first);
  last = latest(last, other.last);
}

void UnmatchedSum::add(const UnmatchedSum& other) {
  json = count == 0 ? other.json : std::min(json, other.json);
  count = sum(count, other.count);
}

void Fleet::add(const Fleet& other) {
  reports = sum(reports, other.reports);
  add_to(hosts, other.hosts, kMergeLimits.hosts);
  add_to(platforms, other.platforms, kMergeLimits.platforms);
  if (other.platform && (!platform || *other.platform < *platform)) platform = other.platform;
  for (const auto& [key, row] : other.inputs) inputs[key].add(row);
  inputs_beyond.add(other.inputs_beyond);
  for (const auto& [key, incident] : other.incidents) incidents[key].add(incident);
  for (const auto& [key, row] : other.unmatched) unmatched[key].add(row);
  notices = sum(notices, other.notices);
  over = sum(over, other.over);
  hidden = std::max(hidden, other.hidden);
  trim();
}

void Fleet::trim() {
  keep_smallest(inputs, kMergeLimits.inputs, [&](const InputSum& one) { inputs_beyond.add(one); });
  keep_smallest(incidents, kMergeLimits.incidents, [&](const MergedIncident& one) {
    over = sum(over, one.total.count);
    hidden = std::max(hidden, std::optional(one.severity));
  });
  keep_smallest(unmatched, kMergeLimits.unmatched, [&](const UnmatchedSum& one) { over = sum(over, one.count); });
}

}  // namespace ahdiag
