#include <algorithm>
#include <deque>
#include <random>
#include <vector>

#include "catch.h"
#include "text/queue.h"

using namespace ahdiag;

TEST_CASE("a queue is what a deque is", "[text][queue]") {
  std::mt19937 random(7);
  Queue<int, 8> queue;
  std::deque<int> expected;
  for (int i = 0; i < 5000; ++i) {
    const auto what = random() % 16;
    if (what < 8 && !queue.full()) {
      queue.push(i);
      expected.push_back(i);
    } else if (what < 13 && !queue.empty()) {
      CHECK(queue.front() == expected.front());
      CHECK(queue.pop() == expected.front());
      expected.pop_front();
    } else if (what == 13) {
      const auto fits = [](int one) { return one % 3 == 0; };
      queue.erase_if(fits);
      std::erase_if(expected, fits);
    }
    REQUIRE(queue.empty() == expected.empty());
    REQUIRE(queue.full() == (expected.size() == 8));
    if (what == 14) CHECK(std::ranges::equal(queue.all(), expected));
  }
}

TEST_CASE("a queue can be sorted where it stands", "[text][queue]") {
  Queue<int, 4> queue;
  for (const int one : {9, 3, 1, 2}) queue.push(one);
  queue.pop();
  queue.push(0);
  std::ranges::stable_sort(queue.all());
  std::vector<int> all;
  while (!queue.empty()) all.push_back(queue.pop());
  CHECK(all == std::vector{0, 1, 2, 3});
}
