// Looks at the machine to tell the candidates of one failure apart.
#pragma once

#include <vector>

#include "diagnose/candidate.h"
#include "diagnose/scope.h"
#include "host/host.h"

namespace ahdiag {

// Gives each candidate its verdict and puts them in order: confirmed, open, refuted. Where all are refuted their order
// stays, and none is more than possible: the failure may be mended already.
void settle(std::vector<Candidate>& candidates, const Scope& scope, Host& host);

// What the machine has of the thing to repair, where no candidate has told it.
std::vector<Sighting> sightings_of_subject(const Rule& rule, const Scope& scope, Host& host);

}  // namespace ahdiag
