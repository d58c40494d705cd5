#include <algorithm>

#include "cli/run.h"
#include "input/file.h"
#include "report/lint_report.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

// A unit by its name, or by what stands in it: a tutorial's text may come from standard input.
bool is_unit(const std::string& path, const std::string& text) {
  if (is_unit_name(path)) return true;
  return !text.starts_with("#!") && (text.starts_with("[") || contains(text, "\n[") || contains(text, "\nExecStart="));
}

// A program of the machine: only regular files of a script's size are read.
LookUp look_up_in(const Host& host) {
  return [&host](const std::string& path) -> std::optional<LookedUp> {
    const PathLook look = host.tree().look(path);
    if (look.end == PathLook::End::missing) return LookedUp{};
    if (look.end != PathLook::End::there) return std::nullopt;
    auto read = host.tree().read(path);
    auto* text = std::get_if<std::string>(&read);
    if (text == nullptr) return std::nullopt;
    return LookedUp{true, {path, std::move(*text), (look.last()->mode & 0111U) != 0}};
  };
}

}  // namespace

int run_lint_unit(const Options& options) {
  Problems problems;
  std::optional<Host> host;
  if (options.host) host = open_host(options.root, problems);
  complain(problems);
  if (!problems.empty()) return kUsage;
  UnitSet set;
  if (host) set.look_up = look_up_in(*host);
  LintReport report;
  for (const auto& path : options.files) {
    std::string text;
    if (auto problem = read_file(path, text)) {
      problems.push_back(std::move(*problem));
      continue;
    }
    report.files.push_back(path);
    if (is_unit(path, text)) {
      set.units.push_back(read_unit(path, text));
    } else {
      set.scripts.push_back({path, std::move(text), true});
    }
  }
  complain(problems);
  report.findings = lint_units(set);
  const int written = print(options.format == Format::json ? to_json(report) : to_text(report));
  if (written != kNothingFound) return written;
  if (!problems.empty()) return kIncomplete;
  const bool found =
      std::ranges::any_of(report.findings, [](const UnitFinding& one) { return one.fault != Fault::notice; });
  return found ? kFound : kNothingFound;
}

}  // namespace ahdiag
