// error: .*(could not convert|no viable conversion|no matching|cannot convert)
#include "plan/bind.h"

auto wrong(const std::vector<std::string>& logged) { return ahdiag::Fact::command(logged); }
