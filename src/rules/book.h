// All rules, remedies and platforms of a run, and the way from an entry to the rules that may explain it.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "entry/entry.h"
#include "rules/read.h"
#include "rules/trial.h"

namespace ahdiag {

class RuleBook {
 public:
  // The files compiled in, and `more` (of --rules), which replace those of the same id. Every problem of every file is
  // reported; a file with a problem is left out.
  static RuleBook load(const std::vector<RuleFile>& more, Problems& problems);

  RuleBook(const RuleBook&) = delete;
  RuleBook& operator=(const RuleBook&) = delete;
  RuleBook(RuleBook&&) = default;
  RuleBook& operator=(RuleBook&&) = default;
  ~RuleBook() = default;

  // The rule for an entry: a specific one before a fallback, in the order of ids.
  [[nodiscard]] std::optional<RuleMatch> match(const Entry& entry) const;
  // Every rule that claims the entry with the same rank: more than one is a fault of the rules.
  [[nodiscard]] std::vector<const Rule*> claims(const Entry& entry) const;
  // Every rule that looks at the entry, and where it stopped.
  [[nodiscard]] std::vector<std::pair<const Rule*, Stop>> trials(const Entry& entry) const;

  [[nodiscard]] const std::deque<Rule>& rules() const { return rules_; }
  [[nodiscard]] const Rule* rule(std::string_view id) const;
  [[nodiscard]] const Remedy* remedy(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, Remedy, std::less<>>& remedies() const { return remedies_; }
  [[nodiscard]] const Platforms& platforms() const { return platforms_; }
  // The text of a rule file, for positions in it.
  [[nodiscard]] std::string_view text_of(std::string_view file) const;

 private:
  RuleBook() = default;
  void add(const RuleFile& file, Problems& problems);
  void index();
  template <typename Visit>
  void candidates(const Entry& entry, Visit visit) const;

  std::deque<Rule> rules_;
  std::map<std::string, Remedy, std::less<>> remedies_;
  Platforms platforms_;
  std::map<std::string, std::string_view, std::less<>> texts_;
  std::unordered_map<std::string, std::vector<const Rule*>> by_code_;
  std::vector<const Rule*> by_text_;    // entries without an id
  std::vector<const Rule*> by_config_;  // the body of a configuration error
};

}  // namespace ahdiag
