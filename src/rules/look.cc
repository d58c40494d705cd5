#include "rules/look.h"

#include <algorithm>

namespace ahdiag {
namespace {

using Kind = Look::Kind;

// In the order of the kinds.
constexpr std::array<LookForm, 25> kForms = {{{Kind::missing, "missing", "path", {}},
                                              {Kind::missing_or_empty, "missing_or_empty", "path", {}},
                                              {Kind::exists, "exists", "path", {"type"}},
                                              {Kind::refuses, "refuses", "path", {"user", "to"}},
                                              {Kind::read_only, "read_only", "path", {}},
                                              {Kind::full, "full", "path", {}},
                                              {Kind::label, "label", "path", {"type"}, 1},
                                              {Kind::made_at_boot, "made_at_boot", "path", {}},
                                              {Kind::stale_pid, "stale_pid", "path", {}},
                                              {Kind::held, "held", "port", {}},
                                              {Kind::local, "local", "address", {}},
                                              {Kind::no_semaphores, "no_semaphores", "user", {}},
                                              {Kind::no_segments, "no_segments", "user", {}},
                                              {Kind::no_handles, "no_handles", "command", {}},
                                              {Kind::no_tasks, "no_tasks", "command", {}},
                                              {Kind::selinux, "selinux", "mode", {}},
                                              {Kind::boolean, "boolean", "name", {"value"}, 1},
                                              {Kind::no_user, "no_user", "name", {}},
                                              {Kind::no_group, "no_group", "name", {}},
                                              {Kind::listed_twice, "listed_twice", "port", {}},
                                              {Kind::loads, "loads", "module", {}},
                                              {Kind::unit_sets, "unit_sets", "settings", {"service"}},
                                              {Kind::expired, "expired", "certificate", {}},
                                              {Kind::mismatch, "mismatch", "certificate", {"key"}, 1},
                                              {Kind::named, "named", "certificate", {"name"}, 1}}};

}  // namespace

const LookForm* look_form(std::string_view name) {
  const auto* found = std::ranges::find_if(kForms, [&](const LookForm& form) { return form.name == name; });
  return found == kForms.end() ? nullptr : found;
}

const LookForm& look_form(Look::Kind kind) { return kForms.at(static_cast<std::size_t>(kind)); }

}  // namespace ahdiag
