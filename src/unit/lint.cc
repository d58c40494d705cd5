#include "unit/lint.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "text/ascii.h"
#include "text/path.h"
#include "unit/words.h"

namespace ahdiag {
namespace {

constexpr std::string_view kElf =
    "\x7f"
    "ELF";

// The programs that a unit's Exec lines start, by absolute path.
std::vector<std::pair<std::size_t, std::string>> programs_of(const UnitFile& unit) {
  std::vector<std::pair<std::size_t, std::string>> programs;
  for (const auto& one : unit.assignments) {
    if (!one.key.starts_with("Exec") || one.value.empty()) continue;
    const auto words = unit_words(
        std::string_view(one.value).substr(std::min(one.value.size(), one.value.find_first_not_of("-@:+!|"))));
    // "/bin/sh /path/script": the script is the first word that is no option.
    for (const auto& word : words) {
      if (word.text.starts_with('/')) programs.emplace_back(one.line, word.text);
      if (!word.text.starts_with('-') && !word.text.ends_with("sh")) break;
    }
  }
  return programs;
}

bool is_given(const UnitSet& set, std::string_view program) {
  return std::ranges::any_of(set.scripts, [&](const ScriptFile& one) { return name_of(one.path) == name_of(program); });
}

void lint_programs(const UnitFile& unit, const UnitSet& set, std::set<std::string>& seen, UnitFindings& found) {
  if (!set.look_up) return;
  for (const auto& [line, program] : programs_of(unit)) {
    if (is_given(set, program)) continue;
    const auto looked = set.look_up(program);
    if (!looked) continue;
    if (!looked->exists) {
      found.push_back(
          {unit.path, line, Fault::error, "program-missing", program + " does not exist: systemd says 203/EXEC.", ""});
    } else if (!looked->script.text.starts_with(kElf) && seen.insert(program).second) {
      auto more = lint_script(looked->script);
      found.insert(found.end(), more.begin(), more.end());
    }
  }
}

}  // namespace

std::string_view fault_name(Fault fault) {
  static constexpr std::array<std::string_view, 3> kNames = {"notice", "warning", "error"};
  return kNames.at(static_cast<std::size_t>(fault));
}

bool is_unit_name(std::string_view path) {
  static constexpr std::array<std::string_view, 12> kSuffixes = {".service", ".target", ".socket",    ".timer",
                                                                 ".mount",   ".path",   ".slice",     ".scope",
                                                                 ".swap",    ".conf",   ".automount", ".unit"};
  return std::ranges::any_of(kSuffixes, [&](std::string_view suffix) { return path.ends_with(suffix); });
}

UnitFindings lint_units(const UnitSet& set) {
  UnitFindings found;
  std::set<std::string> seen;
  for (const auto& unit : set.units) {
    UnitLint lint(unit, found);
    lint.shape();
    lint.values();
    lint.environment();
    lint.commands();
    lint.service();
    lint.order();
    lint.install();
    lint_programs(unit, set, seen, found);
  }
  for (auto& one : lint_cycles(set.units)) found.push_back(std::move(one));
  for (const auto& script : set.scripts) {
    for (auto& one : lint_script(script)) found.push_back(std::move(one));
  }
  // Files stay in the order in which they were given.
  std::map<std::string, std::size_t> order;
  for (const auto& one : found) order.emplace(one.file, order.size());
  std::ranges::stable_sort(found, {}, [&](const UnitFinding& one) { return std::pair(order.at(one.file), one.line); });
  return found;
}

}  // namespace ahdiag
