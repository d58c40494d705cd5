// A rule as values: what docs/rules.md describes, after reading and before it meets an entry.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "entry/entry.h"
#include "rules/look.h"
#include "rules/pattern.h"
#include "rules/template.h"
#include "rules/value.h"

namespace ahdiag {

enum class Severity { notice, warning, error, critical };
enum class Certainty { possible, likely, certain };
enum class Risk { none, low, service_interruption, data };
enum class Phase { inspect, repair, persist, verify, undo };

std::optional<Severity> severity_from(std::string_view name);
std::string_view severity_name(Severity severity);
std::string_view certainty_name(Certainty certainty);
std::string_view risk_name(Risk risk);
std::string_view phase_name(Phase phase);

// Slots that the entry itself fills, or its place: no group of an expression has to.
bool is_given_slot(std::string_view name);

// One object of `when` or `where`: all tests must hold.
struct Condition {
  enum class Kind { errno_, platform, has, lacks, slot, below, is_volatile, seen, speaker, count, not_, fact };
  struct Test {
    Kind kind;
    std::string name;                 // of the slot or fact
    std::vector<std::string> values;  // any of them
    std::vector<Template> texts;      // `below`: directories
    std::vector<Condition> inner;     // `not`: none of them
    std::uint64_t least = 0;          // `count`
  };
  std::vector<Test> tests;
};

struct ExpectTemplate {
  std::vector<int> exits;  // empty: 0
  Template output;         // a text that the output contains; may be empty
};

enum class FileFormat { plain, tmpfiles, unit, sh, httpd };

struct RunTemplate {
  Argv argv;
  std::optional<ExpectTemplate> expect;
};

struct WriteTemplate {
  Template path;
  Template mode, owner, group;
  FileFormat format = FileFormat::plain;
  std::vector<Template> lines;
};

struct DoTemplate {
  Template text;
};

using Work = std::variant<RunTemplate, WriteTemplate, DoTemplate>;

// How a change is taken back: a command, or a sentence that says why there is nothing to take back.
using Undo = std::variant<std::monostate, Argv, Template>;

struct StepTemplate {
  Template why;
  Condition where;
  Work work;
  Risk risk = Risk::none;
  bool root = true;
  Undo undo;
  Template otherwise;
};

struct NoteTemplate {
  Template text;
  Condition where;
};

struct RemedyUse {
  std::string name;
  std::map<std::string, Template> with;
  Condition where;
};

// Steps by phase, and shared ones by name.
struct Steps {
  std::vector<StepTemplate> inspect, repair, persist, verify;
  std::vector<NoteTemplate> notes;
  std::vector<RemedyUse> remedies;
};

struct Alternative {
  Template title;
  Template when;
  std::map<std::string, std::string> set;  // facts
  Condition where;
};

struct Remedy {
  std::string name;
  std::string file;
  std::map<std::string, std::string> parameters;
  Steps steps;
  std::vector<Alternative> alternatives;
};

struct Case {
  std::string id;
  Condition when;
  std::string cause_class;
  Certainty certainty = Certainty::likely;
  std::optional<Severity> severity;
  Template title, effect, cause, summary;
  std::vector<Look> confirm;  // what is so on the machine if this is the cause, and not so if it is not
  std::vector<Look> refute;   // what rules the cause out, but proves nothing by its absence
  Steps steps;
};

enum class Origin { server, client, any };

struct MatchSpec {
  std::vector<std::string> codes;  // "*" alone: any id
  bool within_config_error = false;
  Origin origin = Origin::server;
  std::string module;
  Level level = Level::none;          // this one or worse; none: any
  bool with_status = false;           // only entries that have one
  std::vector<std::string> contains;  // any of them
  Pattern message;

  [[nodiscard]] bool takes_any_id() const { return !codes.empty() && codes.front() == "*"; }
};

struct ConsequenceSpec {
  std::string code;
  std::string rule;
  std::string means;
  std::vector<std::string> lends;  // slots, or "errno", that the root takes from it where its own entry lacks them
};

struct ExampleExpect {
  std::string case_id;
  std::vector<int> lines;
  std::vector<int> consequences;
  std::optional<std::string> path, subject, errno_, severity;
  std::map<std::string, std::string> slots;
  std::vector<std::string> refused, plan, plan_lacks;
};

struct Example {
  std::string name;
  std::string platform;
  std::map<std::string, std::string> facts;
  std::vector<std::string> log;
  std::vector<ExampleExpect> expect;
  bool others = false;
};

struct Rule {
  std::string id;
  std::string file;
  Template title, effect;
  Severity severity = Severity::error;
  bool summary = false;   // standing: a closing word, folded into the failure before it
  bool context = false;   // standing: nothing is wrong; it only lends to a failure beside it
  bool fallback = false;  // rank: only where no other rule matches
  MatchSpec match;
  std::vector<SlotSpec> slots;
  std::string status;  // the slot whose text spells out the status, where the entry has none in front
  std::string path;
  std::string subject_kind, subject;
  std::vector<std::string> same;
  std::vector<ConsequenceSpec> consequences;
  std::vector<Case> cases;
  Steps shared;
  std::vector<Example> examples;
  std::vector<std::string> references;

  [[nodiscard]] const SlotSpec* slot(std::string_view name) const;
  // The slot that a group fills: of its own name, or of that name less a digit ("file2" fills "file" in another
  // branch).
  [[nodiscard]] const SlotSpec* slot_of_group(std::string_view group) const;
  // The same for all groups, by their numbers: indices of slots; -1 where a group fills none. Of a rule that is
  // prepared.
  [[nodiscard]] const std::vector<int>& slots_of_groups() const { return slots_of_groups_; }

  // What entries of the same failure share: a slot, and the groups that may fill it, or "errno".
  struct KeyPart {
    std::string name;
    std::vector<std::size_t> groups;
    bool elsewhere = false;  // where no group fills it, something else may
  };
  // Of a rule that is prepared.
  [[nodiscard]] const std::vector<KeyPart>& key_parts() const { return key_parts_; }

  // Before it is tried on the first entry: most rules never meet one.
  void prepare();

 private:
  void add_key_part(const std::string& name);

  std::vector<int> slots_of_groups_;
  std::vector<KeyPart> key_parts_;
};

}  // namespace ahdiag
