#include "text/processors.h"

#include <algorithm>

#ifdef __linux__
#include <sched.h>
#endif

namespace ahdiag {

#ifdef __linux__

void Processors::take() {
  const std::lock_guard lock(mutex_);
  const int here = ::sched_getcpu();
  cpu_set_t allowed;
  if (std::ranges::find(taken_, here) != taken_.end() && ::sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    cpu_set_t others = allowed;
    for (const int one : taken_) CPU_CLR(static_cast<std::size_t>(one), &others);
    if (CPU_COUNT(&others) > 0 && ::sched_setaffinity(0, sizeof others, &others) == 0)
      ::sched_setaffinity(0, sizeof allowed, &allowed);
  }
  taken_.push_back(::sched_getcpu());
}

#else

void Processors::take() {}

#endif

}  // namespace ahdiag
