// What is wrong with rules beyond their form: what cannot work, and what must not be.
#pragma once

#include "rules/book.h"

namespace ahdiag {

Problems lint(const RuleBook& book);

}  // namespace ahdiag
