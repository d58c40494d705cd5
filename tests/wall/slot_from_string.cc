// error: .*private
#include "plan/bind.h"

auto wrong(const std::string& logged) { return ahdiag::Slot(ahdiag::SlotType::path, logged); }
