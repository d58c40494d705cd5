#include "diagnose/redact.h"

#include <algorithm>
#include <functional>

namespace ahdiag {
namespace {

using Kind = Identities::Kind;
using Change = std::function<void(std::string&)>;

// What a slot holds as a whole, by its type and by what the rule calls its subject.
std::optional<Kind> kind_of(const Rule& rule, std::string_view name) {
  const SlotSpec* spec = rule.slot(name);
  const SlotType type = spec == nullptr ? SlotType::text : spec->type;
  if (type == SlotType::user) return Kind::user;
  if (type == SlotType::host || type == SlotType::address) return Kind::host;
  if (name != rule.subject || type != SlotType::text) return std::nullopt;
  if (rule.subject_kind == "user") return Kind::user;
  if (rule.subject_kind == "host" || rule.subject_kind == "client" || rule.subject_kind == "address") return Kind::host;
  return std::nullopt;
}

// Hands out every text of a diagnosis that a log or the machine has written, but slots and captures.
void for_each_text(Diagnosis& diagnosis, const Change& visit) {
  for (auto& candidate : diagnosis.candidates) {
    for (auto& one : candidate.sightings) visit(one.text);
  }
  for (auto& one : diagnosis.sightings) visit(one.text);
}

void for_each_evidence(Diagnosis& diagnosis, const std::function<void(Evidence&)>& visit) {
  for (auto& one : diagnosis.incident.evidence) visit(one);
  for (auto& consequence : diagnosis.incident.consequences) {
    for (auto& one : consequence.evidence) visit(one);
  }
}

void learn(Identities& names, Diagnosis& diagnosis) {
  const Rule& rule = *diagnosis.incident.rule;
  for (const auto& [name, text] : diagnosis.incident.captures) {
    const auto kind = kind_of(rule, name);
    if (kind && text.find('/') == std::string::npos) names.learn(*kind, text);
    if (!kind) names.learn(text);
  }
  for_each_evidence(diagnosis, [&](const Evidence& one) { names.learn(one.text); });
  for_each_text(diagnosis, [&](const std::string& text) { names.learn(text); });
}

// An offset of the text before the change, as one of the text after it; inside of a part: its begin or end.
std::size_t moved(std::size_t offset, const std::vector<Identities::Part>& parts, bool is_end) {
  std::size_t now = offset;
  for (const auto& part : parts) {
    if (part.start >= offset) break;
    if (part.end > offset) return now - (offset - part.start) + (is_end ? part.instead.size() : 0);
    now = now + part.instead.size() - (part.end - part.start);
  }
  return now;
}

void change(const Identities& names, Evidence& evidence) {
  const auto parts = names.parts(evidence.text);
  for (auto& span : evidence.spans) {
    span.start = moved(span.start, parts, false);
    span.end = moved(span.end, parts, true);
  }
  evidence.text = Identities::applied(parts, evidence.text);
}

void change_scope(const Identities& names, Diagnosis& diagnosis) {
  Scope& scope = diagnosis.scope;
  const Rule& rule = *diagnosis.incident.rule;
  const auto changed = [&](const std::string& name, const std::string& text) {
    const auto kind = kind_of(rule, name);
    return kind && text.find('/') == std::string::npos ? names.replaced(*kind, text) : names.replaced(text);
  };
  for (auto& [name, text] : diagnosis.incident.captures) text = changed(name, text);
  for (const auto& [name, refused] : std::map(scope.all_refused()))
    scope.refuse(name, {changed(name, refused.logged), names.replaced(refused.why)});
  for (const auto& [name, slot] : std::map(scope.slots())) {
    const std::string text = changed(name, slot.value());
    if (text == slot.value()) continue;
    auto shown = Slot::accept({name, SlotType::text, {}, false, {}}, text, {});
    if (auto* one = std::get_if<Slot>(&shown)) scope.put(name, std::move(*one));
    scope.refuse(name, {text, "it is redacted"});
  }
}

void for_each_text(Machine& machine, const Change& visit) {
  visit(machine.root);
  for (auto& one : machine.unseen) visit(one);
  for (auto& fact : machine.facts) {
    visit(fact.value);
    visit(fact.source);
  }
}

// Accounts, services and the like of the platform, --fact and the machine are the server's own.
std::set<std::string, std::less<>> own_names(const Setting& setting) {
  std::set<std::string, std::less<>> own;
  for (const auto& [name, fact] : setting.facts) {
    if (fact.type() == FactType::user || fact.type() == FactType::unit) own.insert(fact.value());
  }
  return own;
}

}  // namespace

Identities redact(std::vector<Diagnosis>& diagnoses, std::vector<Unmatched>& unmatched, std::optional<Machine>& machine,
                  const Setting& setting) {
  Identities names(own_names(setting));
  for (auto& one : diagnoses) learn(names, one);
  for (const auto& one : unmatched) names.learn(one.example);
  if (machine) for_each_text(*machine, [&](const std::string& text) { names.learn(text); });

  const Change replace = [&](std::string& text) { text = names.replaced(text); };
  for (auto& one : diagnoses) {
    for_each_evidence(one, [&](Evidence& evidence) { change(names, evidence); });
    for_each_text(one, replace);
    change_scope(names, one);
    put_into_words(one);
  }
  for (auto& one : unmatched) replace(one.example);
  if (machine) for_each_text(*machine, replace);
  return names;
}

}  // namespace ahdiag
