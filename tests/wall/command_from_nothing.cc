// error: .*no matching
#include "plan/bind.h"

auto wrong() { return ahdiag::Command(); }
