// A log cut into shards may have the root in one and what follows from it in the next.
#pragma once

#include <map>

#include "report/merge_state.h"
#include "rules/book.h"

namespace ahdiag {

// Incidents that another one explains, and which. A view: what is merged keeps both, for a better root may be added.
//
// One is explained where the rules say so and all of its entries are known as evidence, each close to one of the root's
// in another report of the same host. Within one report the collector has decided, knowing more.
std::map<IncidentKey, IncidentKey> fold_consequences(const Fleet& fleet, const RuleBook& book);

// Code and rule of an incident, as a consequence is called by them.
FollowerKey names_of(const IncidentKey& key, const MergedIncident& incident);

// What the root's rule says of such a consequence; empty where it only sums the root up.
std::string meaning_of(const RuleBook& book, const std::string& root_rule, const FollowerKey& consequence);

}  // namespace ahdiag
