#include "cli/examples.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/run.h"
#include "text/ascii.h"
#include "text/shell.h"

namespace ahdiag {
namespace {

Report report_of(const RuleBook& book, const Example& example, Problems& problems) {
  const Feed log = [&](const Listener& listener) {
    Reading reading;
    listener.begin("log");
    for (const auto& line : example.log) listener.line({line, ++reading.lines, 0});
    listener.end(reading);
  };
  Request request;
  request.setting.platform = example.platform;
  request.setting.facts = example.facts;
  return diagnose(book, log, request, problems);
}

std::vector<int> lines_of(const std::vector<Evidence>& evidence) {
  std::vector<int> lines;
  for (const auto& one : evidence) lines.push_back(static_cast<int>(one.place.line));
  return lines;
}

std::vector<int> consequence_lines(const Incident& incident) {
  std::vector<int> lines;
  for (const auto& one : incident.consequences) {
    for (const int line : lines_of(one.evidence)) lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::string text_of(const Step& step) {
  if (const auto* command = std::get_if<Command>(&step.action)) return shell_line(command->argv());
  if (const auto* file = std::get_if<FileWrite>(&step.action)) return file->path() + "\n" + file->content();
  return std::get<Manual>(step.action).text;
}

std::string plan_text(const Plan& plan) {
  std::string text;
  for (const auto& step : plan.steps) text += text_of(step) + "\n";
  return text;
}

// Compares one incident with what its example expects; each difference is a sentence.
class Comparison {
 public:
  Comparison(const Finding& finding, std::vector<std::string>& differences)
      : finding_(finding), differences_(differences) {}

  void compare(const ExampleExpect& expect) {
    const Diagnosis& diagnosis = finding_.diagnosis;
    const Incident& incident = diagnosis.incident;
    if (!expect.case_id.empty()) equal("case", diagnosis.candidates.front().cause->id, expect.case_id);
    if (!expect.lines.empty()) equal("lines", lines_of(incident.evidence), expect.lines);
    if (!expect.consequences.empty()) equal("consequences", consequence_lines(incident), expect.consequences);
    if (expect.path) equal("path", captured(incident.rule->path), *expect.path);
    if (expect.subject) equal("subject", value_of(incident.rule->subject), *expect.subject);
    if (expect.errno_) equal("errno", diagnosis.scope.errno_name(), *expect.errno_);
    if (expect.severity) equal("severity", std::string(severity_name(diagnosis.severity)), *expect.severity);
    for (const auto& [name, value] : expect.slots) equal("slot " + name, value_of(name), value);
    for (const auto& name : expect.refused) {
      if (diagnosis.scope.refused(name) == nullptr) differences_.push_back("slot " + name + " is not refused");
    }
    compare_plan(expect);
  }

 private:
  void compare_plan(const ExampleExpect& expect) {
    const std::string text = plan_text(finding_.plan);
    for (const auto& part : expect.plan) {
      if (!contains(text, part)) differences_.push_back("the plan lacks '" + part + "'");
    }
    for (const auto& part : expect.plan_lacks) {
      if (contains(text, part)) differences_.push_back("the plan has '" + part + "'");
    }
  }

  [[nodiscard]] std::string captured(const std::string& name) const {
    const auto found = finding_.diagnosis.incident.captures.find(name);
    return found == finding_.diagnosis.incident.captures.end() ? std::string() : found->second;
  }

  [[nodiscard]] std::string value_of(const std::string& name) const {
    const Slot* slot = finding_.diagnosis.scope.slot(name);
    return slot == nullptr ? captured(name) : slot->value();
  }

  template <typename T>
  void equal(const std::string& what, const T& is, const T& should) {
    if (!(is == should)) differences_.push_back(fmt::format("{} is {}, not {}", what, is, should));
  }

  const Finding& finding_;
  std::vector<std::string>& differences_;
};

}  // namespace

Problems run_example(const RuleBook& book, const Rule& rule, const Example& example) {
  Problems problems;
  std::vector<std::string> differences;
  const Report report = report_of(book, example, problems);
  std::vector<const Finding*> own;
  for (const auto& finding : report.findings) {
    if (finding.diagnosis.incident.rule == &rule) own.push_back(&finding);
    const bool expected_alone = !example.others && !example.expect.empty();
    if (finding.diagnosis.incident.rule != &rule && expected_alone)
      differences.push_back("there is also an incident of " + finding.diagnosis.incident.rule->id);
  }
  if (own.size() != example.expect.size())
    differences.push_back(fmt::format("{} incidents, not {}", own.size(), example.expect.size()));
  for (std::size_t i = 0; i < std::min(own.size(), example.expect.size()); ++i)
    Comparison(*own[i], differences).compare(example.expect[i]);
  for (auto& difference : differences)
    problems.push_back({std::move(difference), rule.file, "example '" + example.name + "'", ""});
  return problems;
}

}  // namespace ahdiag
