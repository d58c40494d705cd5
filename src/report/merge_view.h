// A fleet as it is shown: the incidents in their order, what follows from another with that one.
#pragma once

#include <vector>

#include "report/merge_state.h"
#include "rules/book.h"

namespace ahdiag {

struct MergedRow {
  const IncidentKey* key;
  const MergedIncident* incident;
  std::vector<MergedRow> followers;  // incidents that this one explains
};

struct FleetView {
  std::vector<MergedRow> incidents;  // worst first; of the same severity first seen first
  std::vector<MergedRow> folded;     // those that stand among another's followers
  std::vector<const UnmatchedSum*> unmatched;
  std::optional<Severity> worst;
};

// What an incident explains within its own reports, as it was logged.
using FollowerRow = std::pair<const FollowerKey, MergedFollower>;
std::vector<const FollowerRow*> followers_in_order(const MergedIncident& incident);

// `fleet` has to outlive it.
FleetView view_of(const Fleet& fleet, const RuleBook& book);

}  // namespace ahdiag
