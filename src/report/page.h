// Style and script of the HTML report, compiled in. cmake/embed_page.cmake writes the other side.
#pragma once

#include <string_view>

namespace ahdiag {

struct PageAsset {
  std::string_view text;
  std::string_view hash;  // as a Content-Security-Policy names it: "sha256-…"
};

PageAsset page_style();
PageAsset page_script();

}  // namespace ahdiag
