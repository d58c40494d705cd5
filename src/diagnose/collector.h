// Entries to incidents, in one pass and in bounded memory: repeats are counted, consequences folded into their root.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "diagnose/echo.h"
#include "diagnose/incident.h"
#include "diagnose/signs.h"
#include "rules/book.h"

namespace ahdiag {

// What is kept at most. What goes over is counted, never dropped in silence.
struct Limits {
  std::size_t incidents = 2000;
  std::size_t unmatched = 200;
  std::size_t evidence = 5;
};

struct Collection {
  std::vector<Incident> incidents;
  std::vector<Unmatched> unmatched;
  std::set<std::string, std::less<>> seen;  // ids and rules that the log shows
  std::uint64_t over = 0;                   // entries of incidents and shapes beyond the limits
};

class Collector {
 public:
  Collector(const RuleBook& book, Signs& signs, Limits limits = {});

  // `around`: what stood around httpd's words on the entry's first line.
  void entry(const Entry& entry, std::string_view around);
  Collection finish();

 private:
  // Where and when an incident was last heard of: what a consequence must be close to.
  struct Touch {
    std::uint64_t order = 0;
    std::optional<std::int64_t> pid;
    std::optional<Stamp> time;
    std::uint32_t origin = 0;  // the source, and whether a journal or the log itself speaks
    bool server = false;       // no visitor caused it
  };
  struct Waiting {
    Incident incident;  // of one entry; without a rule for an id that only others' consequences name
    Touch touch;
  };

  void observe(const Entry& entry, std::string_view around, bool matched);
  bool fold(const Incident& one, const Touch& touch);
  void take_waiting(std::size_t root);
  void commit(Incident one, const Touch& touch);
  void expire(std::uint64_t now);
  void settle(Waiting waiting);
  void add_unmatched(const Incident& one);
  [[nodiscard]] bool may_wait(const Incident& one) const;
  [[nodiscard]] static bool close(const Touch& a, const Touch& b);
  [[nodiscard]] static const ConsequenceSpec* explains(const Rule& root, const Incident& one);
  [[nodiscard]] static bool sums_up(const Rule& root, const Incident& one);
  void add_consequence(Incident& root, const Incident& one, std::string means) const;
  void add_evidence(std::vector<Evidence>& all, Evidence evidence) const;

  const RuleBook& book_;
  Signs& signs_;
  Limits limits_;
  Collection found_;
  std::vector<Touch> touches_;  // of each incident
  std::vector<Tellings> tellings_;
  std::unordered_map<std::string, std::size_t> by_key_;
  std::unordered_map<std::string, std::size_t> unmatched_by_key_;
  std::deque<Waiting> waiting_;
  std::deque<std::size_t> recent_;                        // incidents lately heard of, the last first
  std::unordered_set<std::string_view> consequence_names_;  // ids and rules that some rule folds
  std::uint64_t order_ = 0;
  std::uint64_t observed_ = 0;  // entries searched for signs of the platform
};

}  // namespace ahdiag
