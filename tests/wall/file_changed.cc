// error: .*private
#include "plan/bind.h"

void wrong(ahdiag::FileWrite& file, const std::string& logged) { file.content_ = logged; }
