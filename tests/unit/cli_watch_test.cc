// The parts of a watch that stand alone: the backlog and the words of --exec.
#include <chrono>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "catch.h"
#include "cli/backlog.h"
#include "cli/hook.h"

using namespace ahdiag;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

Portion lines(std::size_t size) {
  return {Portion::Kind::bytes, 0, 0, std::string(size / 2, 'x') + std::string(size / 2, '\n')};
}

std::size_t drain(Backlog& backlog) {
  std::size_t total = 0;
  Portion portion;
  while (backlog.take(portion, std::chrono::steady_clock::now()) == Backlog::Taken::portion)
    total += portion.bytes.size();
  return total;
}

}  // namespace

TEST_CASE("a backlog that may drop keeps what it has room for and counts the lines of the rest") {
  Backlog backlog(Backlog::Full::drop);
  for (int i = 0; i < 20; ++i) backlog.put(lines(kMegabyte));
  CHECK(drain(backlog) == 8 * kMegabyte);
  CHECK(backlog.dropped() == 12 * kMegabyte / 2);
  backlog.put(lines(2));
  CHECK(drain(backlog) == 2);
}

TEST_CASE("a backlog that waits loses nothing") {
  Backlog backlog(Backlog::Full::wait);
  std::size_t total = 0;
  std::thread reader([&] {
    Portion portion;
    while (backlog.take(portion, std::nullopt) == Backlog::Taken::portion) total += portion.bytes.size();
  });
  for (int i = 0; i < 40; ++i) backlog.put(lines(kMegabyte));
  backlog.put(lines(20 * kMegabyte));  // more than it holds at once
  backlog.close();
  reader.join();
  CHECK(total == 60 * kMegabyte);
  CHECK(backlog.dropped() == 0);
}

TEST_CASE("taking from an empty backlog ends at its time") {
  Backlog backlog(Backlog::Full::wait);
  Portion portion;
  CHECK(backlog.take(portion, std::chrono::steady_clock::now() + 10ms) == Backlog::Taken::nothing);
  backlog.close();
  CHECK(backlog.take(portion, std::nullopt) == Backlog::Taken::closed);
}

TEST_CASE("the words of --exec are split as systemd splits them, and name a program") {
  const auto words = hook_words("/bin/sh -c 'a b' \"c d\" $HOME");
  REQUIRE(std::holds_alternative<std::vector<std::string>>(words));
  CHECK(std::get<std::vector<std::string>>(words) == std::vector<std::string>{"/bin/sh", "-c", "a b", "c d", "$HOME"});
  for (const std::string wrong : {"", "   ", "sh -c x", "/bin/sh 'open", "/no/such/program", "\"\""}) {
    CAPTURE(wrong);
    CHECK(std::holds_alternative<Problem>(hook_words(wrong)));
  }
}

TEST_CASE("a hook that calls nothing keeps nothing") {
  Hook hook({}, 1s);
  Problems problems;
  const auto now = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) hook.call("{}");
  hook.tend(now, problems);
  CHECK(hook.next(now) == std::nullopt);
  CHECK(hook.missed() == 0);
}

TEST_CASE("of calls that wait the newest hundred are kept") {
  Hook hook({"/bin/true"}, 1s);
  for (int i = 0; i < 250; ++i) hook.call("{}");
  CHECK(hook.missed() == 150);
  Problems problems;
  hook.finish(std::chrono::steady_clock::now() + 5s, problems);
  CHECK(hook.missed() == 150 + 70);  // thirty begin in a minute
  CHECK(problems.empty());
}
