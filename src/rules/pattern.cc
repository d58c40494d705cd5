#include "rules/pattern.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

namespace ahdiag {
namespace {

constexpr int kMostMemory = 4 * 1024 * 1024;
constexpr int kMostGroups = 32;

RE2::Options options() {
  RE2::Options options(RE2::Latin1);  // logs hold arbitrary bytes
  options.set_log_errors(false);
  options.set_max_mem(kMostMemory);
  options.set_dot_nl(true);
  return options;
}

}  // namespace

struct Pattern::Automaton {
  std::once_flag asked_for;
  std::unique_ptr<const RE2> made;
};

Pattern::Pattern(std::string source) : source_(std::move(source)), automaton_(std::make_shared<Automaton>()) {}

const RE2& Pattern::compiled() const {
  std::call_once(automaton_->asked_for, [&] { automaton_->made = std::make_unique<const RE2>(source_, options()); });
  return *automaton_->made;
}

std::optional<std::string> Pattern::error() const {
  if (!compiled().ok()) return compiled().error();
  if (compiled().NumberOfCapturingGroups() > kMostGroups) return "it has more than 32 groups";
  return std::nullopt;
}

const Pattern::Steps& Pattern::steps() const {
  if (steps_) return *steps_;
  auto made = std::make_shared<Steps>();
  made->steps = MatchSteps::of(source_);
  if (made->steps) {
    made->groups = made->steps->groups();
  } else {
    made->groups.resize(static_cast<std::size_t>(std::max(0, compiled().NumberOfCapturingGroups())));
    for (const auto& [number, name] : compiled().CapturingGroupNames())
      made->groups.at(static_cast<std::size_t>(number) - 1) = name;
  }
  steps_ = std::move(made);
  return *steps_;
}

const std::vector<std::string>& Pattern::groups() const { return steps().groups; }

bool Pattern::match(std::string_view text, std::vector<std::string_view>& groups, bool likely) const {
  groups.clear();
  if (source_.empty()) return true;
  using Answer = MatchSteps::Answer;
  const auto& own = steps().steps;
  const auto answer = own ? own->match(text, groups, likely) : Answer::gave_up;
  return answer == Answer::gave_up ? match_by_automaton(text, groups) : answer == Answer::yes;
}

bool Pattern::match_by_automaton(std::string_view text, std::vector<std::string_view>& groups) const {
  groups.clear();
  if (!compiled().ok()) return false;
  std::array<re2::StringPiece, kMostGroups + 1> found;
  const int count = std::min(kMostGroups, compiled().NumberOfCapturingGroups()) + 1;
  const re2::StringPiece whole(text.data(), text.size());
  if (!compiled().Match(whole, 0, text.size(), RE2::ANCHOR_BOTH, found.data(), count)) return false;
  for (int i = 1; i < count; ++i) {
    const auto& group = found.at(static_cast<std::size_t>(i));
    groups.emplace_back(group.data() == nullptr ? std::string_view() : std::string_view(group.data(), group.size()));
  }
  return true;
}

}  // namespace ahdiag
