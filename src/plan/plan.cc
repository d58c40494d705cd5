#include "plan/plan.h"

#include <algorithm>

#include "text/ascii.h"
#include "text/path.h"
#include "text/shell.h"

namespace ahdiag {
namespace {

// Steps under the scope that fills their holes: a remedy's parameters are known to its own steps only.
struct Scoped {
  const Steps* steps;
  Scope scope;
  const Remedy* remedy;  // none for a rule's own steps
};

void add_scoped(const Steps& steps, const Scope& scope, const Remedy* remedy, const RuleBook& book,
                std::vector<Scoped>& all) {
  constexpr std::size_t kMost = 32;  // remedies may use remedies, but not for ever
  if (all.size() >= kMost) return;
  all.push_back({&steps, scope, remedy});
  for (const auto& use : steps.remedies) {
    const Remedy* used = book.remedy(use.name);
    if (used != nullptr && scope.holds(use.where)) add_scoped(used->steps, scope.with(use.with), used, book, all);
  }
}

const std::vector<StepTemplate>& steps_of(const Steps& steps, Phase phase) {
  switch (phase) {
    case Phase::inspect: return steps.inspect;
    case Phase::repair: return steps.repair;
    case Phase::persist: return steps.persist;
    default: return steps.verify;
  }
}

bool same_action(const Step& a, const Step& b) {
  if (a.phase != b.phase || a.action.index() != b.action.index()) return false;
  if (const auto* command = std::get_if<Command>(&a.action)) {
    const auto other = std::get<Command>(b.action).argv();
    return std::equal(command->argv().begin(), command->argv().end(), other.begin(), other.end());
  }
  if (const auto* file = std::get_if<FileWrite>(&a.action)) return file->path() == std::get<FileWrite>(b.action).path();
  return std::get<Manual>(a.action).text == std::get<Manual>(b.action).text;
}

std::string first_sentence(const std::string& text) {
  for (auto end = text.find_first_of(".:;("); end != std::string::npos; end = text.find_first_of(".:;(", end + 1)) {
    const bool ends = end + 1 == text.size() || text[end + 1] == ' ' || text[end] == '(';
    if (ends && end > 12) return std::string(trim_right(text.substr(0, end))) + ".";
  }
  return text;
}

bool is_reload(const Step& step) {
  const auto* command = std::get_if<Command>(&step.action);
  return command != nullptr && shell_line(command->argv()) == "systemctl daemon-reload";
}

bool changes(const Step& step) { return step.phase == Phase::repair || step.phase == Phase::persist; }

// A hole of these texts that a directory of the system itself would fill, as a whole: "/run", not "/run" + "/x".
std::optional<Unbound> system_directory(const std::vector<Template>& texts, const Scope& scope) {
  for (const auto& text : texts) {
    const auto& parts = text.parts();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const bool goes_on = i + 1 < parts.size() && parts[i + 1].text.starts_with('/');
      const Slot* slot = parts[i].hole && !goes_on ? scope.slot(parts[i].text) : nullptr;
      const Fact* fact = parts[i].hole && !goes_on && slot == nullptr ? scope.fact(parts[i].text) : nullptr;
      const std::string value = slot != nullptr ? slot->value() : fact != nullptr ? fact->value() : std::string();
      if (is_system_directory(value)) return Unbound{parts[i].text, value, "it is a directory of the system itself"};
    }
  }
  return std::nullopt;
}

// Gathers steps; undoing is derived as they come and put behind them in reverse.
class Builder {
 public:
  explicit Builder(std::vector<std::string>& missing) : missing_(missing) {}

  void add(const StepTemplate& text, Phase phase, const Scope& scope) {
    if (!scope.holds(text.where)) return;
    Step step;
    step.phase = phase;
    step.why = scope.prose(text.why);
    step.root = text.root;
    step.risk = text.risk;
    const bool exact = fill(text, scope, step);
    if (uses_unwritten(step)) return;
    const bool known =
        std::any_of(steps_.begin(), steps_.end(), [&](const Step& other) { return same_action(step, other); });
    if (known) return;
    if (exact && changes(step)) add_undo(text, scope, step);
    steps_.push_back(std::move(step));
  }

  std::vector<Step> finish() {
    std::reverse(undo_.begin(), undo_.end());
    // systemd reads its units again when they are gone, not before.
    std::stable_partition(undo_.begin(), undo_.end(), [](const Step& step) { return !is_reload(step); });
    std::move(undo_.begin(), undo_.end(), std::back_inserter(steps_));
    return std::move(steps_);
  }

 private:
  // False where the step became manual for want of a value.
  bool fill(const StepTemplate& text, const Scope& scope, Step& step) {
    if (const auto* run = std::get_if<RunTemplate>(&text.work)) {
      if (auto guarded = system_directory(run->argv, scope); guarded && changes(step))
        return give_up(text, scope, *guarded, step);
      auto bound = bind(run->argv, scope);
      if (auto* unbound = std::get_if<Unbound>(&bound)) return give_up(text, scope, *unbound, step);
      step.action = std::get<Command>(std::move(bound));
      if (run->expect) step.expect = Expect{run->expect->exits, scope.prose(run->expect->output)};
      return true;
    }
    if (const auto* write = std::get_if<WriteTemplate>(&text.work)) {
      auto guarded = system_directory(write->lines, scope);
      auto bound = bind(*write, scope);
      if (auto* unbound = std::get_if<Unbound>(&bound)) guarded = std::move(*unbound);
      if (guarded) {
        unwritten_.push_back(scope.prose(write->path));
        return give_up(text, scope, *guarded, step);
      }
      step.action = std::get<FileWrite>(std::move(bound));
      return true;
    }
    const Template& words = std::get<DoTemplate>(text.work).text;
    const bool better = !text.otherwise.empty() && !scope.fills(words);
    step.action = Manual{scope.prose(better ? text.otherwise : words)};
    return true;
  }

  // A file that nobody writes can neither be applied nor enabled.
  [[nodiscard]] bool uses_unwritten(const Step& step) const {
    const auto* command = std::get_if<Command>(&step.action);
    if (command == nullptr) return false;
    return std::ranges::any_of(unwritten_, [&](const std::string& path) {
      return std::ranges::any_of(command->argv(),
                                 [&](const std::string& word) { return word == path || word == name_of(path); });
    });
  }

  bool give_up(const StepTemplate& text, const Scope& scope, const Unbound& unbound, Step& step) {
    if (std::find(missing_.begin(), missing_.end(), unbound.name) == missing_.end()) missing_.push_back(unbound.name);
    if (!text.otherwise.empty()) {
      step.action = Manual{scope.prose(text.otherwise)};
    } else if (unbound.logged.empty()) {
      step.action = Manual{"By hand, because the log does not tell '" + unbound.name + "': " + unbound.why + "."};
    } else {
      step.action = Manual{"By hand, because no command is made of " + unbound.name + " '" + unbound.logged +
                           "': " + unbound.why + "."};
    }
    return false;
  }

  void add_undo(const StepTemplate& text, const Scope& scope, Step& step) {
    Step undo;
    undo.phase = Phase::undo;
    undo.why = "Take back: " + first_sentence(step.why);
    undo.root = step.root;
    undo.risk = Risk::low;
    if (const auto* sentence = std::get_if<Template>(&text.undo)) {
      step.undo_note = scope.prose(*sentence);
    } else if (const auto* argv = std::get_if<Argv>(&text.undo)) {
      auto bound = bind(*argv, scope);
      if (!std::holds_alternative<Command>(bound)) return;
      undo.action = std::get<Command>(std::move(bound));
      undo_.push_back(std::move(undo));
    } else if (const auto* file = std::get_if<FileWrite>(&step.action)) {
      undo.action = file->removal();
      undo_.push_back(std::move(undo));
    }
  }

  std::vector<std::string>& missing_;
  std::vector<std::string> unwritten_;  // paths of files that became words for a person
  std::vector<Step> steps_;
  std::vector<Step> undo_;
};

void add_notes(const Steps& steps, const Scope& scope, std::vector<std::string>& notes) {
  for (const auto& note : steps.notes) {
    if (!scope.holds(note.where)) continue;
    std::string text = scope.prose(note.text);
    if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(std::move(text));
  }
}

std::vector<Scoped> parts_of(const Diagnosis& diagnosis, const Case& one, const RuleBook& book) {
  std::vector<Scoped> parts;
  add_scoped(one.steps, diagnosis.scope, nullptr, book, parts);
  add_scoped(diagnosis.incident.rule->shared, diagnosis.scope, nullptr, book, parts);
  return parts;
}

std::vector<Step> build(const std::vector<Scoped>& parts, std::initializer_list<Phase> phases,
                        std::vector<std::string>& missing) {
  Builder builder(missing);
  for (const Phase phase : phases) {
    for (const auto& part : parts) {
      for (const auto& step : steps_of(*part.steps, phase)) builder.add(step, phase, part.scope);
    }
  }
  return builder.finish();
}

// The other ways in which a remedy makes a repair last.
void add_ways(const Scoped& part, Plan& plan) {
  for (const auto& way : part.remedy->alternatives) {
    Scope scope = part.scope;
    bool differs = false;
    for (const auto& [name, value] : way.set) {
      const FactSpec* spec = scope.setting().platforms->spec(name);
      if (spec == nullptr) continue;
      auto accepted = Fact::accept(*spec, value);
      const Fact* current = scope.fact(name);
      differs = differs || current == nullptr || current->value() != value;
      if (auto* fact = std::get_if<Fact>(&accepted)) scope.set(name, std::move(*fact));
    }
    if (!differs || !part.scope.holds(way.where)) continue;
    auto steps = build({{part.steps, scope, part.remedy}}, {Phase::persist}, plan.missing);
    if (!steps.empty()) plan.alternatives.push_back({scope.prose(way.title), scope.prose(way.when), std::move(steps)});
  }
}

}  // namespace

Plan make_plan(const Diagnosis& diagnosis, const RuleBook& book) {
  Plan plan;
  const Case& cause = *diagnosis.candidates.front().cause;
  const auto parts = parts_of(diagnosis, cause, book);
  plan.steps = build(parts, {Phase::inspect, Phase::repair, Phase::persist, Phase::verify}, plan.missing);
  for (const auto& part : parts) add_notes(*part.steps, part.scope, plan.notes);
  plan.summary = diagnosis.scope.prose(cause.summary);
  if (plan.summary.empty() && !plan.steps.empty()) {
    const auto repair = std::find_if(plan.steps.begin(), plan.steps.end(),
                                     [](const Step& step) { return step.phase == Phase::repair; });
    plan.summary = repair == plan.steps.end() ? plan.steps.front().why : repair->why;
  }
  for (const auto& part : parts) {
    if (part.remedy != nullptr) add_ways(part, plan);
  }
  for (std::size_t i = 1; i < diagnosis.candidates.size(); ++i) {
    if (diagnosis.candidates[i].verdict == HostVerdict::refuted) continue;
    const Case& other = *diagnosis.candidates[i].cause;
    auto steps = build(parts_of(diagnosis, other, book), {Phase::inspect, Phase::repair, Phase::persist, Phase::verify},
                       plan.missing);
    const Template& title = other.summary.empty() ? other.cause : other.summary;
    plan.alternatives.push_back({diagnosis.scope.prose(title),
                                 "if the cause is this: " + diagnosis.scope.prose(other.cause), std::move(steps)});
  }
  return plan;
}

}  // namespace ahdiag
