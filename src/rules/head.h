// What is known of each rule before it is read: enough to find the few that an entry may belong to.
#pragma once

#include <span>
#include <string_view>

namespace ahdiag {

struct RuleHead {
  std::string_view id;
  std::string_view file;                           // "core/AH00023.json"
  std::span<const std::string_view> codes;         // ids of httpd
  std::span<const std::string_view> contains;      // literals, any of which a text without an id holds
  std::span<const std::string_view> consequences;  // ids of httpd and of rules that it folds
  bool within_config_error = false;
  bool fallback = false;
  bool summary = false;
};

// Of the rules compiled in, in the order of their ids. Written at build time by tools/index_rules.cc.
std::span<const RuleHead> rule_index();

}  // namespace ahdiag
