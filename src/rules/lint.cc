#include "rules/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "entry/reader.h"
#include "rules/lint_command.h"
#include "rules/node.h"
#include "rules/scaffold.h"
#include "rules/tables.h"
#include "text/ascii.h"
#include "text/path.h"

namespace ahdiag {
namespace {

// The names that the texts of one file may use.
using Names = std::set<std::string, std::less<>>;

class FileLint {
 public:
  FileLint(const RuleBook& book, std::string file, Problems& problems)
      : book_(book), file_(std::move(file)), problems_(problems) {}

  void problem(const std::string& pointer, std::string what, std::string help = {}) {
    const auto position = locate(book_.text_of(file_), pointer);
    problems_.push_back(
        {std::move(what), fmt::format("{}:{}:{}", file_, position.line, position.column), "", std::move(help)});
  }

  void text(const std::string& pointer, const Template& text, const Names& names) {
    for (const auto& part : text.parts()) {
      if (part.hole && !known(part.text, names))
        problem(pointer, "nothing is called '" + part.text + "'", "a slot, a parameter or a fact");
    }
  }

  void condition(const std::string& pointer, const Condition& condition, const Names& names) {
    for (const auto& test : condition.tests) this->test(pointer, test, names);
  }

  void looks(const std::string& pointer, const std::vector<Look>& looks, const Names& names, const Rule& rule) {
    for (const auto& look : looks) {
      for (const auto& [name, texts] : look.arguments) {
        for (const auto& one : texts) {
          text(pointer, one, names);
          free_text(pointer, one, &rule, "look");
        }
      }
    }
  }

  void steps(const std::string& pointer, const Steps& steps, const Names& names, const Rule* rule) {
    list(pointer + "/inspect", steps.inspect, Phase::inspect, names, rule);
    list(pointer + "/repair", steps.repair, Phase::repair, names, rule);
    list(pointer + "/persist", steps.persist, Phase::persist, names, rule);
    list(pointer + "/verify", steps.verify, Phase::verify, names, rule);
    for (std::size_t i = 0; i < steps.notes.size(); ++i) {
      text(pointer + "/notes/" + std::to_string(i), steps.notes[i].text, names);
      condition(pointer + "/notes/" + std::to_string(i), steps.notes[i].where, names);
    }
    for (std::size_t i = 0; i < steps.remedies.size(); ++i)
      use(pointer + "/remedies/" + std::to_string(i), steps.remedies[i], names, rule);
  }

 private:
  [[nodiscard]] bool known(std::string_view name, const Names& names) const {
    return names.contains(name) || book_.platforms().spec(name) != nullptr;
  }

  template <typename Holds>
  void each(const std::string& pointer, const Condition::Test& test, std::string_view otherwise, const Holds& holds) {
    for (const auto& value : test.values) {
      if (!holds(value)) problem(pointer, std::string(otherwise) + " '" + value + "'");
    }
  }

  void test(const std::string& pointer, const Condition::Test& test, const Names& names) {
    using Kind = Condition::Kind;
    const auto is_status = [](const auto& value) { return value == "none" || is_status_name(value); };
    const auto is_platform = [this](const auto& value) { return book_.platforms().find(value) != nullptr; };
    const auto is_known = [&](const auto& value) { return known(value, names); };
    const auto speaks = [](const auto& value) { return value == "server" || value == "client"; };
    switch (test.kind) {
      case Kind::errno_: return each(pointer, test, "unknown status", is_status);
      case Kind::platform: return each(pointer, test, "unknown platform", is_platform);
      case Kind::has:
      case Kind::lacks:
      case Kind::is_volatile: return each(pointer, test, "there is no slot", is_known);
      case Kind::speaker: return each(pointer, test, "only server or client speaks, nobody as", speaks);
      case Kind::slot:
      case Kind::below:
        if (!names.contains(test.name)) problem(pointer, "there is no slot '" + test.name + "'");
        for (const auto& one : test.texts) text(pointer, one, names);
        return;
      case Kind::not_:
        for (const auto& inner : test.inner) condition(pointer, inner, names);
        return;
      case Kind::count:
        if (test.least < 2) problem(pointer, "a count is a number from 2 on");
        return;
      case Kind::seen: return;
      case Kind::fact: return fact(pointer, test);
    }
  }

  void fact(const std::string& pointer, const Condition::Test& test) {
    const FactSpec* spec = book_.platforms().spec(test.name);
    if (spec == nullptr) return problem(pointer, "there is no condition or fact '" + test.name + "'");
    for (const auto& value : test.values) {
      if (!spec->choices.empty() &&
          std::find(spec->choices.begin(), spec->choices.end(), value) == spec->choices.end()) {
        problem(pointer, "the fact '" + test.name + "' is never '" + value + "'",
                "one of " + join(spec->choices, ", "));
      }
    }
  }

  void list(const std::string& pointer, const std::vector<StepTemplate>& all, Phase phase, const Names& names,
            const Rule* rule) {
    for (std::size_t i = 0; i < all.size(); ++i) step(pointer + "/" + std::to_string(i), all[i], phase, names, rule);
  }

  void step(const std::string& pointer, const StepTemplate& step, Phase phase, const Names& names, const Rule* rule) {
    text(pointer + "/why", step.why, names);
    text(pointer + "/otherwise", step.otherwise, names);
    condition(pointer + "/where", step.where, names);
    const bool changes = phase == Phase::repair || phase == Phase::persist;
    const bool manual = std::holds_alternative<DoTemplate>(step.work);
    if (phase == Phase::inspect && step.risk != Risk::none)
      problem(pointer, "an inspection has no risk: it only reads");
    if (changes && std::holds_alternative<RunTemplate>(step.work) &&
        std::holds_alternative<std::monostate>(step.undo)) {
      problem(pointer, "a change needs an 'undo'", "an argv, or a sentence that says why nothing has to be taken back");
    }
    if (changes && !manual && step.risk == Risk::none && !has_reset(step)) problem(pointer, "a change has a risk");
    if (const auto* run = std::get_if<RunTemplate>(&step.work); run != nullptr && run->expect)
      text(pointer + "/expect", run->expect->output, names);
    if (const auto* run = std::get_if<RunTemplate>(&step.work))
      argv(pointer + "/run", run->argv, step.risk, names, rule);
    if (const auto* undo = std::get_if<Argv>(&step.undo)) argv(pointer + "/undo", *undo, step.risk, names, rule);
    if (const auto* sentence = std::get_if<Template>(&step.undo)) text(pointer + "/undo", *sentence, names);
    if (const auto* write = std::get_if<WriteTemplate>(&step.work))
      this->write(pointer + "/write", *write, names, rule);
    if (manual) text(pointer + "/do", std::get<DoTemplate>(step.work).text, names);
  }

  // Clearing the start limit or reloading units changes nothing that could be taken back.
  static bool has_reset(const StepTemplate& step) { return std::holds_alternative<Template>(step.undo); }

  void free_text(const std::string& pointer, const Template& text, const Rule* rule, std::string_view whither) {
    for (const auto& part : text.parts()) {
      const SlotSpec* slot = rule != nullptr && part.hole ? rule->slot(part.text) : nullptr;
      if (slot == nullptr || slot->type != SlotType::text) continue;
      problem(pointer, "the slot '" + slot->name + "' is free text: no " + std::string(whither) + " may carry it");
    }
  }

  void argv(const std::string& pointer, const Argv& argv, Risk risk, const Names& names, const Rule* rule) {
    if (argv.empty()) return problem(pointer, "a command has at least one word");
    for (auto& fault : faults_of(argv, risk)) problem(pointer, std::move(fault));
    for (const auto& word : argv) {
      text(pointer, word, names);
      free_text(pointer, word, rule, "command");
    }
  }

  void write(const std::string& pointer, const WriteTemplate& write, const Names& names, const Rule* rule) {
    for (const Template* one : {&write.path, &write.mode, &write.owner, &write.group}) {
      text(pointer, *one, names);
      free_text(pointer, *one, rule, "file");
    }
    if (lets_everybody_write(write.mode.source()))
      problem(pointer + "/mode", "nobody but the owner and the group may write");
    const std::string path = write.path.source();
    if (!path.starts_with("/etc/") && !path.starts_with("/usr/local/") && !path.starts_with("{"))
      problem(pointer, "a file is written below /etc, /usr/local or a fact's directory");
    for (std::size_t i = 0; i < write.lines.size(); ++i) {
      text(pointer + "/content/" + std::to_string(i), write.lines[i], names);
      free_text(pointer, write.lines[i], rule, "file");
    }
  }

  void use(const std::string& pointer, const RemedyUse& use, const Names& names, const Rule* rule) {
    condition(pointer + "/where", use.where, names);
    const Remedy* remedy = book_.remedy(use.name);
    if (remedy == nullptr) return problem(pointer, "there is no remedy '" + use.name + "'");
    for (const auto& [name, text] : use.with) {
      if (!remedy->parameters.contains(name)) problem(pointer, "the remedy has no parameter '" + name + "'");
      if (text.sole_hole().empty()) problem(pointer, "a parameter is one slot or fact: \"{name}\"");
      this->text(pointer, text, names);
      const auto type = remedy->parameters.find(name);
      if (type != remedy->parameters.end() && type->second != "text")
        free_text(pointer, text, rule, "parameter of type " + type->second);
    }
    for (const auto& [name, type] : remedy->parameters) {
      if (!use.with.contains(name)) problem(pointer, "the remedy's parameter '" + name + "' is not given");
    }
  }

  const RuleBook& book_;
  std::string file_;
  Problems& problems_;
};

bool is_lent(const Rule& rule, const std::string& slot) {
  return std::ranges::any_of(rule.consequences, [&](const ConsequenceSpec& one) {
    return std::ranges::find(one.lends, slot) != one.lends.end();
  });
}

void lint_slots(const Rule& rule, FileLint& lint) {
  if (const auto error = rule.match.message.error())
    return lint.problem("/match/message", "this is no expression: " + *error);
  const auto groups = rule.match.message.groups();
  for (const auto& group : groups) {
    if (!group.empty() && rule.slot_of_group(group) == nullptr)
      lint.problem("/match/message", "the group '" + group + "' has no slot");
  }
  for (const auto& slot : rule.slots) {
    const std::string pointer = "/slots/" + slot.name;
    const bool derived = slot.derived.kind != Derivation::Kind::none;
    const bool captured = std::any_of(groups.begin(), groups.end(),
                                      [&](const std::string& group) { return rule.slot_of_group(group) == &slot; });
    const bool given = is_given_slot(slot.name);
    if (!derived && !captured && !given && !is_lent(rule, slot.name))
      lint.problem(pointer, "no group of the expression fills the slot '" + slot.name + "'");
    if (derived && rule.slot(slot.derived.from) == nullptr)
      lint.problem(pointer, "there is no slot '" + slot.derived.from + "'");
    for (const auto& under : slot.under) lint.text(pointer, under, {});
  }
  const auto names_slot = [&](const std::string& pointer, const std::string& name) {
    if (!name.empty() && rule.slot(name) == nullptr) lint.problem(pointer, "there is no slot '" + name + "'");
  };
  names_slot("/status", rule.status);
  names_slot("/path", rule.path);
  names_slot("/subject", rule.subject);
  for (const auto& name : rule.same) {
    if (name != "errno") names_slot("/same", name);
  }
}

void lint_cases(const Rule& rule, const Names& names, FileLint& lint) {
  std::set<std::string> ids;
  for (std::size_t i = 0; i < rule.cases.size(); ++i) {
    const Case& one = rule.cases[i];
    const std::string pointer = "/cases/" + std::to_string(i);
    if (!ids.insert(one.id).second) lint.problem(pointer, "the case '" + one.id + "' stands twice");
    if (find_class(one.cause_class) == nullptr)
      lint.problem(pointer + "/class", "there is no cause class '" + one.cause_class + "'");
    lint.condition(pointer + "/when", one.when, names);
    for (const Template* text : {&one.title, &one.effect, &one.cause, &one.summary}) lint.text(pointer, *text, names);
    lint.looks(pointer + "/confirm", one.confirm, names, rule);
    lint.looks(pointer + "/refute", one.refute, names, rule);
    lint.steps(pointer, one.steps, names, &rule);
  }
  if (rule.cases.empty()) lint.problem("/cases", "a rule has at least one case");
}

void lint_consequences(const RuleBook& book, const Rule& rule, FileLint& lint) {
  for (std::size_t i = 0; i < rule.consequences.size(); ++i) {
    const std::string pointer = "/consequences/" + std::to_string(i);
    const auto& one = rule.consequences[i];
    const Rule* lender = one.rule.empty() ? nullptr : book.rule(one.rule);
    if (!one.rule.empty() && lender == nullptr) lint.problem(pointer, "there is no rule '" + one.rule + "'");
    if (one.rule == rule.id) lint.problem(pointer, "a rule is no consequence of itself");
    for (const auto& name : one.lends) {
      const bool both = lender != nullptr && lender->slot(name) != nullptr && rule.slot(name) != nullptr;
      if (name != "errno" && !both)
        lint.problem(pointer + "/lends", "the slot '" + name + "' is not in both rules",
                     "lender and root name it alike");
    }
  }
}

// Two rules for one line: which one speaks would be chance.
void lint_claims(const RuleBook& book, const Example& example, const std::string& pointer, FileLint& lint) {
  EntryReader reader(0, [&](const Entry& entry, std::string_view) {
    const auto claims = book.claims(entry);
    if (claims.size() > 1)
      lint.problem(pointer,
                   fmt::format("rules {} and {} both claim line {}", claims[0]->id, claims[1]->id, entry.place.line));
  });
  std::uint64_t number = 0;
  for (const auto& line : example.log) reader.line({line, ++number, 0});
  reader.finish();
}

void lint_examples(const RuleBook& book, const Rule& rule, FileLint& lint) {
  const auto negative = [](const Example& example) { return example.expect.empty(); };
  const auto count = std::count_if(rule.examples.begin(), rule.examples.end(), negative);
  if (count == 0) lint.problem("/examples", "a rule has a negative example: a log of which it must not speak");
  if (count == static_cast<std::ptrdiff_t>(rule.examples.size()) && !rule.context)
    lint.problem("/examples", "a rule has a positive example");
  for (std::size_t i = 0; i < rule.examples.size(); ++i) {
    const std::string pointer = "/examples/" + std::to_string(i);
    for (const auto& expect : rule.examples[i].expect) {
      const bool known =
          std::any_of(rule.cases.begin(), rule.cases.end(), [&](const Case& one) { return one.id == expect.case_id; });
      if (!expect.case_id.empty() && !known) lint.problem(pointer, "there is no case '" + expect.case_id + "'");
    }
    lint_claims(book, rule.examples[i], pointer + "/log", lint);
  }
}

// What a scaffold leaves to a person.
void lint_unwritten(const RuleBook& book, const std::string& file, Problems& problems) {
  std::size_t number = 0;
  for (const auto line : split(book.text_of(file), '\n')) {
    ++number;
    const auto at = line.find(kToWrite);
    if (at != std::string_view::npos)
      problems.push_back({"this has still to be written", fmt::format("{}:{}:{}", file, number, at + 1), "", ""});
  }
}

void lint_rule(const RuleBook& book, const Rule& rule, Problems& problems) {
  FileLint lint(book, rule.file, problems);
  lint_unwritten(book, rule.file, problems);
  Names names;
  for (const auto& slot : rule.slots) names.insert(slot.name);
  lint.text("/title", rule.title, names);
  lint.text("/effect", rule.effect, names);
  if (rule.match.takes_any_id() && !rule.fallback)
    lint.problem("/match/code", "a rule for every id has the rank 'fallback'", "else it speaks over all others");
  lint_slots(rule, lint);
  lint_cases(rule, names, lint);
  lint.steps("", rule.shared, names, &rule);
  lint_consequences(book, rule, lint);
  lint_examples(book, rule, lint);
}

void lint_remedy(const RuleBook& book, const Remedy& remedy, Problems& problems) {
  FileLint lint(book, remedy.file, problems);
  Names names;
  for (const auto& [name, type] : remedy.parameters) {
    names.insert(name);
    if (!slot_type(type)) lint.problem("/parameters/" + name, "unknown type '" + type + "'");
  }
  lint.steps("", remedy.steps, names, nullptr);
  for (std::size_t i = 0; i < remedy.alternatives.size(); ++i) {
    const std::string pointer = "/alternatives/" + std::to_string(i);
    lint.text(pointer, remedy.alternatives[i].title, names);
    lint.text(pointer, remedy.alternatives[i].when, names);
    lint.condition(pointer, remedy.alternatives[i].where, names);
    for (const auto& [name, value] : remedy.alternatives[i].set) {
      const FactSpec* spec = book.platforms().spec(name);
      const bool fits = spec != nullptr && std::holds_alternative<Fact>(Fact::accept(*spec, value));
      if (!fits) lint.problem(pointer + "/set", "the fact '" + name + "' is never '" + value + "'");
    }
  }
}

}  // namespace

Problems lint(const RuleBook& book) {
  Problems problems;
  for (const auto& rule : book.rules()) lint_rule(book, rule, problems);
  for (const auto& [name, remedy] : book.remedies()) lint_remedy(book, remedy, problems);
  return problems;
}

}  // namespace ahdiag
