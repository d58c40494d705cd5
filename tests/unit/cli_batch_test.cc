#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "catch.h"
#include "cli/batch.h"
#include "cli/turns.h"

#ifdef __linux__
#include <sched.h>
#endif

using namespace ahdiag;

namespace {

struct Cut {
  std::string text;
  std::uint64_t cut;

  bool operator==(const Cut&) const = default;
};

// What a splitter makes of the whole.
std::vector<Cut> expected(const std::string& text) {
  std::vector<Cut> all;
  const std::function<void(const Line&)> keep = [&](const Line& line) {
    all.push_back({std::string(line.text), line.cut});
  };
  Splitter splitter(keep);
  splitter.block(text);
  splitter.finish();
  return all;
}

// The text in pieces of `size` bytes, `offset` bytes behind the begin of the buffer's block.
Pull pieces(const std::string& text, std::size_t size, std::size_t offset) {
  return [&text, size, offset, at = std::size_t{0}](Buffer& buffer) mutable -> std::string_view {
    const auto piece = std::string_view(text).substr(at, size);
    at += piece.size();
    if (!buffer) buffer = make_buffer();
    std::ranges::copy(piece, buffer->block() + offset);
    return {buffer->block() + offset, piece.size()};
  };
}

void add_lines(const Batch& batch, std::vector<Cut>& all) {
  for (const auto& own : batch.own_lines) all.push_back({batch.own.substr(own.at, own.size), own.cut});
  for (std::string_view rest = batch.text; !rest.empty();) {
    const auto end = rest.find('\n');
    REQUIRE(end != std::string_view::npos);
    const Line line = line_of(rest.substr(0, end));
    all.push_back({std::string(line.text), line.cut});
    rest.remove_prefix(end + 1);
  }
}

std::vector<Cut> cut(const Pull& pull) {
  std::vector<Cut> all;
  Cutter cutter(pull);
  Batch batch;
  for (std::uint64_t turn = 0; cutter.next(batch); ++turn) {
    CHECK(batch.turn == turn);
    add_lines(batch, all);
    batch.clear();
  }
  CHECK_FALSE(cutter.next(batch));
  return all;
}

}  // namespace

TEST_CASE("lines are the same wherever blocks end", "[cli][batch]") {
  for (const std::string text : {"", "\n", "one", "one\n", "one\ntwo\r\n\nthree", "a\n\nb\n"}) {
    for (std::size_t size = 1; size <= text.size() + 1; ++size)
      CHECK(cut(pieces(text, size, size % 7)) == expected(text));
  }
  std::string hole = "one\n" + std::string(3 * kLongestLine, '\0') + "two\n" + std::string(kLongestLine, '\0');
  for (const std::size_t size : {std::size_t{1000}, kLongestLine, kBlock})
    CHECK(cut(pieces(hole, size, 0)) == expected(hole));
}

TEST_CASE("long lines are cut where they are cut alone", "[cli][batch]") {
  const std::size_t sizes[] = {kLongestLine - 1, kLongestLine, kLongestLine + 1, 2 * kLongestLine, kBlock, 3 * kBlock};
  for (const std::size_t line : sizes) {
    const std::string text = "short\n" + std::string(line, 'x') + "\nshort\n" + std::string(line, 'y') + "\nlast";
    for (const std::size_t size : {std::size_t{997}, kLongestLine, kBlock - 1, kBlock})
      CHECK(cut(pieces(text, size, 0)) == expected(text));
  }
}

TEST_CASE("several threads get all lines, in an order that their turns tell", "[cli][batch]") {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i) + '\n';
  const Pull pull = pieces(text, 1000, 0);
  Cutter cutter(pull);
  Turns turns(2);
  std::vector<Cut> all;
  const auto work = [&](std::size_t who) {
    Batch batch;
    while (cutter.next(batch) && turns.await(batch.turn, who)) {
      add_lines(batch, all);
      batch.clear();
      turns.end();
    }
  };
  std::thread other(work, 1);
  work(0);
  other.join();
  CHECK(all == expected(text));
}

TEST_CASE("who waits for a turn that never comes is told", "[cli][turns]") {
  Turns turns(1);
  std::thread other([&] { turns.fail(); });
  CHECK_FALSE(turns.await(1, 0));
  other.join();
  CHECK_FALSE(turns.await(0, 0));
}

#ifdef __linux__
// On a thread that may run on one processor only: there the others are, too, and it cannot leave them.
TEST_CASE("the later of those on one processor leaves it, so often and no more", "[cli][turns]") {
  std::thread([] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(processor_in_use()), &one);
    REQUIRE(::sched_setaffinity(0, sizeof one, &one) == 0);
    Turns turns(3);
    CHECK_FALSE(turns.leave_others(1));  // nobody was seen before it
    CHECK_FALSE(turns.leave_others(0));
    int left = 0;
    for (int i = 0; i < 100; ++i) left += turns.leave_others(1 + i % 2) ? 1 : 0;
    CHECK(left == 16);
    CHECK_FALSE(turns.leave_others(0));
  }).join();
}
#endif
