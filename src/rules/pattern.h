// An expression over the text of a message. Steps answer where that is cheap; behind them stands RE2: linear in the
// text, bounded in memory, whatever a log says.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/steps.h"

namespace re2 {
class RE2;
}

namespace ahdiag {

class Pattern {
 public:
  Pattern() : Pattern(std::string()) {}
  explicit Pattern(std::string source);

  [[nodiscard]] const std::string& source() const { return source_; }
  [[nodiscard]] bool empty() const { return source_.empty(); }

  // Why the source is no expression; nothing if it is one.
  [[nodiscard]] std::optional<std::string> error() const;

  // Names of the groups, in the order of their numbers from 1; "" for one without name. Once they were asked for,
  // several threads may match at once.
  [[nodiscard]] const std::vector<std::string>& groups() const;

  // Whether the whole `text` matches, and then the groups' texts. An empty pattern matches everything. A group that
  // took no part is empty. `likely`: the text before matched.
  [[nodiscard]] bool match(std::string_view text, std::vector<std::string_view>& groups, bool likely = false) const;
  // The same, by RE2 alone.
  [[nodiscard]] bool match_by_automaton(std::string_view text, std::vector<std::string_view>& groups) const;

 private:
  // Made at first use: most rules never meet an entry.
  struct Steps {
    std::optional<MatchSteps> steps;
    std::vector<std::string> groups;
  };
  [[nodiscard]] const Steps& steps() const;
  [[nodiscard]] const re2::RE2& compiled() const;

  struct Automaton;

  std::string source_;
  mutable std::shared_ptr<const Steps> steps_;
  std::shared_ptr<Automaton> automaton_;
};

}  // namespace ahdiag
