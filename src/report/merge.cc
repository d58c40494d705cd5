#include "report/merge.h"

#include <algorithm>

#include "report/merge_fold.h"
#include "report/merge_read.h"
#include "report/merge_view.h"

namespace ahdiag {
namespace {

bool stands_before(const MergedRow& a, const MergedRow& b, const RuleBook& book) {
  if (a.incident->severity != b.incident->severity) return a.incident->severity > b.incident->severity;
  const auto sums_up = [&](const MergedRow& row) {
    const Rule* rule = book.rule(row.key->rule);
    return rule != nullptr && rule->summary;
  };
  if (sums_up(a) != sums_up(b)) return sums_up(b);
  const auto first = [](const MergedRow& row) { return order_of(row.incident->total.first); };
  return first(a) != first(b) ? first(a) < first(b) : *a.key < *b.key;
}

}  // namespace

std::vector<const FollowerRow*> followers_in_order(const MergedIncident& incident) {
  std::vector<const FollowerRow*> all;
  for (const auto& row : incident.followers) all.push_back(&row);
  std::ranges::stable_sort(all, [](const auto* a, const auto* b) {
    const auto &first = a->second.evidence.all(), &second = b->second.evidence.all();
    return std::lexicographical_compare(first.begin(), first.end(), second.begin(), second.end());
  });
  return all;
}

FleetView view_of(const Fleet& fleet, const RuleBook& book) {
  FleetView view;
  const auto folded = fold_consequences(fleet, book);
  std::map<IncidentKey, std::vector<MergedRow>> followers;
  for (const auto& [key, incident] : fleet.incidents) {
    const auto root = folded.find(key);
    if (root == folded.end()) continue;
    view.folded.push_back({&key, &incident, {}});
    followers[root->second].push_back(view.folded.back());
  }
  view.worst = fleet.hidden;
  for (const auto& [key, incident] : fleet.incidents) {
    if (folded.contains(key)) continue;
    view.incidents.push_back({&key, &incident, std::move(followers[key])});
    view.worst = std::max(view.worst, std::optional(incident.severity));
  }
  std::ranges::sort(view.incidents, [&](const auto& a, const auto& b) { return stands_before(a, b, book); });
  for (const auto& [key, row] : fleet.unmatched) view.unmatched.push_back(&row);
  std::ranges::stable_sort(view.unmatched, [](const auto* a, const auto* b) { return a->count > b->count; });
  return view;
}

std::optional<Problem> Merger::add(std::string_view json, const std::string& host) {
  auto read = read_report(json, host, book_);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  fleet_.add(std::get<Fleet>(read));
  return std::nullopt;
}

std::optional<Severity> Merger::worst() const { return view_of(fleet_, book_).worst; }

}  // namespace ahdiag
