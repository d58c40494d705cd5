#include "cli/version.h"

#include "rules/book.h"

namespace ahdiag {

std::string_view version() { return AHDIAG_VERSION; }

std::string version_text() {
  Problems problems;
  const auto book = RuleBook::load({}, problems);
  return "ahdiag " + std::string(version()) + "\n" + std::to_string(book.heads().size()) + " rules, " +
         std::to_string(book.platforms().list.size()) + " platforms";
}

}  // namespace ahdiag
