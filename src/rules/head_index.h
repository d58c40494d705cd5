// The way from an entry to the heads of the rules that may explain it. Heads are numbered in the order of their ids.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rules/code_table.h"
#include "rules/head.h"
#include "text/literals.h"

namespace ahdiag {

struct HeadIndex {
  CodeTable by_code;                       // of ids of httpd
  Literals by_text;                        // for entries without an id
  Literals by_body;                        // for the body of a configuration error
  std::vector<std::uint32_t> by_any_body;  // and those for every such body
};

HeadIndex index_of(std::span<const RuleHead> heads);

// That of the rules compiled in, made at build time by tools/index_rules.cc.
struct HeadTables {
  CodeTable::Tables by_code;
  Literals::Tables by_text, by_body;
  std::span<const std::uint32_t> by_any_body;
};
const HeadTables& head_tables();

}  // namespace ahdiag
