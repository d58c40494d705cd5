// error: .*no matching
#include "plan/bind.h"

auto wrong(const std::vector<std::string>& logged, const ahdiag::Scope& scope) { return ahdiag::bind(logged, scope); }
