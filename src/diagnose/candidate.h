// A cause that the log leaves open, and what the machine itself says to it.
#pragma once

#include <vector>

#include "host/sights.h"
#include "rules/rule.h"

namespace ahdiag {

enum class HostVerdict { open, confirmed, refuted };
std::string_view verdict_name(HostVerdict verdict);

struct Candidate {
  const Case* cause = nullptr;
  Certainty certainty = Certainty::likely;
  HostVerdict verdict = HostVerdict::open;
  std::vector<Sighting> sightings;  // only where --host looked
};

}  // namespace ahdiag
