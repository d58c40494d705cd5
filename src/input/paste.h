// What copying through terminals, browsers, editors and mail does to a line, undone.
#pragma once

#include <string>
#include <string_view>

namespace ahdiag {

// `line` as it was, or a mended copy in `scratch`: terminal colours, HTML entities, typographic quotation marks and
// full-width signs, Markdown's bold and code marks, an editor's visible line ends, a header that lost its first
// bracket. A line that needs nothing is not copied.
std::string_view mend(std::string_view line, std::string& scratch);

}  // namespace ahdiag
