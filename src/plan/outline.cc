#include "plan/outline.h"

#include <algorithm>
#include <map>

#include "text/ascii.h"
#include "text/shell.h"

namespace ahdiag {
namespace {

enum class Truth { no, open, yes };

Truth both(Truth a, Truth b) { return std::min(a, b); }
Truth opposite(Truth a) { return a == Truth::yes ? Truth::no : a == Truth::no ? Truth::yes : Truth::open; }

std::string one_of(const std::vector<std::string>& values) {
  constexpr std::size_t kMost = 5;
  if (values.size() > kMost) return join({values.begin(), values.begin() + kMost}, ", ") + " …";
  return join(values, " or ");
}

bool has_value(const std::vector<std::string>& values, std::string_view value) {
  return std::ranges::find(values, value) != values.end();
}

// What a text's names stand for: facts, a remedy's parameters, and slots, which stay names.
class Names {
 public:
  Names(const Setting& setting, const Known& known) : setting_(&setting), known_(&known), parameters_(known.slots) {}

  [[nodiscard]] Names with(const RemedyUse& use) const {
    Names inner = *this;
    for (const auto& [name, text] : use.with) inner.parameters_[name] = prose(text);
    return inner;
  }

  [[nodiscard]] const Fact* fact(std::string_view name) const {
    const auto found = setting_->facts.find(name);
    return parameters_.contains(name) || found == setting_->facts.end() ? nullptr : &found->second;
  }

  // A fact of this name exists, but this platform does not know it.
  [[nodiscard]] bool is_unknown_fact(std::string_view name) const {
    return !parameters_.contains(name) && fact(name) == nullptr && setting_->platforms->spec(name) != nullptr;
  }

  [[nodiscard]] std::string value(std::string_view name) const {
    if (const auto parameter = parameters_.find(name); parameter != parameters_.end()) return parameter->second;
    const Fact* known = fact(name);
    if (known == nullptr) return "{" + std::string(name) + "}";
    if (known->type() != FactType::command) return known->value();
    std::vector<std::string> words;
    for (const auto& word : known->words()) words.push_back(prose(word));
    return shell_line(words);
  }

  [[nodiscard]] std::string prose(const Template& text) const {
    std::string all;
    for (const auto& part : text.parts()) all += part.hole ? value(part.text) : part.text;
    return all;
  }

  [[nodiscard]] Truth holds(const Condition& condition, std::vector<std::string>& open) const {
    Truth all = Truth::yes;
    for (const auto& test : condition.tests) all = both(all, holds(test, open));
    return all;
  }

 private:
  static Truth ask(std::vector<std::string>& open, std::string words) {
    open.push_back(std::move(words));
    return Truth::open;
  }

  Truth holds(const Condition::Test& test, std::vector<std::string>& open) const {
    using Kind = Condition::Kind;
    const auto known = [](bool is) { return is ? Truth::yes : Truth::no; };
    const auto is_there = [&](const std::string& name) {
      const auto found = parameters_.find(name);
      return found != parameters_.end() && found->second != "{" + name + "}";
    };
    switch (test.kind) {
      case Kind::platform: return known(has_value(test.values, setting_->platform));
      case Kind::fact: return known(fact(test.name) != nullptr && has_value(test.values, fact(test.name)->value()));
      case Kind::errno_:
        if (!known_->errno_name.empty()) return known(has_value(test.values, known_->errno_name));
        if (has_value(test.values, "none")) return ask(open, "there is no status");
        return ask(open, "the status is " + join(test.values, " or "));
      case Kind::has:
        if (is_closed()) return known(std::ranges::all_of(test.values, is_there));
        return ask(open, "the entry tells " + shown(test.values, " and "));
      case Kind::lacks:
        if (is_closed()) return known(std::ranges::none_of(test.values, is_there));
        return ask(open, "the entry does not tell " + shown(test.values, " or "));
      case Kind::slot:
        if (is_closed()) return known(is_there(test.name) && has_value(test.values, value(test.name)));
        return ask(open, value(test.name) + " is " + one_of(test.values));
      case Kind::below: return ask(open, value(test.name) + " lies below " + one_of(directories(test)));
      case Kind::is_volatile: return ask(open, shown(test.values, " and ") + " is gone after a boot");
      case Kind::seen: return ask(open, one_of(test.values) + " stands in the same log");
      case Kind::speaker:
        return ask(open, has_value(test.values, "client") ? "the entry names a client" : "the entry names no client");
      case Kind::count: return ask(open, "it came " + std::to_string(test.least) + " times or more");
      case Kind::not_: return none_of(test, open);
    }
    return Truth::open;
  }

  Truth none_of(const Condition::Test& test, std::vector<std::string>& open) const {
    Truth all = Truth::yes;
    for (const auto& inner : test.inner) {
      std::vector<std::string> words;
      const Truth none = opposite(holds(inner, words));
      if (none == Truth::open) open.push_back("not: " + join(words, ", "));
      all = both(all, none);
    }
    return all;
  }

  [[nodiscard]] std::string shown(const std::vector<std::string>& names, std::string_view between) const {
    std::vector<std::string> all;
    for (const auto& name : names) all.push_back(value(name));
    return join(all, between);
  }

  [[nodiscard]] std::vector<std::string> directories(const Condition::Test& test) const {
    std::vector<std::string> all;
    for (const auto& text : test.texts) all.push_back(prose(text));
    return all;
  }

  [[nodiscard]] bool is_closed() const { return !known_->slots.empty(); }

  const Setting* setting_;
  const Known* known_;
  std::map<std::string, std::string, std::less<>> parameters_;
};

bool lacks_fact(const Argv& words, const Names& names) {
  return std::ranges::any_of(words, [&](const Template& word) {
    return std::ranges::any_of(
        word.parts(), [&](const Template::Part& part) { return part.hole && names.is_unknown_fact(part.text); });
  });
}

std::string line_of(const Argv& words, const Names& names) {
  std::string line;
  for (const auto& word : words) {
    const Fact* fact = names.fact(word.sole_hole());
    const bool spreads = fact != nullptr && fact->type() == FactType::command;
    const std::string text = names.prose(word);
    // A name that stands for a value is shown as it is; what else needs quotes gets them.
    const bool plain = spreads || contains(text, "{");
    line += (line.empty() ? "" : " ") + (plain ? text : shell_word(text));
  }
  return line;
}

class Outliner {
 public:
  Outliner(const RuleBook& book, Outline& out) : book_(book), out_(out) {}

  void add(const Steps& steps, Phase phase, const std::vector<StepTemplate> Steps::*list, const Names& names,
           int depth = 0) {
    constexpr int kDeepest = 8;
    for (const auto& step : steps.*list) add(step, phase, names);
    for (const auto& use : steps.remedies) {
      const Remedy* remedy = book_.remedy(use.name);
      std::vector<std::string> open;
      if (remedy == nullptr || depth > kDeepest || names.holds(use.where, open) == Truth::no) continue;
      const auto kept = open_.size();
      open_.insert(open_.end(), open.begin(), open.end());
      add(remedy->steps, phase, list, names.with(use), depth + 1);
      open_.resize(kept);
    }
  }

  void add_notes(const Steps& steps, const Names& names) {
    for (const auto& note : steps.notes) {
      std::vector<std::string> open;
      if (names.holds(note.where, open) != Truth::no) out_.notes.push_back(names.prose(note.text));
    }
  }

 private:
  void add(const StepTemplate& step, Phase phase, const Names& names) {
    std::vector<std::string> open = open_;
    if (names.holds(step.where, open) == Truth::no) return;
    OutlineStep shown{phase, names.prose(step.why), "manual", "", join(open, "; "), step.risk, &step};
    if (const auto* run = std::get_if<RunTemplate>(&step.work)) {
      shown.kind = "command";
      shown.text = line_of(run->argv, names);
      if (lacks_fact(run->argv, names)) {
        shown.kind = "manual";
        shown.text =
            step.otherwise.empty() ? "(depends on the platform: --platform shows it)" : names.prose(step.otherwise);
      }
    } else if (const auto* file = std::get_if<WriteTemplate>(&step.work)) {
      shown.kind = "file";
      shown.text = names.prose(file->path);
      for (const auto& row : file->lines) shown.text += "\n" + names.prose(row);
    } else {
      shown.text = names.prose(std::get<DoTemplate>(step.work).text);
    }
    const bool known = std::ranges::any_of(out_.steps, [&](const OutlineStep& other) {
      return other.phase == phase && other.text == shown.text && (other.where.empty() || other.where == shown.where);
    });
    if (!known) out_.steps.push_back(std::move(shown));
  }

  const RuleBook& book_;
  Outline& out_;
  std::vector<std::string> open_;  // what the remedies around a step ask
};

}  // namespace

Outline outline(const Rule& rule, const Case& cause, const RuleBook& book, const Setting& setting, const Known& known) {
  Outline out;
  Outliner outliner(book, out);
  const Names names(setting, known);
  for (const auto& [phase, list] :
       {std::pair(Phase::inspect, &Steps::inspect), std::pair(Phase::repair, &Steps::repair),
        std::pair(Phase::persist, &Steps::persist), std::pair(Phase::verify, &Steps::verify)}) {
    outliner.add(cause.steps, phase, list, names);
    outliner.add(rule.shared, phase, list, names);
  }
  outliner.add_notes(cause.steps, names);
  outliner.add_notes(rule.shared, names);
  return out;
}

bool is_possible(const Case& cause, const Setting& setting, const Known& known) {
  std::vector<std::string> open;
  return Names(setting, known).holds(cause.when, open) != Truth::no;
}

std::string in_words(const Condition& condition, const Setting& setting) {
  const Known nothing;
  std::vector<std::string> open;
  static_cast<void>(Names(setting, nothing).holds(condition, open));
  return join(open, "; ");
}

std::string with_facts(const Template& text, const Setting& setting, const Known& known) {
  return Names(setting, known).prose(text);
}

}  // namespace ahdiag
