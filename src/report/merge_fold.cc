#include "report/merge_fold.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace ahdiag {
namespace {

constexpr std::int64_t kNearMicros = 120 * 1'000'000;  // as within one log
constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();

const ConsequenceSpec* spec_of(const Rule& root, const FollowerKey& names) {
  const auto fits = [&](const ConsequenceSpec& spec) {
    return (!spec.code.empty() && spec.code == names.first) || (!spec.rule.empty() && spec.rule == names.second);
  };
  const auto found = std::ranges::find_if(root.consequences, fits);
  return found == root.consequences.end() ? nullptr : &*found;
}

bool explains(const Rule& root, const Rule* rule, const FollowerKey& names) {
  if (spec_of(root, names) != nullptr) return true;
  return rule != nullptr && rule->summary && root.severity == Severity::critical && root.id != rule->id;
}

// Micros between two entries; kFar where they tell different stories, or one that was told in one run.
std::int64_t distance(const Witness& a, const Witness& b) {
  if (a.report == b.report || a.host != b.host || (a.pid && b.pid && a.pid != b.pid)) return kFar;
  if (!a.time || !b.time) return 0;
  const auto apart = std::max(a.time->micros, b.time->micros) - std::min(a.time->micros, b.time->micros);
  return apart > kNearMicros ? kFar : apart;
}

std::int64_t distance(const Witness& one, const MergedIncident& root) {
  std::int64_t nearest = kFar;
  const auto look = [&](const Witnesses& all) {
    for (const auto& other : all.all()) nearest = std::min(nearest, distance(one, other));
  };
  look(root.evidence);
  for (const auto& [key, follower] : root.followers) look(follower.evidence);
  return nearest;
}

// The one of its entries that is farthest from the root's.
std::int64_t distance(const MergedIncident& one, const MergedIncident& root) {
  if (one.total.count != one.evidence.all().size()) return kFar;
  std::int64_t farthest = 0;
  for (const auto& witness : one.evidence.all()) farthest = std::max(farthest, distance(witness, root));
  return farthest;
}

// An incident and its rule, if this rule book has it.
struct Member {
  IncidentKey key;
  const MergedIncident* incident;
  FollowerKey names;
  const Rule* rule;
  int standing;  // 0: nothing explains it; 1: another may; 2: it sums others up
};

// Causes before what may follow from them.
std::vector<Member> members_of(const Fleet& fleet, const RuleBook& book) {
  std::vector<Member> all;
  std::set<std::string_view> consequences;
  for (const auto& [key, incident] : fleet.incidents) {
    all.push_back({key, &incident, names_of(key, incident), book.rule(key.rule), 0});
    if (all.back().rule == nullptr) continue;
    for (const auto& spec : all.back().rule->consequences) consequences.insert({spec.code, spec.rule});
  }
  consequences.erase("");
  for (auto& one : all) {
    const bool sums_up = one.rule != nullptr && one.rule->summary;
    const bool follows = consequences.contains(one.names.first) || consequences.contains(one.names.second);
    one.standing = sums_up ? 2 : follows ? 1 : 0;
  }
  std::ranges::stable_sort(all, {}, &Member::standing);
  return all;
}

const Member* root_of(const Member& one, const std::vector<Member>& roots) {
  const Member* nearest = nullptr;
  std::int64_t best = kFar;
  for (const auto& root : roots) {
    if (root.rule == nullptr || !explains(*root.rule, one.rule, one.names)) continue;
    const auto far = distance(*one.incident, *root.incident);
    if (far >= best) continue;
    best = far;
    nearest = &root;
  }
  return nearest;
}

}  // namespace

std::map<IncidentKey, IncidentKey> fold_consequences(const Fleet& fleet, const RuleBook& book) {
  std::map<IncidentKey, IncidentKey> folded;
  std::vector<Member> roots;
  for (auto& one : members_of(fleet, book)) {
    const Member* root = one.standing == 0 ? nullptr : root_of(one, roots);
    if (root != nullptr) {
      folded.emplace(one.key, root->key);
    } else {
      roots.push_back(std::move(one));
    }
  }
  return folded;
}

FollowerKey names_of(const IncidentKey& key, const MergedIncident& incident) {
  return {incident.face().code, key.rule};
}

std::string meaning_of(const RuleBook& book, const std::string& root_rule, const FollowerKey& consequence) {
  const Rule* rule = book.rule(root_rule);
  const ConsequenceSpec* spec = rule == nullptr ? nullptr : spec_of(*rule, consequence);
  return spec == nullptr ? std::string() : spec->means;
}

}  // namespace ahdiag
