// What a case asks of the machine itself, where --host may look at it.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/template.h"

namespace ahdiag {

// One look: a statement about the machine that is so, is not so, or cannot be seen.
struct Look {
  enum class Kind {
    missing,
    missing_or_empty,
    exists,
    refuses,
    read_only,
    full,
    label,
    made_at_boot,
    stale_pid,
    held,
    local,
    no_semaphores,
    no_segments,
    no_handles,
    no_tasks,
    selinux,
    boolean,
    no_user,
    no_group,
    listed_twice,
    loads,
    unit_sets,
    expired,
    mismatch,
    named
  };
  Kind kind = Kind::missing;
  bool negated = false;
  std::map<std::string, std::vector<Template>, std::less<>> arguments;
};

// How a kind is written: {"missing": "{dir}"} names its main argument, {"refuses": {"path": …, "user": …}} all of them.
struct LookForm {
  Look::Kind kind;
  std::string_view name;
  std::string_view main;                 // empty: it takes none
  std::array<std::string_view, 2> more;  // other arguments
  std::size_t required = 0;              // how many of `more` have to be given
};

const LookForm* look_form(std::string_view name);
const LookForm& look_form(Look::Kind kind);

}  // namespace ahdiag
