// error: .*no matching
#include "plan/bind.h"

auto wrong(const std::string& logged) { return ahdiag::Template(logged); }
