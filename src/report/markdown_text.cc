#include "report/markdown_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "text/ascii.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

constexpr std::string_view kBefore = "(\"'", kBehind = ".,;:?!)\"'";

std::size_t longest_run_of_backticks(std::string_view text) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

bool is_hex(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f'); });
}

// No site makes anything of it: letters and digits, but neither "GH-12" nor what may be the hash of a commit.
bool is_plain(std::string_view word) {
  constexpr std::size_t kShortestHash = 7;
  const bool letters = std::ranges::all_of(word, [](char c) { return is_alnum(c) || c == '-' || c == '\''; });
  const bool reference = contains(word, "-") && std::ranges::any_of(word, is_digit);
  return letters && !reference && (word.size() < kShortestHash || !is_hex(word));
}

// Some renderers look for comments and instructions of HTML before they look for code: "<" stands outside then.
std::string code_of_word(std::string_view word) {
  std::string out;
  while (true) {
    const auto at = std::min(word.find("<!"), word.find("<?"));
    if (at == std::string_view::npos) return out + markdown_code(word);
    out += markdown_code(word.substr(0, at)) + "&lt;";
    word.remove_prefix(at + 1);
  }
}

std::string written(std::string_view word) {
  const auto begin = std::min(word.find_first_not_of(kBefore), word.size());
  const auto before = word.substr(0, begin);
  word.remove_prefix(begin);
  const auto last = word.find_last_not_of(kBehind);
  const auto core = word.substr(0, last == std::string_view::npos ? 0 : last + 1);
  const auto behind = word.substr(core.size());
  return fmt::format("{}{}{}", before, is_plain(core) ? std::string(core) : code_of_word(core), behind);
}

}  // namespace

std::string markdown_text(std::string_view text) {
  std::string out;
  const std::string shown = printable(text);
  for (const auto word : split(shown, ' ')) {
    if (word.empty()) continue;
    if (!out.empty()) out += ' ';
    out += written(word);
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  const std::string shown = printable(text);
  if (shown.empty()) return {};
  const std::string ticks(longest_run_of_backticks(shown) + 1, '`');
  const bool touches = shown.front() == '`' || shown.back() == '`';  // a blank on both sides is not shown
  return touches ? fmt::format("{0} {1} {0}", ticks, shown) : ticks + shown + ticks;
}

std::string markdown_block(std::string_view text, std::string_view language) {
  const std::string fence(std::max<std::size_t>(3, longest_run_of_backticks(text) + 1), '`');
  return fmt::format("{0}{1}\n{2}{3}{0}\n", fence, language, text, text.ends_with('\n') ? "" : "\n");
}

std::string markdown_step(std::size_t number, std::string_view why, std::string_view typed, std::string_view words) {
  std::string out = fmt::format("\n**{}.** {}", number, markdown_text(why));
  if (!words.empty()) out += " " + markdown_text(words);
  out += '\n';
  return typed.empty() ? out : out + "\n" + markdown_block(typed, "sh");
}

}  // namespace ahdiag
