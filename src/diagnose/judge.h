// Incidents to diagnoses: with the platform known, slots are accepted, the status gets its name and the causes their
// rank.
#pragma once

#include <string>
#include <vector>

#include "diagnose/candidate.h"
#include "diagnose/collector.h"
#include "diagnose/scope.h"

namespace ahdiag {

struct Diagnosis {
  Incident incident;
  std::string id;  // stable: the same cause on the same subject gives the same id in every run
  Severity severity = Severity::error;
  std::string title, effect;
  std::vector<Candidate> candidates;  // best first, at least one
  std::vector<Sighting> sightings;    // of the subject, where no candidate's looks tell of it
  Scope scope;
};

// Sets title and effect, in the words that the scope has for them.
void put_into_words(Diagnosis& diagnosis);

// Worst first; of equal severity the first seen first. `host`: the machine, where it may be looked at.
std::vector<Diagnosis> judge(Collection& collection, const Setting& setting, Host* host = nullptr,
                             unsigned threads = 1);

}  // namespace ahdiag
