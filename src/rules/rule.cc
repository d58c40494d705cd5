#include "rules/rule.h"

#include <algorithm>
#include <array>

namespace ahdiag {
namespace {

constexpr std::array<std::string_view, 4> kSeverities = {"notice", "warning", "error", "critical"};
constexpr std::array<std::string_view, 3> kCertainties = {"possible", "likely", "certain"};
constexpr std::array<std::string_view, 4> kRisks = {"none", "low", "service-interruption", "data"};
constexpr std::array<std::string_view, 5> kPhases = {"inspect", "repair", "persist", "verify", "undo"};

}  // namespace

bool is_given_slot(std::string_view name) {
  static constexpr std::array<std::string_view, 5> kGiven = {"config_file", "config_line", "config_place", "code",
                                                             "area"};
  return std::ranges::find(kGiven, name) != kGiven.end();
}

std::optional<Severity> severity_from(std::string_view name) {
  for (std::size_t i = 0; i < kSeverities.size(); ++i) {
    if (kSeverities.at(i) == name) return static_cast<Severity>(i);
  }
  return std::nullopt;
}

std::string_view severity_name(Severity severity) { return kSeverities.at(static_cast<std::size_t>(severity)); }
std::string_view certainty_name(Certainty certainty) { return kCertainties.at(static_cast<std::size_t>(certainty)); }
std::string_view risk_name(Risk risk) { return kRisks.at(static_cast<std::size_t>(risk)); }
std::string_view phase_name(Phase phase) { return kPhases.at(static_cast<std::size_t>(phase)); }

const SlotSpec* Rule::slot(std::string_view name) const {
  for (const auto& spec : slots) {
    if (spec.name == name) return &spec;
  }
  return nullptr;
}

const SlotSpec* Rule::slot_of_group(std::string_view group) const {
  const SlotSpec* own = slot(group);
  if (own != nullptr || group.empty() || group.back() < '0' || group.back() > '9') return own;
  return slot(group.substr(0, group.size() - 1));
}

void Rule::prepare() {
  slots_of_groups_.clear();
  for (const auto& group : match.message.groups()) {
    const SlotSpec* one = slot_of_group(group);
    slots_of_groups_.push_back(one == nullptr ? -1 : static_cast<int>(one - slots.data()));
  }
  key_parts_.clear();
  if (same.empty()) {
    add_key_part("errno");
    add_key_part(subject);
  }
  for (const auto& name : same) add_key_part(name);
}

void Rule::add_key_part(const std::string& name) {
  const SlotSpec* const own = slot(name);
  const bool derived = own != nullptr && own->derived.kind != Derivation::Kind::none;
  KeyPart& part = key_parts_.emplace_back(KeyPart{name, {}, derived || is_given_slot(name)});
  for (std::size_t i = 0; i < slots_of_groups_.size(); ++i) {
    if (slots_of_groups_[i] >= 0 && slots[static_cast<std::size_t>(slots_of_groups_[i])].name == name)
      part.groups.push_back(i);
  }
}

}  // namespace ahdiag
