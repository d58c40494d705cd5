// The same failure as two logs tell it: httpd's own and the journal, or two files. Counted once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/incident.h"
#include "text/stamp.h"

namespace ahdiag {

// Micros from one stamp to the other; nothing where they cannot be compared: one is missing, or only one names its
// zone.
std::optional<std::int64_t> apart(const std::optional<Stamp>& a, const std::optional<Stamp>& b);

// The tellings of one incident, by origin, that no other origin has repeated yet.
class Tellings {
 public:
  // One more telling; true if it repeats, within seconds, what another origin told.
  bool repeats(std::uint32_t origin, const std::optional<Stamp>& time);

 private:
  struct Telling {
    std::uint32_t origin = 0;
    std::optional<Stamp> time;
  };
  std::vector<Telling> alone_;
  std::size_t oldest_ = 0;  // of a full list, where all are of one origin
  bool mixed_ = false;      // several origins have told it
};

// `cut` has an ellipsis ("se..._priority", "…"), and `whole` says what it hides.
bool completes(std::string_view whole, std::string_view cut);

// Leaves out the incidents whose entries are cut where others have them whole.
void drop_cut(std::vector<Incident>& incidents);

}  // namespace ahdiag
