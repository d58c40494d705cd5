// error: .*private
#include "plan/bind.h"

auto wrong() { return ahdiag::FileWrite(); }
