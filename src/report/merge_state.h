// What reports of many hosts or shards come to together. add() is associative and commutative, whatever is left out of
// the bounded parts: each keeps its smallest by an order that no addition changes, and sums up the rest.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "rules/rule.h"

namespace ahdiag {

// What a merged report keeps at most.
struct MergeLimits {
  std::size_t incidents = 2000;
  std::size_t hosts = 100;  // named: of the whole, and of each incident
  std::size_t platforms = 16;
  std::size_t inputs = 200;
  std::size_t unmatched = 1000;
  std::size_t consequences = 100;  // of one incident
  std::size_t evidence = 5;
};
inline constexpr MergeLimits kMergeLimits;

// Sums stay exact for readers that keep numbers as doubles; here they stop.
inline constexpr std::uint64_t kMostCounted = (std::uint64_t{1} << 53) - 1;
std::uint64_t sum(std::uint64_t a, std::uint64_t b);

// A time as a report writes it. A log without zones counts as UTC, so that any two can be put in order.
struct Moment {
  std::int64_t micros = 0;
  std::string text;

  bool operator==(const Moment& other) const = default;
};
using MaybeMoment = std::optional<Moment>;

// What moments are compared by: those without a time come last.
using MomentOrder = std::tuple<bool, std::int64_t, std::string_view>;
MomentOrder order_of(const MaybeMoment& moment);

struct MergedTally {
  std::uint64_t count = 0;
  MaybeMoment first, last;

  void add(const MergedTally& other);
};

// By name, the smallest names; `beyond` counts what the others would.
template <typename Key, typename Value>
struct Bounded {
  std::map<Key, Value> rows;
  std::uint64_t beyond = 0;
};
using HostTallies = Bounded<std::string, MergedTally>;
using Numbers = Bounded<std::string, std::uint64_t>;

// An entry that shows a failure, and the report that tells of it.
struct Witness {
  MaybeMoment time;
  std::string host, source;
  std::uint64_t line = 0;
  std::string report;  // digest: two of the same report were read in one run
  std::optional<std::int64_t> pid;
  std::string json;  // the rest of it

  bool operator<(const Witness& other) const;
};

// The first ones and the last.
class Witnesses {
 public:
  void add(Witness one);
  void add(const Witnesses& other);
  [[nodiscard]] const std::set<Witness>& all() const { return all_; }

 private:
  void trim();
  std::set<Witness> all_;
};

// Lines that an incident explains.
struct MergedFollower {
  std::string title;
  std::uint64_t count = 0;
  Witnesses evidence;

  void add(const MergedFollower& other);
};
using FollowerKey = std::pair<std::string, std::string>;  // code, rule; either may be empty

// What is said of an incident on one platform: title, cause, plan. Of several reports the earliest says it.
struct Face {
  bool guessed = false;  // no log and no option told the platform
  MaybeMoment first;
  std::string host, platform, source;
  std::string code;
  std::string json;

  [[nodiscard]] bool before(const Face& other) const;
};

struct MergedIncident {
  Severity severity = Severity::notice;
  MergedTally total;
  HostTallies hosts;
  std::map<std::string, Face> faces;  // by platform
  Witnesses evidence;
  std::map<FollowerKey, MergedFollower> followers;

  void add(const MergedIncident& other);
  [[nodiscard]] const Face& face() const;
};

// The worst first, as the rule book has it: an order that does not depend on what was merged. The rule follows from the
// id, unless somebody made it up; case and severity may be others on another platform.
struct IncidentKey {
  int rank = 0;
  std::string id, rule;
  bool operator<(const IncidentKey& other) const {
    return std::tie(rank, id, rule) < std::tie(other.rank, other.id, other.rule);
  }
};

struct InputKey {
  bool well = true;  // what could not be read whole comes first
  std::string host, name, format, error;
  bool operator<(const InputKey& other) const;
};

struct InputSum {
  std::uint64_t reports = 0, bytes = 0, lines = 0, entries = 0, unparsed = 0;
  MaybeMoment first, last;

  void add(const InputSum& other);
};

struct UnmatchedSum {
  std::string json;  // the row without its count, the smallest of all
  std::uint64_t count = 0;

  void add(const UnmatchedSum& other);
};

struct PlatformChoice {
  bool guessed = true;
  std::string json;
  bool operator<(const PlatformChoice& other) const {
    return std::tie(guessed, json) < std::tie(other.guessed, other.json);
  }
};

struct Fleet {
  std::uint64_t reports = 0;
  Numbers hosts, platforms;  // reports of each
  std::optional<PlatformChoice> platform;
  std::map<InputKey, InputSum> inputs;
  InputSum inputs_beyond;
  std::map<IncidentKey, MergedIncident> incidents;
  std::map<std::string, UnmatchedSum> unmatched;  // by module and id, or by shape
  std::uint64_t notices = 0, over = 0;
  std::optional<Severity> hidden;  // the worst of what is not shown

  void add(const Fleet& other);

 private:
  void trim();
};

}  // namespace ahdiag
