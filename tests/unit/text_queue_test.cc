#include <algorithm>
#include <cstdint>
#include <deque>
#include <random>
#include <ranges>
#include <vector>

#include "catch.h"
#include "text/queue.h"

using namespace ahdiag;

namespace {

constexpr std::size_t kRoom = 8;

// The same done to both, as a number says.
void change(Queue<int, kRoom>& queue, std::deque<int>& expected, std::uint32_t what, int value) {
  const auto fits = [](int one) { return one % 3 == 0; };
  if (what < 8 && !queue.full()) {
    queue.push(value);
    expected.push_back(value);
  } else if (what < 13 && !queue.empty()) {
    CHECK(queue.front() == expected.front());
    CHECK(queue.pop() == expected.front());
    expected.pop_front();
  } else if (what == 13) {
    queue.erase_if(fits);
    std::erase_if(expected, fits);
  } else if (what == 14) {
    CHECK(std::ranges::equal(queue.all(), expected));
  } else {
    const std::size_t count = static_cast<std::size_t>(value) % (kRoom + 2);
    std::vector<int> last;
    queue.for_last(count, [&](int one) { last.push_back(one); });
    CHECK(std::ranges::equal(last, expected | std::views::drop(expected.size() - std::min(count, expected.size()))));
  }
}

}  // namespace

TEST_CASE("a queue is what a deque is", "[text][queue]") {
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same in every run
  Queue<int, kRoom> queue;
  std::deque<int> expected;
  for (int i = 0; i < 5000; ++i) {
    change(queue, expected, random() % 16, i);
    REQUIRE(queue.empty() == expected.empty());
    REQUIRE(queue.full() == (expected.size() == kRoom));
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
