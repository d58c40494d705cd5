// An entry as evidence: its own strings, and where in them the telling parts stand.
#pragma once

#include "diagnose/incident.h"
#include "rules/book.h"

namespace ahdiag {

// An incident of this one entry. `match` may have no rule.
Incident incident_of(const Entry& entry, const RuleMatch& match);

// The texts that a rule's derived slots take from others without knowing the platform.
void derive_captures(const Rule& rule, Captures& captures);

// "[::]:80" -> "80"
std::string_view port_of(std::string_view address);

}  // namespace ahdiag
