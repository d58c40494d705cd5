#include <nlohmann/json.hpp>
#include <string>

#include "report/check_memory.h"
#include "report/lint_report.h"
#include "report/merge.h"
#include "rules/book.h"
#include "rules/lint.h"
#include "targets.h"
#include "text/digest.h"
#include "unit/lint.h"

namespace ahdiag::fuzz {
namespace {

void must_be_printable(const Problems& problems) {
  for (const auto& one : problems) fuzz::must_be_printable(to_line(one), "a problem without control characters");
}

const RuleBook& book() {
  static const RuleBook one = [] {
    Problems problems;
    return RuleBook::load({}, problems);
  }();
  return one;
}

// The digest would keep all but the first bytes from being read.
std::string with_digest(std::string_view bytes) {
  using Json = nlohmann::ordered_json;
  try {
    Json json = Json::parse(bytes);
    if (json.is_object() && json.contains("state")) json["digest"] = digest(json.at("state").dump());
    return json.dump();
  } catch (const Json::exception&) {
    return std::string(bytes);
  }
}

}  // namespace

void rules(std::string_view bytes) {
  const std::string text(bytes);
  Problems problems;
  const RuleBook loaded = RuleBook::load({{"rules/fuzz.json", text}}, problems);
  must_be_printable(problems);
  if (problems.empty()) must_be_printable(lint(loaded));
}

void merge(std::string_view bytes) {
  Merger merger(book(), "0");
  if (const auto problem = merger.add(bytes, "web1")) {
    must_be_printable(Problems{*problem});
    must(merger.empty(), "what is refused changes nothing");
    return;
  }
  const std::string merged = merger.to_json(true);
  fuzz::must_be_printable(merged, "JSON without control characters");
  fuzz::must_be_printable(merger.to_text({}), "text without control characters");
  Merger again(book(), "0");
  must(!again.add(merged, "web2"), "what was merged can be merged again");
  must(again.to_json(true) == merged, "and stays the same");
}

void state(std::string_view bytes) {
  const auto read = read_check_memory(with_digest(bytes), "state");
  if (const auto* problem = std::get_if<Problem>(&read)) return must_be_printable(Problems{*problem});
  const std::string written = to_json(std::get<CheckMemory>(read));
  const auto again = read_check_memory(written, "state");
  must(std::holds_alternative<CheckMemory>(again), "what was written can be read");
  must(to_json(std::get<CheckMemory>(again)) == written, "and stays the same");
}

void unit(std::string_view bytes) {
  const std::string text(bytes);
  UnitSet set;
  set.units = {read_unit("/etc/systemd/system/a.service", text), read_unit("/etc/systemd/system/b.timer", text)};
  set.scripts = {{"/usr/local/sbin/a", text, true}};
  LintReport report{{"a.service", "b.timer", "a"}, lint_units(set)};
  fuzz::must_be_printable(to_text(report), "text without control characters");
  must(nlohmann::json::accept(to_json(report)), "the findings are JSON");
}

}  // namespace ahdiag::fuzz
