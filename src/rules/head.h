// What is known of each rule before it is read: enough to find the few that an entry may belong to.
#pragma once

#include <span>
#include <string_view>

#include "text/literals.h"

namespace ahdiag {

struct RuleHead {
  std::string_view id;
  std::string_view file;                           // "core/AH00023.json"
  std::span<const std::string_view> codes;         // ids of httpd
  std::span<const std::string_view> contains;      // literals, any of which a text without an id holds
  std::span<const std::string_view> consequences;  // ids of httpd and of rules that it folds
  std::string_view json;                           // the rule without its examples; empty for one that was given
  bool within_config_error = false;
  bool fallback = false;
  bool summary = false;
};

// A text of a log that reveals its platform; weight 10 decides, 1 hints.
struct SignHead {
  std::string_view text;
  int weight;
  std::string_view platform;
  std::string_view variant;  // of the platform, or empty
};

// What is compiled in of platforms.json: its signs, and its parts, which are read as they are needed.
struct PlatformText {
  std::string_view id;
  std::span<const std::string_view> variants;
  std::string_view json;
};
struct PlatformIndex {
  std::string_view facts;  // JSON
  std::span<const PlatformText> platforms;
  std::span<const SignHead> signs;
  Literals::Tables sign_texts;  // owner: the sign's place
};
const PlatformIndex& platform_index();

// Of the rules compiled in, in the order of their ids. Written at build time by tools/index_rules.cc.
std::span<const RuleHead> rule_index();

}  // namespace ahdiag
