// Entries to incidents, in one pass and in bounded memory: repeats are counted, consequences folded into their root.
#pragma once

#include <array>
#include <bitset>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "diagnose/echo.h"
#include "diagnose/incident.h"
#include "diagnose/pulses.h"
#include "diagnose/signs.h"
#include "entry/repeat.h"
#include "rules/book.h"
#include "text/hash.h"
#include "text/queue.h"

namespace ahdiag {

// What is kept at most. What goes over is counted, never dropped in silence.
struct Limits {
  std::size_t incidents = 2000;
  std::size_t of_one_rule = 100;  // incidents: the same failure on other paths, ports, users
  std::size_t unmatched = 200;
  std::size_t evidence = 5;
};

struct Collection {
  std::vector<Incident> incidents;
  std::vector<Unmatched> unmatched;
  std::set<std::string, std::less<>> seen;  // ids and rules that the log shows
  std::uint64_t over = 0;                   // entries of incidents and shapes beyond the limits
};

// How `root` explains an entry of this rule (or none) and id; nothing if it does not. Without words where the entry
// only sums the root up.
const ConsequenceSpec* explanation(const Rule& root, const Rule* rule, std::string_view code);

class Collector final : public Familiar {
 public:
  Collector(const RuleBook& book, Signs& signs, Limits limits = {});

  // `around`: what stood around httpd's words on the entry's first line.
  void entry(const Entry& entry, std::string_view around);
  // What the last entry came to, for plain entries with the same words; and one more of them.
  [[nodiscard]] Verdict verdict() const override { return verdict_; }
  void again(std::span<const LookedLine> all, std::uint32_t source) override;
  void recognise(const Recognition& known, const Repeat& line) override;
  void keep() override;
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
  // What is known of an incident while more may come.
  struct Course {
    Touch touch;  // of the last entry; of a rule that explains nothing, of none
    Tellings tellings;
    std::size_t pulse = 0;  // its number
    std::size_t rule = 0;   // its number
    bool explains = false;  // its rule may explain other entries
    bool lent = false;      // it holds texts that end with keep()
  };
  static constexpr std::size_t kNo = SIZE_MAX;
  // A rule that was met.
  struct Met {
    const Rule* rule = nullptr;
    std::size_t incidents = 0;
  };
  // Entries that may be another's consequence: of one id and rule.
  struct Follower {
    std::string code;
    const Rule* rule = nullptr;
    std::size_t number = kNo;                                  // of the rule, if it may explain others
    std::vector<std::optional<const ConsequenceSpec*>> roots;  // by their numbers, once they were asked: how they
                                                               // explain it; with nothing if they do not
    std::size_t asked = 0;                                     // of the rules that have incidents
    std::size_t waiting = 0;                                   // how many of them wait
    bool has_root = false;                                     // a rule that has incidents explains it
  };
  // What an entry that waits says.
  struct Told {
    std::unique_ptr<Incident> incident;  // of this entry alone; nothing as long as the entry itself tells all
    LastEntry entry;
    std::string key;  // of the incident that it is, if no other explains it
    Touch touch;
  };
  // An entry that may be a consequence, until that is clear. Mostly nothing comes of it but one more of its incident.
  struct Waiting {
    std::uint64_t order = 0;
    std::size_t follower = 0;
    std::size_t saying = kNo;            // of words that a saying has, instead of a key
    const LookedLine* looked = nullptr;  // until keep(): of a visitor's entry, which is all in it
    Told* told = nullptr;                // of others, and where it was asked for
  };
  static constexpr std::uint64_t kNever = UINT64_MAX;
  // Words that a follower says, for the next who says the same.
  struct Saying {
    std::size_t follower;
    std::string key;
    std::size_t incident = kNo;  // that it is, if no other explains it
  };
  // How a verdict's number says what is to be done with the same words: behind it stands the number of a pulse, which
  // is an incident's where the server speaks, or of a saying.
  enum What : Verdict { kUnknown, kPulse, kServerPulse, kFollower, kServerFollower };
  static constexpr unsigned kWhatBits = 3;
  static constexpr Verdict kWhatMask = (1U << kWhatBits) - 1;
  static constexpr std::size_t kLargestIndex = std::numeric_limits<Verdict>::max() >> kWhatBits;
  static constexpr std::size_t kNothing = 0, kOver = 1;  // numbers of pulses

  // An entry that no rule knows.
  struct Unknown {
    std::string_view module, code, message, level, text;
  };

  // Words that are the same for a failure, with their hash.
  struct Key {
    std::string_view text;
    std::size_t hash;

    explicit Key(std::string_view words) : Key(words, hash_of(words)) {}
    Key(std::string_view words, std::size_t hashed) : text(words), hash(hashed) {}
  };
  struct KeyHash {
    using is_transparent = void;
    std::size_t operator()(const Key& key) const { return key.hash; }
    std::size_t operator()(std::string_view text) const { return hash_of(text); }
  };
  struct KeyEqual {
    using is_transparent = void;
    bool operator()(const Key& a, std::string_view b) const { return a.text == b; }
    bool operator()(std::string_view a, const Key& b) const { return a == b.text; }
    bool operator()(std::string_view a, std::string_view b) const { return a == b; }
  };
  using ByKey = std::unordered_map<std::string, std::size_t, KeyHash, KeyEqual>;

  // What is known of an id and a rule together.
  struct Kind {
    std::uint64_t code = 0;  // the id's letters
    const Rule* rule = nullptr;
    bool known = false;
    bool may_follow = false;
    bool full = false;       // there is no room for another incident of the rule
    std::size_t last = kNo;  // the incident that its last entry belonged to, and the hash of its key
    std::size_t last_hash = 0;
  };
  // Which keys have an incident, for a first look: most that are asked for have none, where a rule has had its share.
  class Keys {
   public:
    void add(std::size_t hash) { bits_.set(hash % kBits); }
    [[nodiscard]] bool may_have(std::size_t hash) const { return bits_.test(hash % kBits); }

   private:
    static constexpr std::size_t kBits = 65'536;
    std::bitset<kBits> bits_;
  };

  void take(const Entry& entry, std::string_view around);
  Kind& meet(std::string_view code, const Rule* rule);
  void observe(const Entry& entry, std::string_view around);
  void cause(const Entry& entry, const RuleMatch& match, const Touch& touch, Kind& kind);
  [[nodiscard]] std::size_t find_known(Kind& kind, const Key& key) const;
  bool goes_over(std::size_t known, Kind& kind);
  [[nodiscard]] bool has_evidence(std::size_t known) const;
  void count_known(std::size_t known, const Wording& wording, const Touch& touch);
  void read_again(const Repeat& line);
  void again_in_full(const Repeat& repeat);
  void cause_again(const Repeat& repeat, std::size_t number, bool server);
  void follow_again(const Repeat& repeat, std::size_t saying, bool server);
  [[nodiscard]] Touch touch_of(const Repeat& repeat, bool server) const;
  [[nodiscard]] Touch time_of(const Repeat& repeat, bool server) const;
  [[nodiscard]] static Wording wording_of(const Repeat& repeat);
  [[nodiscard]] static bool may_explain(const Rule& rule);
  static void note_time(Incident& incident, const Stamp& time);
  void follow(const Entry& entry, const RuleMatch& match, const Touch& touch);
  void follow_again(const Wording& wording, const Touch& touch, std::size_t follower, std::size_t saying,
                    std::string_view key);
  bool count_follower(const Wording& wording, const Touch& touch, std::size_t follower);
  [[nodiscard]] Told* fresh();
  Told& tell(Waiting& one);
  bool wait_unread(std::size_t saying, const LookedLine& looked);
  void wait(Waiting one);
  void queue(const Waiting& one);
  void note_gone(const Waiting& one);
  void drop(const Waiting& one);
  [[nodiscard]] bool may_follow(const Rule* rule, std::string_view code) const;
  std::size_t follower_of(const Rule* rule, std::string_view code);
  [[nodiscard]] std::size_t incident_that_is(const Waiting& one);
  std::size_t saying_of(std::size_t follower, const Key& key);
  void follow_told(const Wording& wording, const Touch& touch, std::size_t follower, const Key& key);
  bool has_root(std::size_t follower);
  bool fold(Waiting& one);
  const ConsequenceSpec* explains_waiting(std::size_t other, std::size_t follower);
  bool may_fold_into_waiting(std::size_t follower);
  bool fold_into_waiting(Waiting& one);
  void take_waiting(std::size_t root);
  bool count_oldest();
  Incident& incident_of_waiting(Waiting& one);
  void commit(Waiting& one);
  std::size_t commit(Incident one, const Touch& touch);
  void count(std::size_t index, const Touch& touch);
  void touch_root(std::size_t index, const Touch& touch);
  void note_lent(std::size_t index);
  void settle_pulse(std::size_t index);
  void settle_pulses();
  [[nodiscard]] bool is_full(const Rule& rule) const;
  void expire() {
    if (due_ < order_) settle_due();
  }
  void settle_due();
  void note_due();
  void settle(Waiting& waiting);
  void settle_oldest();
  void add_unmatched(const Unknown& one);
  [[nodiscard]] static Unmatched named(const Unknown& one);
  [[nodiscard]] static bool close(const Touch& a, const Touch& b);
  std::size_t number_of(const Rule& rule);
  const ConsequenceSpec* explains(std::size_t root, std::size_t follower);
  void add_consequence(Incident& root, Waiting& one, const ConsequenceSpec& spec);
  void merge_consequence(Incident& root, Consequence one) const;
  void take_consequences(Incident& from, Incident& root) const;
  void add_evidence(std::vector<Evidence>& all, Evidence evidence) const;
  void settle_last(LastEntry& last, std::vector<Evidence>& evidence) const;
  void set_verdict(What what, std::size_t index) {
    verdict_ = index > kLargestIndex ? Verdict{kUnknown} : static_cast<Verdict>(what | (index << kWhatBits));
  }
  void set_verdict(std::size_t incident, const Touch& touch) {
    set_verdict(touch.server ? kServerPulse : kPulse, courses_[incident].pulse);
  }

  const RuleBook& book_;
  Signs& signs_;
  Limits limits_;
  Collection found_;
  std::vector<Course> courses_;  // of each incident
  Pulses pulses_;
  std::vector<std::uint32_t> lent_;  // incidents that hold texts which end with keep()
  ByKey by_key_;
  Keys keys_;  // of the same
  std::vector<Met> met_;
  std::unordered_map<const Rule*, std::size_t> numbers_;           // of those that were met
  std::vector<std::size_t> with_incidents_;                        // the numbers of those that have some
  std::unordered_map<std::string, std::size_t> unmatched_by_key_;  // numbers of their pulses
  std::vector<Follower> followers_;
  std::vector<Saying> sayings_;
  ByKey saying_by_key_;
  static constexpr std::size_t kMostWaiting = 64;
  Queue<Waiting, kMostWaiting> waiting_;
  std::size_t lent_waiting_ = 0;            // at most so many of the last hold texts that end with keep()
  std::vector<std::size_t> waiting_kinds_;  // followers that some who wait are of
  std::deque<Told> told_;
  std::vector<Told*> spare_;         // those of nobody, whose memory is used again
  std::vector<std::size_t> recent_;  // incidents lately heard of that may explain others, the last first
  std::unordered_set<std::string_view> consequence_names_;  // ids and rules that some rule folds
  std::uint64_t order_ = 0;
  std::uint64_t due_ = kNever;     // when the order is beyond this, who waits longest does not wait on
  std::uint32_t source_ = 0;       // of the lines that pulses hold
  std::array<Kind, 256> kinds_{};  // those met last, by a hash of them
  RuleMatch match_;                // of the entry in hand
  std::string key_;                // of the same
  Verdict verdict_ = kUnknown;
};

}  // namespace ahdiag
