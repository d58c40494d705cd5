// error: .*private
#include "plan/bind.h"

auto wrong(const std::string& logged) { return ahdiag::Fact(ahdiag::FactType::path, logged, {}); }
