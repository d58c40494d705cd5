// The words of a value, by systemd's own quoting. Source: systemd.syntax(7), "QUOTING".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ahdiag {

// `quoted`: it stood in quotes. `balanced`: false in the last word where its quote is never closed.
struct UnitWord {
  std::string text;
  bool quoted = false;
  bool balanced = true;
};
std::vector<UnitWord> unit_words(std::string_view value);
bool is_balanced(const std::vector<UnitWord>& words);

// “ ” ‘ ’ as word processors and web pages write them, straight again; nothing where there are none.
std::optional<std::string> straight_quotes(std::string_view text);

}  // namespace ahdiag
