#include "diagnose/judge.h"

#include <algorithm>
#include <numeric>

#include "diagnose/evidence.h"
#include "diagnose/incident_id.h"
#include "diagnose/settle.h"
#include "text/path.h"
#include "text/threads.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

// A relative path lies under ServerRoot.
std::string resolve(const std::string& path, const Scope& scope) {
  const Fact* root = scope.fact("server_root");
  if (path.starts_with('/')) return path;
  return root == nullptr ? std::string() : root->value() + "/" + path;
}

// A path behind a link that the platform's package brings.
std::string real(const std::string& path, const Links& links) {
  for (const auto& [link, target] : links) {
    const bool below = path.starts_with(link) && (path.size() == link.size() || path[link.size()] == '/');
    if (below) return target + path.substr(link.size());
  }
  return path;
}

// Slots that need the platform.
std::string derive_from_platform(const SlotSpec& spec, const std::string& from, const Scope& scope) {
  if (spec.derived.kind == Derivation::Kind::resolve) return resolve(from, scope);
  if (spec.derived.kind == Derivation::Kind::real) return real(from, scope.setting().links);
  const auto& packages = scope.setting().packages;
  const auto found = packages.find(from);
  return found == packages.end() ? std::string() : found->second;
}

// The boundary of a path: what accepted slots and facts say, never a refused text.
std::vector<std::string> directories(const SlotSpec& spec, const Scope& scope) {
  std::vector<std::string> all;
  for (const auto& one : spec.under) {
    const auto known = [&](const Template::Part& part) {
      return !part.hole || scope.slot(part.text) != nullptr ||
             (scope.refused(part.text) == nullptr && scope.fact(part.text) != nullptr);
    };
    if (!std::ranges::all_of(one.parts(), known)) continue;
    const std::string directory = scope.prose(one);
    if (!refuse_path(directory)) all.push_back(directory);
  }
  return all;
}

void accept_slot(const SlotSpec& spec, std::string_view logged, Scope& scope) {
  const auto boundary = directories(spec, scope);
  if (!spec.under.empty() && boundary.empty()) {
    return scope.refuse(
        spec.name, {printable(logged), "nothing tells below which directory it has to lie; give --platform or --fact"});
  }
  auto accepted = Slot::accept(spec, logged, boundary);
  if (auto* slot = std::get_if<Slot>(&accepted)) return scope.put(spec.name, std::move(*slot));
  scope.refuse(spec.name, {printable(logged), std::get<Refusal>(accepted).why});
}

bool of_platform(const SlotSpec& spec) {
  using Kind = Derivation::Kind;
  return spec.derived.kind == Kind::resolve || spec.derived.kind == Kind::real || spec.derived.kind == Kind::package_of;
}

// What is derived from a refused text is refused with it: else the directory of a path that must not be touched would
// be.
void accept_captured(const Incident& incident, Scope& scope) {
  for (const auto& spec : incident.rule->slots) {
    const auto captured = incident.captures.find(spec.name);
    const bool decided = scope.slot(spec.name) != nullptr || scope.refused(spec.name) != nullptr;
    if (captured == incident.captures.end() || decided) continue;
    const bool derived = spec.derived.kind != Derivation::Kind::none;
    const Refused* const source = derived ? scope.refused(spec.derived.from) : nullptr;
    if (spec.from_server && !incident.by_server) {
      scope.refuse(spec.name, {printable(captured->second), "the entry names a client, who may have chosen the words"});
    } else if (source != nullptr) {
      scope.refuse(spec.name, {printable(captured->second), source->why});
    } else if (!derived || scope.slot(spec.derived.from) != nullptr) {
      accept_slot(spec, captured->second, scope);
    }
  }
}

void derive_with_platform(Incident& incident, Scope& scope) {
  for (const auto& spec : incident.rule->slots) {
    if (!of_platform(spec)) continue;
    const Slot* slot = scope.slot(spec.derived.from);
    const auto captured = incident.captures.find(spec.derived.from);
    if (slot == nullptr && captured == incident.captures.end()) continue;
    std::string text = derive_from_platform(spec, slot != nullptr ? slot->value() : captured->second, scope);
    if (!text.empty()) incident.captures.insert_or_assign(spec.name, std::move(text));
  }
}

// For people: a .htaccess error names no line, and what was pasted may name no file.
std::string config_place(const Captures& captures) {
  const auto file = captures.find("config_file");
  const auto line = captures.find("config_line");
  if (file == captures.end()) return "the configuration file that the message names";
  return line == captures.end() ? file->second : "line " + line->second + " of " + file->second;
}

// A slot may start from one that starts from another: "raw" -> resolved "file" -> its "dir" -> the "real" one.
void accept_slots(Incident& incident, Scope& scope) {
  constexpr int kLongestChain = 3;
  accept_captured(incident, scope);
  if (const SlotSpec* place = incident.rule->slot("config_place"))
    accept_slot(*place, config_place(incident.captures), scope);
  for (int round = 0; round < kLongestChain; ++round) {
    derive_with_platform(incident, scope);
    derive_captures(*incident.rule, incident.captures);
    accept_captured(incident, scope);
  }
}

std::vector<Candidate> rank_cases(const Rule& rule, const Scope& scope) {
  std::vector<Candidate> fitting;
  for (const auto& one : rule.cases) {
    // The last resort is no alternative to a real cause.
    const bool last_resort = one.when.tests.empty() && one.cause_class == "unknown-error";
    if (scope.holds(one.when) && (fitting.empty() || !last_resort)) fitting.push_back({&one, one.certainty, {}, {}});
    if (!fitting.empty() && fitting.front().certainty == Certainty::certain) break;  // nothing is left to weigh
  }
  if (fitting.empty() && !rule.cases.empty())
    fitting.push_back({&rule.cases.back(), rule.cases.back().certainty, {}, {}});
  return fitting;
}

// What an error in .htaccess stops: never the server.
constexpr std::string_view kHtaccessEffect =
    "Every request below the folder of this file gets status 500; the rest of the server is well.";

Severity severity_of(const Incident& incident, const Case& cause) {
  return cause.severity.value_or(incident.rule->severity);
}

bool stops_requests_only(const Incident& incident, const Case& cause) {
  return incident.in_htaccess && severity_of(incident, cause) == Severity::critical;
}

// Whether a look has told of the machine.
bool is_told(const std::vector<Candidate>& candidates) {
  return std::ranges::any_of(candidates, [](const Candidate& one) { return !one.sightings.empty(); });
}

Diagnosis judge_one(Incident incident, const Setting& setting, const std::set<std::string, std::less<>>& seen,
                    Host* host) {
  Scope scope(setting, seen);
  scope.set_speech(incident.by_server, incident.count);
  if (incident.status) scope.set_errno(std::string(status_name(incident.status->view(), setting.abi)));
  accept_slots(incident, scope);
  auto candidates = rank_cases(*incident.rule, scope);
  std::vector<Sighting> sightings;
  if (host != nullptr) settle(candidates, scope, *host);
  if (host != nullptr && !is_told(candidates)) sightings = sightings_of_subject(*incident.rule, scope, *host);
  const bool spared = stops_requests_only(incident, *candidates.front().cause);
  const Severity severity = spared ? Severity::error : severity_of(incident, *candidates.front().cause);
  const std::string id = incident_id(incident);
  Diagnosis diagnosis{std::move(incident), id, severity, {}, {}, std::move(candidates), std::move(sightings),
                      std::move(scope)};
  put_into_words(diagnosis);
  return diagnosis;
}

}  // namespace

void put_into_words(Diagnosis& diagnosis) {
  const Rule& rule = *diagnosis.incident.rule;
  const Case& cause = *diagnosis.candidates.front().cause;
  const Scope& scope = diagnosis.scope;
  const bool spared = stops_requests_only(diagnosis.incident, cause);
  diagnosis.title = scope.prose(cause.title.empty() ? rule.title : cause.title);
  diagnosis.effect =
      spared ? std::string(kHtaccessEffect) : scope.prose(cause.effect.empty() ? rule.effect : cause.effect);
}

std::vector<Diagnosis> judge(Collection& collection, const Setting& setting, Host* host, unsigned threads) {
  std::vector<std::optional<Diagnosis>> judged(collection.incidents.size());
  for_each_of(judged.size(), host == nullptr ? threads : 1, [&](std::size_t i) {
    judged[i] = judge_one(std::move(collection.incidents[i]), setting, collection.seen, host);
  });
  std::vector<std::size_t> order(judged.size());  // what is sorted is small
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t left, std::size_t right) {
    const Diagnosis &a = *judged[left], &b = *judged[right];
    if (a.severity != b.severity) return a.severity > b.severity;
    if (a.incident.rule->summary != b.incident.rule->summary) return b.incident.rule->summary;
    return a.incident.order < b.incident.order;
  });
  std::vector<Diagnosis> all;
  all.reserve(judged.size());
  for (const auto i : order) all.push_back(std::move(*judged[i]));
  return all;
}

}  // namespace ahdiag
