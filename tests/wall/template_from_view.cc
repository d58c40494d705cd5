// error: .*no matching
#include "plan/bind.h"

auto wrong(std::string_view logged) { return ahdiag::Template(logged); }
