#include <atomic>
#include <chrono>
#include <thread>

#include "catch.h"
#include "text/processors.h"

#ifdef __linux__
#include <sched.h>
#endif

using namespace ahdiag;
using namespace std::chrono_literals;

TEST_CASE("what comes is waited for, and what does not is not waited for long", "[text][processors]") {
  int asked = 0;
  CHECK(await_awake([&] { return ++asked == 1000; }, 10s));
  CHECK(asked == 1000);
  CHECK_FALSE(await_awake([] { return false; }, 1ms));
}

TEST_CASE("a lock is had when it is free, soon or late", "[text][processors]") {
  for (const auto held : {0ms, 1ms, 30ms}) {
    std::mutex mutex;
    std::atomic<bool> locked = false, freed = false;
    std::jthread other([&] {
      const std::lock_guard lock(mutex);
      locked = true;
      std::this_thread::sleep_for(held);
      freed = true;
    });
    while (!locked) std::this_thread::yield();
    const auto lock = lock_awake(mutex, 2ms);
    CHECK(lock.owns_lock());
    CHECK(freed);
  }
}

#ifdef __linux__

TEST_CASE("a thread that leaves a processor may go anywhere afterwards", "[text][processors]") {
  cpu_set_t before, after;
  REQUIRE(::sched_getaffinity(0, sizeof before, &before) == 0);
  for (const int processor : {processor_in_use(), -1, 100'000}) {
    leave_processor(processor);
    REQUIRE(::sched_getaffinity(0, sizeof after, &after) == 0);
    CHECK(CPU_EQUAL(&before, &after));
  }
}

TEST_CASE("a thread with a single processor stays on it", "[text][processors]") {
  std::jthread([] {
    cpu_set_t one, after;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(processor_in_use()), &one);
    REQUIRE(::sched_setaffinity(0, sizeof one, &one) == 0);
    leave_processor(processor_in_use());
    REQUIRE(::sched_getaffinity(0, sizeof after, &after) == 0);
    CHECK(CPU_EQUAL(&one, &after));
  });
}

#endif
