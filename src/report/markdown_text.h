// The one place that makes Markdown of text. What a stranger put into a log stays text, on GitHub, on GitLab, in Jira
// and in a mail: it mentions nobody, refers to nothing, links nowhere, loads nothing, and ends no block.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ahdiag {

// Words of one line. Escapes do not help: sites look for @names, #numbers and addresses in the rendered text. So every
// word that is not plainly a word (a path, an address, a name with '_') becomes code, where nobody looks.
// Never put it at the begin of a line: "1." and "-" would begin a list.
std::string markdown_text(std::string_view text);

// `text`, between more backticks than it holds in a row.
std::string markdown_code(std::string_view text);

// A block of its own, fenced by more backticks than `text` holds in a row. Not for list items: some renderers know
// fences at the begin of a line only.
std::string markdown_block(std::string_view text, std::string_view language);

// "**3.** Why it is done." and a block of what is typed, or `words` where nothing is.
std::string markdown_step(std::size_t number, std::string_view why, std::string_view typed, std::string_view words);

}  // namespace ahdiag
