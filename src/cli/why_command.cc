// Which rules look at an entry, where each stops, and what becomes of it.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cli/intake.h"
#include "cli/run.h"
#include "text/ascii.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

constexpr std::size_t kLongestText = 200;

// "error.log:12"; line 0: all of them.
std::pair<std::string, std::uint64_t> file_and_line(const std::string& argument) {
  const auto colon = argument.rfind(':');
  if (colon == std::string::npos) return {argument, 0};
  std::uint64_t line = 0;
  const char* end = argument.data() + argument.size();
  const auto read = std::from_chars(argument.data() + colon + 1, end, line);
  return read.ptr == end && line > 0 ? std::pair(argument.substr(0, colon), line)
                                     : std::pair(argument, std::uint64_t{0});
}

// How far the expression agrees with the text: its longest beginning that does.
std::string farthest(const Pattern& pattern, std::string_view text) {
  const std::string& source = pattern.source();
  std::vector<std::string_view> groups;
  for (std::size_t length = source.size(); length > 0; --length) {
    const Pattern head("(?:" + source.substr(0, length) + ")(?s:.*)");
    if (!head.error() && head.match(text, groups)) return source.substr(0, length);
  }
  return {};
}

std::string stop_in_words(const Rule& rule, const Entry& entry, Stop stop) {
  switch (stop) {
    case Stop::nowhere: return "speaks";
    case Stop::origin:
      return entry.speaker == Speaker::server ? "stops: origin (the entry names no client)"
                                              : "stops: origin (the entry names a client)";
    case Stop::module: return "stops: module (it wants " + rule.match.module + ")";
    case Stop::level: return "stops: level (it wants " + std::string(level_name(rule.match.level)) + " or worse)";
    case Stop::status: return "stops: status (the entry has none)";
    case Stop::expression: break;
  }
  const std::string head = farthest(rule.match.message, text_to_match(rule, entry));
  return head.empty() ? "stops: expression, at its first word" : "stops: expression, which agrees up to  " + head;
}

std::string trials_of(const RuleBook& book, const Entry& entry) {
  std::string text = fmt::format("line {}: {}\n", entry.place.line, printable(entry.text.substr(0, kLongestText)));
  text +=
      fmt::format("  id {}, module {}, level {}, status {}, {}\n", entry.code.empty() ? "none" : entry.code,
                  entry.module.empty() ? "none" : entry.module, entry.level == Level::none ? "none" : level_name(entry),
                  entry.status ? std::to_string(entry.status->number) : "none",
                  entry.speaker == Speaker::server ? "httpd itself speaks" : "a client or backend is named");
  const auto trials = book.trials(entry);
  if (trials.empty())
    text += "  no rule looks at it: none has its id, and none without id has a literal that it holds\n";
  bool taken = false;
  for (const auto& [rule, stop] : trials) {
    std::string words = stop_in_words(*rule, entry, stop);
    if (stop == Stop::nowhere && taken) words = "would speak, if no rule before it did";
    taken = taken || stop == Stop::nowhere;
    text += fmt::format("  {:<28} {}\n", rule->id, printable(words));
  }
  return text;
}

bool has_line(const std::vector<Evidence>& all, std::uint64_t line) {
  return std::ranges::any_of(all, [&](const Evidence& one) { return one.place.line == line; });
}

// Root, consequence, or counted with others.
std::string fate_of(const Report& report, std::uint64_t line) {
  for (const auto& finding : report.findings) {
    const Incident& incident = finding.diagnosis.incident;
    if (has_line(incident.evidence, line))
      return fmt::format("  => an incident of {}, case {}\n", incident.rule->id,
                         finding.diagnosis.candidates.front().cause->id);
    for (const auto& one : incident.consequences) {
      if (has_line(one.evidence, line))
        return fmt::format("  => a consequence of {}{}\n", incident.rule->id,
                           one.means.empty() ? "" : ": " + one.means);
    }
  }
  return "  => no incident shows this line: no rule spoke, or it is counted with others of its kind\n";
}

}  // namespace

int run_rules_why(const Options& options) {
  Problems problems;
  const auto rules = load_rules(options.rules, problems);
  complain(problems);
  if (!problems.empty()) return kUsage;
  const auto [file, wanted] = file_and_line(options.argument);
  Options named = options;
  named.files = {file};
  named.progress = false;
  std::vector<std::pair<std::uint64_t, std::string>> trials;
  Intake intake(options.log_formats, options.period,
                [&, line = wanted](const Entry& entry, std::string_view, const std::string&) {
                  const std::uint64_t last = entry.place.line + entry.carrier.lines - 1;
                  const bool asked = line == 0 || (line >= entry.place.line && line <= last);
                  if (asked && entry.about == About::message)
                    trials.emplace_back(entry.place.line, trials_of(rules.book, entry));
                });
  const Listener own = intake.listener();
  // One reading for both: standard input comes only once.
  const Feed feed = [&](const Listener& other) {
    feed_of(named, problems)({[&](const std::string& name) { own.begin(name), other.begin(name); },
                              [&](const Line& line) { own.line(line), other.line(line); },
                              [&](const Reading& reading) { own.end(reading), other.end(reading); }});
  };
  const Request request{
      {options.platform, options.facts, options.persist}, Severity::notice, options.log_formats, options.period};
  const Report report = diagnose(rules.book, feed, request, problems);
  complain(problems);
  if (complain_of(report.inputs)) return kIncomplete;
  std::string text;
  for (const auto& [line, words] : trials) text += words + fate_of(report, line) + "\n";
  if (trials.empty()) text = "no entry stands there\n";
  return print(text);
}

}  // namespace ahdiag
