// Readers that rules and remedies share: conditions, steps, plain maps.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/node.h"
#include "rules/read.h"
#include "rules/rule.h"

namespace ahdiag {

// `names` and those of the members that hold steps.
std::vector<std::string_view> with_steps(std::vector<std::string_view> names);

Condition read_condition(const Node& node);
Steps read_all_steps(const Node& node);
std::map<std::string, std::string> read_map(const Node& node, const std::string& name);

// Reads one file with `body`; nothing where a problem came up.
template <typename T>
std::optional<T> read(const RuleFile& file, Problems& problems, const std::function<void(const Node&, T&)>& body) {
  const std::size_t before = problems.size();
  const NodeFile node_file{file.name, file.text, &problems, file.trusted};
  T value;
  Node::parse(node_file, [&](const Node& node) { body(node, value); });
  if (problems.size() > before) return std::nullopt;
  return value;
}

}  // namespace ahdiag
