#include "report/check_memory.h"

#include <algorithm>

#include "text/shell.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

constexpr std::size_t kLongestText = 400;
constexpr std::size_t kMostSteps = 4;

std::string brief(std::string_view text) {
  std::string shown = printable(text.substr(0, kLongestText + 1));
  if (text.size() <= kLongestText) return shown;
  return printable(text.substr(0, kLongestText)) + "...";
}

// What is to be done first, one line a step.
std::vector<std::string> repair_of(const Plan& plan) {
  std::vector<std::string> lines;
  for (const auto& step : plan.steps) {
    if (step.phase != Phase::repair || lines.size() == kMostSteps) continue;
    if (const auto* command = std::get_if<Command>(&step.action)) {
      lines.push_back(brief(shell_line(command->argv())));
    } else if (const auto* file = std::get_if<FileWrite>(&step.action)) {
      lines.push_back(brief("write " + file->path() + ": " + step.why));
    } else {
      lines.push_back(brief(std::get<Manual>(step.action).text));
    }
  }
  return lines;
}

RaisedProblem problem_of(const Report& report, const Finding& finding) {
  const Diagnosis& diagnosis = finding.diagnosis;
  const Incident& incident = diagnosis.incident;
  RaisedProblem problem;
  problem.id = diagnosis.id;
  problem.rule = incident.rule->id;
  problem.code = brief(incident.code);
  problem.module = brief(incident.module);
  problem.title = brief(diagnosis.title);
  problem.effect = brief(diagnosis.effect);
  problem.cause = brief(diagnosis.scope.prose(diagnosis.candidates.front().cause->cause));
  problem.repair = repair_of(finding.plan);
  problem.severity = diagnosis.severity;
  if (!incident.evidence.empty()) {
    const Evidence& first = incident.evidence.front();
    problem.where = brief(report.inputs.at(first.place.source).name) + ":" + std::to_string(first.place.line);
    problem.evidence = brief(first.text);
  }
  return problem;
}

bool is_worse(const RaisedProblem& a, const RaisedProblem& b) {
  return a.severity != b.severity ? a.severity > b.severity : a.last > b.last;
}

void add_sum(std::vector<ProblemSum>& sums, const RaisedProblem& kind, std::uint64_t entries) {
  for (auto& sum : sums) {
    if (sum.rule != kind.rule || sum.code != kind.code || sum.module != kind.module || sum.severity != kind.severity)
      continue;
    sum.entries += entries;
    return;
  }
  const bool full = sums.size() >= kMostSums && kind.rule != "other";
  if (!full) return sums.push_back({kind.rule, kind.code, kind.module, kind.severity, entries});
  RaisedProblem other;
  other.rule = "other";
  other.severity = kind.severity;
  add_sum(sums, other, entries);
}

}  // namespace

const LogMemory* CheckMemory::log(const std::string& path) const {
  const auto found = std::ranges::find(logs, path, &LogMemory::path);
  return found == logs.end() ? nullptr : &*found;
}

void CheckMemory::set_log(LogMemory log) {
  const auto found = std::ranges::find(logs, log.path, &LogMemory::path);
  if (found != logs.end()) {
    *found = std::move(log);
    return;
  }
  logs.push_back(std::move(log));
  if (logs.size() > kMostLogs) logs.erase(std::ranges::min_element(logs, {}, &LogMemory::checked));
}

void CheckMemory::add(const Report& report, const Finding& finding, const std::string& log, std::int64_t now) {
  RaisedProblem problem = problem_of(report, finding);
  const std::uint64_t entries = finding.diagnosis.incident.count;
  add_sum(sums.problems, problem, entries);
  const auto known =
      std::ranges::find_if(problems, [&](const RaisedProblem& one) { return one.id == problem.id && one.log == log; });
  problem.log = log;
  problem.entries = entries;
  problem.first = problem.last = now;
  if (known != problems.end()) {
    problem.entries += known->entries;
    problem.first = known->first;
    *known = std::move(problem);
  } else {
    problems.push_back(std::move(problem));
  }
  std::ranges::stable_sort(problems, is_worse);
  if (problems.size() > kMostProblems) problems.resize(kMostProblems);
}

}  // namespace ahdiag
