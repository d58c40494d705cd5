// Diagnoses without the people and machines that the log names, before plans are made of them.
#pragma once

#include <optional>
#include <vector>

#include "diagnose/identities.h"
#include "diagnose/judge.h"

namespace ahdiag {

// Replaces addresses, hosts, users, mail addresses, queries and secrets by names, equal ones by the same: in evidence,
// in what was captured, seen and refused. A slot that held one may be read, but no longer be bound: the step of a plan
// that needs it becomes words that say so. Facts of the platform, ids, statuses and the incidents' ids stay.
// Returns the names, for what else of the report comes from outside.
Identities redact(std::vector<Diagnosis>& diagnoses, std::vector<Unmatched>& unmatched, std::optional<Machine>& machine,
                  const Setting& setting);

}  // namespace ahdiag
