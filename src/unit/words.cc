#include "unit/words.h"

#include <algorithm>
#include <array>
#include <utility>

#include "text/ascii.h"

namespace ahdiag {

std::vector<UnitWord> unit_words(std::string_view value) {
  std::vector<UnitWord> words;
  std::optional<UnitWord> word;
  char quote = '\0';
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (quote == '\0' && is_blank(c)) {
      if (word) words.push_back(*std::exchange(word, std::nullopt));
      continue;
    }
    if (!word) word = UnitWord{};
    if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
      word->quoted = true;
    } else if (quote != '\0' && c == quote) {
      quote = '\0';
    } else {
      const bool escape = c == '\\' && i + 1 < value.size();
      word->text += escape ? value[++i] : c;
    }
  }
  if (word) {
    word->balanced = quote == '\0';
    words.push_back(std::move(*word));
  }
  return words;
}

bool is_balanced(const std::vector<UnitWord>& words) {
  return std::ranges::all_of(words, [](const UnitWord& word) { return word.balanced; });
}

std::optional<std::string> straight_quotes(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 6> kQuotes = {{{"\xe2\x80\x9c", '"'},
                                                                                {"\xe2\x80\x9d", '"'},
                                                                                {"\xe2\x80\x9e", '"'},
                                                                                {"\xe2\x80\x98", '\''},
                                                                                {"\xe2\x80\x99", '\''},
                                                                                {"\xe2\x80\x9a", '\''}}};
  std::string out;
  bool any = false;
  while (!text.empty()) {
    const auto* found = std::ranges::find_if(kQuotes, [&](const auto& row) { return text.starts_with(row.first); });
    any = any || found != kQuotes.end();
    out += found != kQuotes.end() ? found->second : text.front();
    text.remove_prefix(found != kQuotes.end() ? found->first.size() : 1);
  }
  return any ? std::optional(out) : std::nullopt;
}

}  // namespace ahdiag
