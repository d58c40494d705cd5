#include <algorithm>
#include <chrono>
#include <optional>
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

TEST_CASE("several threads fill batches, and all lines are understood in order", "[cli][turns]") {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i) + '\n';
  for (const std::size_t spare : {0U, 1U, 3U}) {
    const Pull pull = pieces(text, 1000, 0);
    Cutter cutter(pull);
    std::vector<Batch> batches(2 + spare);
    REQUIRE(cutter.next(batches.front()));
    Turns turns(batches, 2);
    std::vector<Cut> all;
    const auto work = [&](std::size_t who) {
      const auto fill = [&] {
        Batch* const batch = turns.take(who);
        return batch != nullptr && cutter.next(*batch) ? batch : nullptr;
      };
      for (Batch* batch = who == 0 ? &batches.front() : fill(); batch != nullptr; batch = fill()) {
        turns.ready(*batch);
        while (Batch* const next = turns.begin()) {
          add_lines(*next, all);
          next->clear();
          turns.end(*next);
        }
      }
    };
    std::thread other(work, 1);
    work(0);
    other.join();
    CHECK(all == expected(text));
  }
}

namespace {

// Three batches of two threads; the first is filled, and its turn is the first.
struct Two {
  Two() {
    batches.front().turn = 7;
    turns.emplace(batches, 2);
  }
  std::vector<Batch> batches = std::vector<Batch>(3);
  std::optional<Turns> turns;
};

}  // namespace

TEST_CASE("a batch is understood when its turn has come, by one thread alone", "[cli][turns]") {
  Two two;
  Turns& turns = *two.turns;
  Batch* const first = &two.batches.front();
  Batch* const second = turns.take(1);
  REQUIRE(second == &two.batches[1]);
  second->turn = 8;
  turns.ready(*second);
  CHECK(turns.begin() == nullptr);  // the first comes before
  turns.ready(*first);
  CHECK(turns.begin() == first);
  CHECK(turns.begin() == nullptr);  // somebody is at it
  turns.end(*first);
  CHECK(turns.begin() == second);
  turns.end(*second);
  CHECK(turns.begin() == nullptr);
}

TEST_CASE("a thread fills its own batch, or else a spare one", "[cli][turns]") {
  Two two;
  Turns& turns = *two.turns;
  turns.ready(two.batches.front());
  CHECK(turns.take(0) == &two.batches[2]);
  CHECK(turns.take(1) == &two.batches[1]);
  turns.end(*turns.begin());
  CHECK(turns.take(0) == &two.batches.front());
}

TEST_CASE("who finds no batch waits until one is understood, or another thread fails", "[cli][turns]") {
  for (const bool fails : {false, true}) {
    for (const auto after : {0, 30}) {  // milliseconds: awake, and asleep
      Two two;
      Turns& turns = *two.turns;
      turns.ready(two.batches.front());
      REQUIRE(turns.take(0) != nullptr);
      std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(after));
        fails ? turns.fail() : turns.end(*turns.begin());
      });
      CHECK(turns.take(0) == (fails ? nullptr : &two.batches.front()));
      other.join();
      CHECK(turns.begin() == nullptr);
      CHECK((turns.take(1) == nullptr) == fails);
    }
  }
}

#ifdef __linux__
// On a thread that may run on one processor only: there the others are, too, and it cannot leave them.
TEST_CASE("the later of those on one processor leaves it, so often and no more", "[cli][turns]") {
  std::thread([] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(processor_in_use()), &one);
    REQUIRE(::sched_setaffinity(0, sizeof one, &one) == 0);
    std::vector<Batch> batches(3);
    Turns turns(batches, 3);
    CHECK_FALSE(turns.leave_others(0));  // nobody is before it
    int left = 0;
    for (int i = 0; i < 100; ++i) left += turns.leave_others(1 + i % 2) ? 1 : 0;
    CHECK(left == 16);
    CHECK_FALSE(turns.leave_others(0));
  }).join();
}
#endif
