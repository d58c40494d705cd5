#include "rules/head_index.h"

#include <utility>

namespace ahdiag {

HeadIndex index_of(std::span<const RuleHead> heads) {
  HeadIndex index;
  std::vector<Literals::Literal> texts, bodies;
  std::vector<CodeTable::Pair> codes;
  for (std::uint32_t i = 0; i < heads.size(); ++i) {
    const RuleHead& head = heads[i];
    for (const auto literal : head.contains) (head.within_config_error ? bodies : texts).push_back({literal, i});
    if (head.within_config_error && head.contains.empty()) index.by_any_body.push_back(i);
    if (head.within_config_error) continue;
    for (const auto code : head.codes) codes.emplace_back(code, i);
  }
  index.by_text = Literals(texts);
  index.by_body = Literals(bodies);
  index.by_code = CodeTable(std::move(codes));
  return index;
}

}  // namespace ahdiag
