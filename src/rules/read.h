// Rule files to rules. Each reader reports everything that is wrong with its file, not the first thing only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/platform.h"
#include "rules/rule.h"
#include "text/problem.h"

namespace ahdiag {

struct RuleFile {
  std::string name;  // "rules/auth_digest/AH01762.json"
  std::string_view text;
  bool trusted = false;  // compiled in
};

std::optional<Rule> read_rule(const RuleFile& file, Problems& problems);
std::optional<Remedy> read_remedy(const RuleFile& file, Problems& problems);
std::optional<Platforms> read_platforms(const RuleFile& file, Problems& problems);

}  // namespace ahdiag
