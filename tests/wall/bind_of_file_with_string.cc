// error: .*no match
#include "plan/bind.h"

auto wrong(ahdiag::WriteTemplate file, const std::string& logged, const ahdiag::Scope& scope) {
  file.lines.push_back(logged);
  return ahdiag::bind(file, scope);
}
