// Many reports as one: of the hosts of a fleet, or of the shards of one log.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "report/merge_state.h"
#include "report/report.h"
#include "rules/book.h"

namespace ahdiag {

class Merger {
 public:
  // The book says which incident is another's consequence, and which is the worse.
  Merger(const RuleBook& book, std::string_view version) : book_(book), version_(version) {}

  // One report as JSON; `host`: what to call its host where it does not say so. A report that is refused changes
  // nothing.
  std::optional<Problem> add(std::string_view json, const std::string& host);

  [[nodiscard]] bool empty() const { return fleet_.reports == 0; }
  // A report of the contract again, with members of its own: the same bytes for the same reports, in whatever order and
  // in how many steps they were merged.
  [[nodiscard]] std::string to_json(bool compact) const;
  [[nodiscard]] std::string to_text(const TextStyle& style) const;
  // The worst severity of any report; nothing where there is none.
  [[nodiscard]] std::optional<Severity> worst() const;

 private:
  const RuleBook& book_;
  std::string version_;
  Fleet fleet_;
};

}  // namespace ahdiag
