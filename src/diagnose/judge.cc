#include "diagnose/judge.h"

#include <algorithm>

#include "diagnose/evidence.h"
#include "text/digest.h"
#include "text/path.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

// Slots that need the platform: a relative path under ServerRoot, a module's package.
std::string derive_from_platform(const SlotSpec& spec, const std::string& from, const Scope& scope) {
  if (spec.derived.kind == Derivation::Kind::resolve) {
    if (from.starts_with('/')) return from;
    const Fact* root = scope.fact("server_root");
    return root == nullptr ? std::string() : root->value() + "/" + from;
  }
  if (spec.derived.kind != Derivation::Kind::package_of) return {};
  const auto& packages = scope.setting().packages;
  const auto found = packages.find(from);
  return found == packages.end() ? std::string() : found->second;
}

std::vector<std::string> directories(const SlotSpec& spec, const Scope& scope) {
  std::vector<std::string> all;
  for (const auto& one : spec.under) {
    const std::string directory = scope.prose(one);
    if (!refuse_path(directory)) all.push_back(directory);
  }
  return all;
}

void accept_slot(const SlotSpec& spec, std::string_view logged, Scope& scope) {
  auto accepted = Slot::accept(spec, logged, directories(spec, scope));
  if (auto* slot = std::get_if<Slot>(&accepted)) return scope.put(spec.name, std::move(*slot));
  scope.refuse(spec.name, {printable(logged), std::get<Refusal>(accepted).why});
}

bool of_platform(const SlotSpec& spec) {
  return spec.derived.kind == Derivation::Kind::resolve || spec.derived.kind == Derivation::Kind::package_of;
}

void accept_captured(const Incident& incident, Scope& scope) {
  for (const auto& spec : incident.rule->slots) {
    const auto captured = incident.captures.find(spec.name);
    if (captured != incident.captures.end()) accept_slot(spec, captured->second, scope);
  }
}

void accept_slots(Incident& incident, Scope& scope) {
  accept_captured(incident, scope);
  for (const auto& spec : incident.rule->slots) {
    if (!of_platform(spec)) continue;
    const Slot* slot = scope.slot(spec.derived.from);
    const auto captured = incident.captures.find(spec.derived.from);
    if (slot == nullptr && captured == incident.captures.end()) continue;
    std::string text = derive_from_platform(spec, slot != nullptr ? slot->value() : captured->second, scope);
    if (!text.empty()) incident.captures.insert_or_assign(spec.name, std::move(text));
  }
  derive_captures(*incident.rule, incident.captures);  // what starts from those
  accept_captured(incident, scope);
}

std::vector<const Case*> rank_cases(const Rule& rule, const Scope& scope) {
  std::vector<const Case*> fitting;
  for (const auto& one : rule.cases) {
    // The last resort is no alternative to a real cause.
    const bool last_resort = one.when.tests.empty() && one.cause_class == "unknown-error";
    if (scope.holds(one.when) && (fitting.empty() || !last_resort)) fitting.push_back(&one);
    if (!fitting.empty() && fitting.front()->certainty == Certainty::certain) break;  // nothing is left to weigh
  }
  if (fitting.empty() && !rule.cases.empty()) fitting.push_back(&rule.cases.back());
  return fitting;
}

std::string subject_value(const Incident& incident, const Scope& scope) {
  if (const Slot* slot = scope.slot(incident.rule->subject)) return slot->value();
  const auto captured = incident.captures.find(incident.rule->subject);
  return captured == incident.captures.end() ? std::string() : captured->second;
}

// What an error in .htaccess stops: never the server.
constexpr std::string_view kHtaccessEffect =
    "Every request below the folder of this file gets status 500; the rest of the server is well.";

Diagnosis judge_one(Incident incident, const Setting& setting, const std::set<std::string, std::less<>>& seen) {
  Scope scope(setting, seen);
  if (incident.status) scope.set_errno(std::string(status_name(incident.status->view(), setting.abi)));
  accept_slots(incident, scope);
  auto candidates = rank_cases(*incident.rule, scope);
  const Case& cause = *candidates.front();
  Severity severity = cause.severity.value_or(incident.rule->severity);
  std::string title = scope.prose(cause.title.empty() ? incident.rule->title : cause.title);
  std::string effect = scope.prose(cause.effect.empty() ? incident.rule->effect : cause.effect);
  if (incident.in_htaccess && severity == Severity::critical) {
    severity = Severity::error;
    effect = kHtaccessEffect;
  }
  const std::string id = digest(incident.rule->id + '\x1f' + cause.id + '\x1f' + scope.errno_name() + '\x1f' +
                                subject_value(incident, scope));
  return {std::move(incident), id, severity, std::move(title), std::move(effect), std::move(candidates),
          std::move(scope)};
}

}  // namespace

std::vector<Diagnosis> judge(Collection& collection, const Setting& setting) {
  std::vector<Diagnosis> all;
  for (auto& incident : collection.incidents) all.push_back(judge_one(std::move(incident), setting, collection.seen));
  std::sort(all.begin(), all.end(), [](const Diagnosis& a, const Diagnosis& b) {
    if (a.severity != b.severity) return a.severity > b.severity;
    if (a.incident.rule->summary != b.incident.rule->summary) return b.incident.rule->summary;
    return a.incident.order < b.incident.order;
  });
  return all;
}

}  // namespace ahdiag
