// error: .*(discards qualifiers|no matching|not marked const)
#include "plan/bind.h"

void wrong(ahdiag::Template& text, const std::string& logged) { text.parts().push_back({logged, false}); }
