#include "rules/embedded.h"

#include <algorithm>

namespace ahdiag {

std::string_view embedded_file(std::string_view name) {
  const auto files = embedded_files();
  const auto found = std::ranges::lower_bound(files, name, {}, &EmbeddedFile::name);
  return found != files.end() && found->name == name ? found->text : std::string_view();
}

}  // namespace ahdiag
