// What logs say between two moments of calm, gathered until a failure is told to its end: what follows from a cause
// mostly stands behind it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string_view>

#include "cli/run.h"
#include "diagnose/collector.h"
#include "diagnose/signs.h"
#include "entry/period.h"
#include "entry/reader.h"
#include "input/lines.h"

namespace ahdiag {

class Episode {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // An episode ends after `settle` of silence, and after five times that in any case: on a busy
  // server it is never silent. `request` outlives it.
  Episode(const RuleBook& book, const Request& request, std::chrono::milliseconds settle);
  Episode(const Episode&) = delete;
  Episode& operator=(const Episode&) = delete;

  // Another text begins in a slot, `lines` behind its start. Source 0 has slots 0 and 1, and so on.
  void begin(std::size_t slot, std::uint64_t lines);
  void bytes(std::size_t slot, std::string_view bytes, Time now);
  // Other rules from now on; between two episodes only.
  void use(const RuleBook& book);

  // When it ends; nothing while all is calm.
  [[nodiscard]] std::optional<Time> due() const;
  // All that it held. The next begins.
  Collection end(Time now);
  // The same after the last bytes: half a line is one.
  Collection finish();
  // Of all episodes: a server names itself when it starts.
  [[nodiscard]] const Signs& signs() const { return signs_; }

 private:
  // One text: lines of two may come in turn.
  struct Text {
    Text(std::size_t slot, std::uint64_t lines, Episode& episode);
    std::function<void(const Line&)> deliver;
    Splitter splitter;
    PeriodFilter filter;
    EntryReader reader;

    void finish();
  };

  Collection collect();
  void take(const Entry& entry, std::string_view around);

  const RuleBook* book_;
  const Request& request_;
  std::chrono::milliseconds settle_;
  Signs signs_;
  std::map<std::size_t, Text> texts_;  // by slot
  std::optional<Collector> collector_;
  std::optional<Time> first_;
  Time last_;
};

}  // namespace ahdiag
