// Incidents over days and months, by their ids: which are new, which go on, which are over. Of fixed size.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "diagnose/judge.h"
#include "rules/book.h"

namespace ahdiag {

// What stays known of an incident while it is open.
struct Tally {
  std::string id, rule, cause, code, title;  // cause: the id of the rule's case
  Severity severity = Severity::error;
  std::uint64_t count = 0;  // entries since it opened
  std::optional<Stamp> first, last;
};

struct Event {
  enum class Kind : std::uint8_t { open, repeat, end };
  Kind kind = Kind::open;
  Tally tally;
};
std::string_view event_name(Event::Kind kind);

struct Pace {
  std::chrono::milliseconds repeat_every;  // an open incident is told again at most so often, but for 10, 100 … entries
  std::chrono::milliseconds end_after;     // an incident is over after such a silence
  std::size_t most = 1000;                 // incidents open at a time
  std::size_t of_one_rule = 20;            // what a stranger asks for can be as many different things as he likes
};

class Chronicle {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Chronicle(const Pace& pace) : pace_(pace) {}

  // What a diagnosis made of the entries of the last moments is worth telling. `book`: the rules that are in force.
  std::optional<Event> hear(const Diagnosis& diagnosis, const RuleBook& book, Time now);
  // What is over by now.
  std::vector<Event> end_silent(Time now);
  // When something may be over.
  [[nodiscard]] std::optional<Time> next() const;
  // Entries of incidents beyond the limits: counted, not told.
  [[nodiscard]] std::uint64_t over() const { return over_; }

 private:
  struct Open {
    Tally tally;
    Time heard, told;
    std::optional<std::int64_t> pid;  // of the last entry
    std::uint64_t tell_at = 10;       // entries
  };

  [[nodiscard]] bool is_full(const std::string& rule) const;
  Open* root_of(const Diagnosis& diagnosis, const RuleBook& book, Time now);

  Pace pace_;
  std::map<std::string, Open> open_;  // by id
  std::map<std::string, std::size_t> of_rule_;
  std::uint64_t over_ = 0;
};

}  // namespace ahdiag
