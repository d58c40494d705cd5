// All rules, remedies and platforms of a run, and the way from an entry to the rules that may explain it. Several
// threads may match entries at once; everything else is for one.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "entry/entry.h"
#include "rules/head.h"
#include "rules/head_index.h"
#include "rules/read.h"
#include "rules/sign_table.h"
#include "rules/trial.h"

namespace ahdiag {

// Rules that stay where they are while others are read.
class Rules {
 public:
  using Places = std::vector<std::unique_ptr<Rule>>;
  explicit Rules(const Places& places) : places_(&places) {}

  struct Iterator {
    Places::const_iterator at;
    const Rule& operator*() const { return **at; }
    Iterator& operator++() {
      ++at;
      return *this;
    }
    bool operator==(const Iterator&) const = default;
  };
  [[nodiscard]] Iterator begin() const { return {places_->begin()}; }
  [[nodiscard]] Iterator end() const { return {places_->end()}; }
  [[nodiscard]] std::size_t size() const { return places_->size(); }

 private:
  const Places* places_;
};

class RuleBook {
 public:
  // The files compiled in, and `more` (of --rules), which replace those of the same id. A file of `more` with a problem
  // is left out; every problem of every file is reported. Those compiled in are read at first use.
  static RuleBook load(const std::vector<RuleFile>& more, Problems& problems);

  RuleBook(const RuleBook&) = delete;
  RuleBook& operator=(const RuleBook&) = delete;
  RuleBook(RuleBook&&) = default;
  RuleBook& operator=(RuleBook&&) = default;
  ~RuleBook() = default;

  // The rule for an entry: a specific one before a fallback, in the order of ids.
  [[nodiscard]] std::optional<RuleMatch> match(const Entry& entry) const;
  // The same into `match`, whose memory is used again; false where there is none, and `match` says so.
  bool match(const Entry& entry, RuleMatch& match) const;
  // Every rule that claims the entry with the same rank: more than one is a fault of the rules.
  [[nodiscard]] std::vector<const Rule*> claims(const Entry& entry) const;
  // Every rule that looks at the entry, and where it stopped.
  [[nodiscard]] std::vector<std::pair<const Rule*, Stop>> trials(const Entry& entry) const;

  // In the order of their ids.
  [[nodiscard]] std::span<const RuleHead> heads() const { return heads_; }
  // The same, all of them read.
  [[nodiscard]] Rules rules() const;
  [[nodiscard]] const Rule* rule(std::string_view id) const;
  // Several threads may ask.
  [[nodiscard]] const Remedy* remedy(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, Remedy, std::less<>>& remedies() const;
  [[nodiscard]] const Platforms& platforms() const;
  // All that may be needed for the platform (or variant) of this id: the others need not be read for it.
  [[nodiscard]] const Platforms& platforms_for(std::string_view id) const;
  [[nodiscard]] const SignTable& signs() const { return signs_; }
  // The text of a rule file, for positions in it.
  [[nodiscard]] std::string_view text_of(std::string_view file) const;

 private:
  RuleBook() = default;
  void add(const RuleFile& file, Problems& problems);
  void add_rule(const Rule& rule);
  void index();
  void replace_heads();
  [[nodiscard]] const Rule& read(std::size_t head) const;
  [[nodiscard]] const Rule& prepared(std::size_t head) const;
  [[nodiscard]] Rule make(const RuleHead& head) const;
  [[nodiscard]] const Rule& read_whole(std::size_t head) const;
  void add_of_code(std::span<const std::uint32_t> heads, std::string_view message, RuleMatch& match) const;
  void find_candidates(const Entry& entry, RuleMatch& match) const;
  template <typename Visit>
  void for_each_candidate(const Entry& entry, RuleMatch& match, Visit visit) const;

  // Built-in and given rules by id; rules_[i] belongs to heads_[i] and is null until it is read, as ready_[i] is for
  // other threads; prepared_[i] is set once its expression can be matched.
  std::span<const RuleHead> heads_;
  std::vector<RuleHead> own_heads_;  // of both, where some were given
  mutable Rules::Places rules_;
  mutable std::vector<std::atomic<const Rule*>> ready_;
  mutable std::vector<std::atomic<bool>> prepared_;
  std::unique_ptr<std::mutex> reading_ = std::make_unique<std::mutex>();
  mutable std::vector<bool> has_examples_;
  std::map<std::string, Rule, std::less<>> given_;         // of --rules
  std::deque<std::vector<std::string_view>> given_words_;  // of their heads
  mutable std::map<std::string, Remedy, std::less<>> remedies_;
  std::optional<Platforms> given_platforms_;
  mutable std::optional<Platforms> platforms_;                          // all of them
  mutable std::map<std::string, Platforms, std::less<>> platforms_of_;  // by id: the generic one and that
  SignTable signs_;
  std::map<std::string, std::string_view, std::less<>> given_texts_;

  HeadIndex index_;
  std::span<const std::uint32_t> of_any_id_;  // heads for entries of whatever id
};

}  // namespace ahdiag
