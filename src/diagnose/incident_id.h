// The name by which a second report finds the first one's ticket.
#pragma once

#include <string>

#include "diagnose/incident.h"

namespace ahdiag {

// Sixteen hexadecimal digits: of the rule's id and of what tells two of its incidents apart (the rule's "same"; by
// default the status's name and the subject), as the log states it. Not of times, processes, hosts, files or counts;
// not of the platform, the machine or the options, for which the same log may be read in other ways; and not of the
// case that fits best, which may turn on any of them, or on a version's better knowledge.
std::string incident_id(const Incident& incident);

}  // namespace ahdiag
