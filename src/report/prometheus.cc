#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/check_result.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

std::string label(std::string_view name, std::string_view value) {
  std::string text = std::string(name) + "=\"";
  for (const char c : printable(value)) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"";
}

class Exposition {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_ += fmt::format("# HELP ahdiag_{0} {2}\n# TYPE ahdiag_{0} {1}\n", name, type, help);
  }
  void value(std::uint64_t value, std::string_view labels = {}) { sample(std::to_string(value), labels); }
  void seconds(double value) { sample(fmt::format("{:.6f}", value), {}); }
  std::string take() { return std::move(text_); }

 private:
  void sample(std::string_view value, std::string_view labels) {
    text_ += labels.empty() ? fmt::format("ahdiag_{} {}\n", name_, value)
                            : fmt::format("ahdiag_{}{{{}}} {}\n", name_, labels, value);
  }
  std::string_view name_;
  std::string text_;
};

void add_run(Exposition& text, const CheckResult& result) {
  text.family("build_info", "gauge", "The version of ahdiag and the number of its rules.");
  text.value(1, label("version", result.version) + "," + label("rules", std::to_string(result.rules)));
  text.family("last_run_timestamp_seconds", "gauge", "When the logs were last checked.");
  text.seconds(static_cast<double>(result.now) / 1e6);
  text.family("run_duration_seconds", "gauge", "How long the last check took.");
  text.seconds(result.seconds);
  text.family("check_status", "gauge", "The last check: 0 ok, 1 warning, 2 critical, 3 unknown.");
  text.value(static_cast<std::uint64_t>(result.state));
  text.family("unreadable_inputs", "gauge", "Logs that the last check could not read whole.");
  text.value(static_cast<std::uint64_t>(
      std::ranges::count_if(result.inputs, [](const InputRow& row) { return row.error.has_value(); })));
}

void add_sums(Exposition& text, const CheckSums& sums) {
  const struct {
    std::string_view name, help;
    std::uint64_t value;
  } all[] = {{"read_bytes_total", "Bytes of logs read by all checks.", sums.bytes},
             {"lines_total", "Lines of logs read by all checks.", sums.lines},
             {"unparsed_lines_total", "Lines of no known shape.", sums.unparsed},
             {"unmatched_entries_total", "Entries at level error or worse that no rule knows.", sums.unmatched},
             {"gaps_total", "Times when a log was truncated or replaced before it was read.", sums.gaps}};
  for (const auto& one : all) {
    text.family(one.name, "counter", one.help);
    text.value(one.value);
  }
}

void add_problems(Exposition& text, const CheckResult& result) {
  text.family("problems", "gauge", "Problems that are raised now.");
  for (const auto severity : {Severity::critical, Severity::error, Severity::warning, Severity::notice}) {
    text.value(static_cast<std::uint64_t>(std::ranges::count(result.problems, severity, &RaisedProblem::severity)),
               label("severity", severity_name(severity)));
  }
  if (result.sums.problems.empty()) return;
  text.family("problem_entries_total", "counter", "Log entries that told of a root cause.");
  for (const auto& one : result.sums.problems) {
    text.value(one.entries, label("rule", one.rule) + "," + label("severity", severity_name(one.severity)) + "," +
                                label("module", one.module) + "," + label("code", one.code));
  }
}

}  // namespace

std::string to_prometheus(const CheckResult& result) {
  Exposition text;
  add_run(text, result);
  add_sums(text, result.sums);
  add_problems(text, result);
  return text.take();
}

}  // namespace ahdiag
