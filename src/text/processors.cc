#include "text/processors.h"

#ifdef __linux__
#include <sched.h>

#include <fstream>
#include <string>
#endif

namespace ahdiag {

#ifdef __linux__

namespace {

// Where system calls are filtered, to ask for a processor may be the end: SystemCallFilter=~@resources of systemd.
bool are_calls_filtered() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("Seccomp:")) return !line.ends_with("\t0");
  }
  return true;
}

}  // namespace

int processor_in_use() { return ::sched_getcpu(); }

void leave_processor(int processor) {
  static const bool may_ask = !are_calls_filtered();
  cpu_set_t allowed;
  if (!may_ask || processor < 0 || ::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  cpu_set_t others = allowed;
  CPU_CLR(static_cast<std::size_t>(processor), &others);
  if (CPU_COUNT(&others) == 0 || ::sched_setaffinity(0, sizeof others, &others) != 0) return;
  ::sched_setaffinity(0, sizeof allowed, &allowed);
}

#else

int processor_in_use() { return -1; }
void leave_processor(int /*processor*/) {}

#endif

}  // namespace ahdiag
