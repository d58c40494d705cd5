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

TEST_CASE("a thread moves off a processor that is taken, and may go anywhere afterwards", "[text][processors]") {
  cpu_set_t before, after;
  REQUIRE(::sched_getaffinity(0, sizeof before, &before) == 0);
  const int here = ::sched_getcpu();
  Processors processors;
  processors.take();
  processors.take();
  REQUIRE(::sched_getaffinity(0, sizeof after, &after) == 0);
  CHECK(CPU_EQUAL(&before, &after));
  processors.take();  // more threads than processors are no trouble
  REQUIRE(::sched_getaffinity(0, sizeof after, &after) == 0);
  CHECK(CPU_EQUAL(&before, &after));
  CHECK(here >= 0);
}

#endif
