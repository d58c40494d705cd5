#include "diagnose/incident_id.h"

#include "text/digest.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

// Slots that need the platform stand for the one that they start from.
std::string_view without_platform(const Rule& rule, std::string_view name) {
  using Kind = Derivation::Kind;
  for (const SlotSpec* slot = rule.slot(name); slot != nullptr; slot = rule.slot(name)) {
    const Kind kind = slot->derived.kind;
    if (kind != Kind::resolve && kind != Kind::real && kind != Kind::package_of) break;
    name = slot->derived.from;
  }
  return name;
}

// "rewrite_module" and "mod_rewrite.so" are one module, "\\x41" is "A": the slot's type knows. What the type refuses is
// taken as it was logged.
std::string value_of(const Incident& incident, std::string_view asked) {
  const auto name = without_platform(*incident.rule, asked);
  const auto captured = incident.captures.find(name);
  if (captured == incident.captures.end()) return {};
  const SlotSpec* spec = incident.rule->slot(name);
  if (spec == nullptr) return unescape_log(captured->second);
  auto accepted = Slot::accept(*spec, captured->second, {});
  const auto* slot = std::get_if<Slot>(&accepted);
  return slot == nullptr ? unescape_log(captured->second) : slot->value();
}

// The words say it on any system; where they do not (another language), numbers are those of Linux, as long as nobody
// knows better in every run.
std::string status_of(const Incident& incident) {
  if (!incident.status) return {};
  const auto name = status_name(incident.status->view(), Abi::linux_);
  return name.empty() ? std::to_string(incident.status->number) : std::string(name);
}

}  // namespace

std::string incident_id(const Incident& incident) {
  std::vector<std::string> same = incident.rule->same;
  if (same.empty()) same = {"errno", incident.rule->subject};
  std::string bytes = incident.rule->id;
  for (const auto& name : same) bytes += '\x1f' + (name == "errno" ? status_of(incident) : value_of(incident, name));
  return digest(bytes);
}

}  // namespace ahdiag
