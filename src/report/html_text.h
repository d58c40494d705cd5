// The one place that makes HTML of text.
#pragma once

#include <string>
#include <string_view>

namespace ahdiag {

// `text` as text, in an element as well as in an attribute between quotes; printable.
std::string html_text(std::string_view text);

}  // namespace ahdiag
