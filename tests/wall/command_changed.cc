// error: .*(no match for|no viable overloaded|discards qualifiers|passing 'const)
#include "plan/bind.h"

void wrong(const ahdiag::Command& command, const std::string& logged) { command.argv()[0] = logged; }
