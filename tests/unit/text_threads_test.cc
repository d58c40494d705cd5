#include <array>
#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "catch.h"
#include "text/threads.h"

using namespace ahdiag;

TEST_CASE("each thread gets its own number", "[text][threads]") {
  std::mutex mutex;
  std::set<std::size_t> numbers;
  std::set<std::thread::id> ids;
  in_threads(3, [&](std::size_t number) {
    const std::lock_guard lock(mutex);
    CHECK(numbers.insert(number).second);
    CHECK(ids.insert(std::this_thread::get_id()).second);
  });
  CHECK(numbers == std::set<std::size_t>{0, 1, 2});
}

TEST_CASE("one thread is the one that calls", "[text][threads]") {
  std::thread::id id;
  in_threads(1, [&](std::size_t) { id = std::this_thread::get_id(); });
  CHECK(id == std::this_thread::get_id());
}

TEST_CASE("what a thread throws comes out when all have ended", "[text][threads]") {
  for (const std::size_t bad : {0, 1, 2}) {
    std::atomic<int> ended = 0;
    const auto work = [&](std::size_t number) {
      ++ended;
      if (number == bad) throw std::runtime_error("number " + std::to_string(number));
    };
    CHECK_THROWS_WITH(in_threads(3, work), "number " + std::to_string(bad));
    CHECK(ended == 3);
  }
}

TEST_CASE("each of many is done once", "[text][threads]") {
  for (const std::size_t count : {0, 1, 15, 16, 31, 32, 1000}) {
    for (const std::size_t threads : {1, 2, 5}) {
      std::vector<std::atomic<int>> done(count);
      for_each_of(count, threads, [&](std::size_t i) { ++done[i]; });
      CHECK(std::ranges::all_of(done, [](const auto& one) { return one == 1; }));
    }
  }
}
