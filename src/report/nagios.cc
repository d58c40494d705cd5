#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/check_result.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

constexpr std::size_t kFirstLine = 79;
constexpr std::size_t kMostOutput = 4000;  // of the 4096 bytes that Nagios 3 reads
constexpr std::array<std::string_view, 4> kStates = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

// A bar would begin perfdata.
std::string plain(std::string_view text) {
  std::string shown = printable(text);
  std::replace(shown.begin(), shown.end(), '|', '/');
  return shown;
}

std::string cut(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = 0;
  while (end + utf8_length(std::string_view(text).substr(end)) + 3 <= most) {
    end += std::max<std::size_t>(1, utf8_length(std::string_view(text).substr(end)));
  }
  return text.substr(0, end) + "...";
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view more) {
  return fmt::format("{} {}", count, count == 1 ? one : more);
}

std::string name_of(const RaisedProblem& problem) {
  return problem.code.empty() ? problem.title : problem.code + " " + problem.title;
}

std::string first_line(ServiceState state, std::string_view text, std::string_view end = {}) {
  const auto head = fmt::format("HTTPD {}: ", kStates.at(static_cast<std::size_t>(state)));
  return head + cut(plain(text), kFirstLine - head.size() - end.size()) + std::string(end);
}

std::uint64_t new_lines(const CheckResult& result) {
  std::uint64_t lines = 0;
  for (const auto& row : result.inputs) lines += row.lines;
  return lines;
}

std::string headline(const CheckResult& result) {
  if (!result.troubles.empty()) return first_line(result.state, to_line(result.troubles.front()));
  if (result.problems.empty())
    return first_line(result.state, "no problem in " + counted(new_lines(result), "new line", "new lines"));
  const std::size_t others = result.problems.size() - 1;
  const std::string end = others == 0 ? "" : fmt::format(" (+{} more)", others);
  return first_line(result.state, name_of(result.problems.front()), end);
}

std::string perfdata(const CheckResult& result) {
  const auto& thresholds = result.thresholds;
  std::string data =
      fmt::format("problems={};{};;0 severe={};;{};0", result.at_least(thresholds.warning_on), thresholds.warning.text,
                  result.at_least(thresholds.critical_on), thresholds.critical.text);
  for (const auto severity : {Severity::critical, Severity::error, Severity::warning, Severity::notice}) {
    data += fmt::format(" {}={};;;0", severity_name(severity),
                        std::ranges::count(result.problems, severity, &RaisedProblem::severity));
  }
  std::uint64_t entries = 0;
  for (const auto& sum : result.sums.problems) entries += sum.entries;
  data += fmt::format(" entries={}c lines={}c unparsed={}c time={:.3f}s;;;0;{:g}", entries, result.sums.lines,
                      result.sums.unparsed, result.seconds, result.limit);
  return data;
}

std::string ago(std::int64_t micros) {
  const std::int64_t seconds = std::max<std::int64_t>(micros, 0) / 1'000'000;
  if (seconds < 60) return "now";
  if (seconds < 2 * 3600) return fmt::format("{} min ago", seconds / 60);
  return fmt::format("{} h ago", seconds / 3600);
}

std::vector<std::string> lines_of(const RaisedProblem& problem, std::int64_t now, unsigned verbosity) {
  std::vector<std::string> lines = {fmt::format("{}: {} ({}, last found {}; {})", severity_name(problem.severity),
                                                name_of(problem), counted(problem.entries, "entry", "entries"),
                                                ago(now - problem.last), problem.where)};
  if (verbosity >= 1) {
    lines.push_back("  cause: " + problem.cause);
    for (const auto& step : problem.repair) lines.push_back("  repair: " + step);
  }
  if (verbosity >= 2) lines.push_back("  entry: " + problem.evidence);
  return lines;
}

std::string row_of(const InputRow& row) {
  return fmt::format("read: {}, {}, {}", row.name, counted(row.lines, "line", "lines"),
                     counted(row.bytes, "byte", "bytes"));
}

std::vector<std::string> long_text(const CheckResult& result, unsigned verbosity) {
  std::vector<std::string> lines;
  for (const auto& trouble : result.troubles) lines.push_back(to_line(trouble));
  if (!result.troubles.empty() && !result.problems.empty())
    lines.emplace_back("found all the same, and told again by the next call that can read everything:");
  for (const auto& problem : result.problems) {
    for (auto& line : lines_of(problem, result.now, verbosity)) lines.push_back(std::move(line));
  }
  for (const auto& note : result.notes) lines.push_back("note: " + to_line(note));
  for (const auto& row : result.inputs) {
    if (verbosity >= 3) lines.push_back(row_of(row));
  }
  return lines;
}

}  // namespace

std::string to_nagios(const CheckResult& result, unsigned verbosity) {
  constexpr std::string_view kCut = "... ahdiag FILE tells the rest\n";
  std::string text = headline(result) + " | " + perfdata(result) + "\n";
  for (const auto& line : long_text(result, verbosity)) {
    const std::string shown = plain(line) + "\n";
    if (text.size() + shown.size() + kCut.size() > kMostOutput) return text + std::string(kCut);
    text += shown;
  }
  return text;
}

std::string to_nagios(const Problem& trouble) {
  const std::string line = to_line(trouble);
  return first_line(ServiceState::unknown, line) + "\n" + cut(plain(line), kMostOutput / 2) + "\n";
}

std::string to_nagios(ServiceState state, std::string_view text) { return first_line(state, text) + "\n"; }

}  // namespace ahdiag
