#include "report/lint_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "text/ascii.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

using Json = nlohmann::ordered_json;

std::string counted(std::ptrdiff_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

std::string to_text(const LintReport& report) {
  std::string text;
  for (const auto& one : report.findings) {
    text += fmt::format("{}:{}: {}: {} [{}]\n", printable(one.file), one.line, fault_name(one.fault),
                        printable(one.what), one.id);
    if (one.corrected.empty()) continue;
    for (const auto line : split(one.corrected, '\n')) text += "    " + printable(line) + "\n";
  }
  const auto of = [&](Fault fault) { return std::ranges::count(report.findings, fault, &UnitFinding::fault); };
  return text + fmt::format("{}: {}, {}, {}.\n", counted(static_cast<std::ptrdiff_t>(report.files.size()), "file"),
                            counted(of(Fault::error), "error"), counted(of(Fault::warning), "warning"),
                            counted(of(Fault::notice), "notice"));
}

std::string to_json(const LintReport& report) {
  Json files = Json::array(), findings = Json::array();
  for (const auto& file : report.files) files.push_back(to_utf8(file));
  for (const auto& one : report.findings) {
    findings.push_back({{"file", to_utf8(one.file)},
                        {"line", one.line},
                        {"severity", fault_name(one.fault)},
                        {"id", one.id},
                        {"text", printable(one.what)},
                        {"corrected", one.corrected.empty() ? Json() : Json(to_utf8(one.corrected))}});
  }
  const Json json = {{"schema_version", "1.0"}, {"files", files}, {"findings", findings}};
  return json.dump(2) + "\n";
}

}  // namespace ahdiag
