#include "cli/handover.h"

#include <unistd.h>

namespace ahdiag {

bool hand_over() {
  if (::fork() != 0) return false;
  ::setsid();  // prefork signals its whole process group
  return true;
}

}  // namespace ahdiag
