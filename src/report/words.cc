#include "report/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "report/steps.h"
#include "rules/tables.h"
#include "text/ascii.h"
#include "text/shell.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

std::string platform_in_words(const Setting& setting) {
  if (setting.source == "option") return fmt::format("plans are for {} (as told)", setting.platform);
  if (setting.source == "host")
    return fmt::format("plans are for {} (this machine is {})", setting.platform,
                       printable(join(setting.evidence, ", ")));
  if (setting.source == "default") return "the log does not show the platform: --platform ID makes the plans exact";
  std::string evidence;
  for (std::size_t i = 0; i < setting.evidence.size() && i < 3; ++i)
    evidence += (i == 0 ? "" : ", ") + setting.evidence[i];
  return fmt::format("plans are for {} (the log shows {})", setting.platform, printable(evidence));
}

}  // namespace

std::string place_of(const Report& report, const Evidence& evidence) {
  const auto& name = report.inputs.at(evidence.place.source).name;
  return fmt::format("{}, line {}", name == "-" ? "standard input" : printable(name), evidence.place.line);
}

std::string period_of(const Incident& incident) {
  std::string text;
  if (incident.first) text += to_rfc3339(*incident.first);
  if (incident.count > 1 && incident.last && !(*incident.last == *incident.first))
    text += " to " + to_rfc3339(*incident.last);
  return text;
}

std::string when_and_where(const Report& report, const Incident& incident) {
  std::string text = place_of(report, incident.evidence.front());
  if (incident.count > 1) text += fmt::format(", and {} more", incident.count - 1);
  const std::string period = period_of(incident);
  return period.empty() ? text : text + ", " + period;
}

std::string expectation(const Step& step) {
  if (!step.expect) return {};
  const auto& exits = step.expect->exits;
  std::vector<std::string> parts;
  const bool success_is_fine = exits.empty() || std::find(exits.begin(), exits.end(), 0) != exits.end();
  if (!success_is_fine) parts.push_back(fmt::format("exit status {}", fmt::join(exits, " or ")));
  if (!step.expect->output.empty()) parts.push_back("'" + step.expect->output + "'");
  return printable(join(parts, ", "));
}

std::string typed(const Step& step) {
  if (const auto* command = std::get_if<Command>(&step.action)) return printable(shell_line(command->argv()));
  const auto* file = std::get_if<FileWrite>(&step.action);
  if (file == nullptr) return {};
  const std::string document = here_document(file->content());
  return shell_line(install_words(*file)) + " " + document.substr(0, document.size() - 1);
}

std::string consequence_in_words(const Diagnosis& diagnosis, const Consequence& one) {
  std::string name = one.code.empty() && one.rule != nullptr ? one.rule->id : one.code;
  const std::string title =
      one.means.empty() && one.rule != nullptr ? diagnosis.scope.prose(one.rule->title) : one.means;
  if (one.count > 1) name += fmt::format(" ({} times)", one.count);
  return printable(name + (title.empty() ? "" : ": " + title));
}

std::vector<LabelledText> seen_in_words(const Diagnosis& diagnosis) {
  std::vector<LabelledText> rows;
  const auto add = [&](std::string_view label, std::string text) {
    const bool same = std::ranges::any_of(rows, [&](const LabelledText& row) { return row.label == label; });
    rows.push_back({same ? "" : std::string(label), std::move(text)});
  };
  const auto& front = diagnosis.candidates.front();
  for (const auto& one : front.sightings) add("Seen", one.text);
  for (const auto& one : diagnosis.sightings) add("Seen", one.text);
  if (front.verdict == HostVerdict::refuted)
    rows.push_back({"", "So it is not so now: mended since, or the log is of another machine or time."});
  for (const auto& one : diagnosis.candidates) {
    if (&one == &front || one.verdict != HostVerdict::refuted) continue;
    for (const auto& sighting : one.sightings) {
      if (!sighting.holds.value_or(true)) add("Not so", one.cause->id + ": " + sighting.text);
    }
  }
  return rows;
}

std::string unmatched_in_words(const Unmatched& one) {
  std::string text = fmt::format("{} time{}", one.count, one.count == 1 ? "" : "s");
  if (!one.code.empty()) text += " " + one.code;
  if (!one.module.empty()) text += ", " + printable(module_in_words(one.module));
  return one.level.empty() ? text : text + ", " + one.level;
}

std::string machine_in_words(const Machine& machine) {
  std::string text = machine.root == "/" ? "This machine" : printable(machine.root);
  if (!machine.system.empty()) text += ", " + machine.system;
  if (!machine.httpd_version.empty()) text += ", httpd " + machine.httpd_version;
  return "Looked at: " + text + ".";
}

std::string closing_words(const Report& report) {
  std::uint64_t lines = 0;
  for (const auto& row : report.inputs) lines += row.lines;
  std::string text = fmt::format("{} line{} read; {}", lines, lines == 1 ? "" : "s", platform_in_words(report.setting));
  if (report.suppressed > 0) text += fmt::format("; {} below --min-severity not shown", report.suppressed);
  if (report.over > 0) text += fmt::format("; {} entries beyond the limits only counted", report.over);
  if (report.redacted) text += "; redacted";
  return text + ".";
}

}  // namespace ahdiag
