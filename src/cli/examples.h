// The examples of a rule are its tests: the log goes through the whole pipeline, the outcome is compared.
#pragma once

#include "rules/book.h"

namespace ahdiag {

// Everything that came out otherwise than the example says; empty where it holds.
Problems run_example(const RuleBook& book, const Rule& rule, const Example& example);

}  // namespace ahdiag
