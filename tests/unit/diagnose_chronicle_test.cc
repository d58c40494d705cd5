#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "diagnose/chronicle.h"
#include "support.h"

using namespace ahdiag;
using namespace std::chrono_literals;

namespace {

std::string missing(const std::string& directory) {
  return "[Wed Mar 13 07:02:11.000001 2024] [auth_digest:error] [pid 22] (2)No such file or directory: AH01762: Failed "
         "to create shared memory segment on file " +
         directory + "/authdigest_shm.22";
}
const std::string kFollows =
    "[Wed Mar 13 07:02:12.000001 2024] [:emerg] [pid 22] AH00020: Configuration Failed, exiting";

// A chronicle that hears what lines come to, at moments of the test's choice.
class Told {
 public:
  explicit Told(Pace pace) : book_(test::Files().book()), chronicle(pace) {}

  // The kinds of the events, in their order.
  std::vector<std::string> hear(const std::vector<std::string>& lines, std::chrono::milliseconds at) {
    Problems problems;
    Collection found = test::collect(book_, lines);
    const Setting setting =
        choose_setting(book_.platforms(), Signs(book_.platforms()), {"rhel", {}, "", nullptr}, problems);
    std::vector<std::string> kinds;
    for (const auto& one : judge(found, setting)) {
      if (const auto event = chronicle.hear(one, book_, start_ + at)) {
        kinds.emplace_back(event_name(event->kind));
        last = event->tally;
      }
    }
    return kinds;
  }
  std::vector<Event> end(std::chrono::milliseconds at) { return chronicle.end_silent(start_ + at); }
  std::optional<std::chrono::milliseconds> next() {
    const auto next = chronicle.next();
    if (!next) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(*next - start_);
  }

 private:
  RuleBook book_;
  Chronicle::Time start_ = std::chrono::steady_clock::now();

 public:
  Chronicle chronicle;
  Tally last;
};

using Kinds = std::vector<std::string>;
const std::string kLine = missing("/run/httpd");

}  // namespace

TEST_CASE("an incident opens, goes on at powers of ten and after a time, and ends") {
  Told told({1h, 10min});
  CHECK(told.hear({kLine}, 0s) == Kinds{"open"});
  CHECK(told.hear({kLine, kLine}, 1s).empty());
  CHECK(told.hear(Kinds(6, kLine), 2s).empty());
  CHECK(told.hear({kLine}, 3s) == Kinds{"repeat"});
  CHECK(told.last.count == 10);
  CHECK(told.hear(Kinds(95, kLine), 4s) == Kinds{"repeat"});
  CHECK(told.last.count == 105);
  CHECK(told.hear({kLine}, 5min).empty());
  CHECK(told.hear({kLine}, 14min).empty());
  CHECK(told.end(23min).empty());
  CHECK(told.next() == 24min);
  const auto over = told.end(24min);
  REQUIRE(over.size() == 1);
  CHECK(over.front().kind == Event::Kind::end);
  CHECK(over.front().tally.count == 107);
  CHECK(over.front().tally.rule == "AH01762");
  CHECK(told.next() == std::nullopt);
  CHECK(told.hear({kLine}, 25min) == Kinds{"open"});
  CHECK(told.last.count == 1);
}

TEST_CASE("an incident that goes on for long is told again after each span") {
  Told told({1h, 50min});
  CHECK(told.hear({kLine}, 0s) == Kinds{"open"});
  CHECK(told.hear({kLine}, 40min).empty());
  CHECK(told.hear({kLine}, 80min) == Kinds{"repeat"});
  CHECK(told.hear({kLine}, 120min).empty());
  CHECK(told.hear({kLine}, 140min) == Kinds{"repeat"});
}

TEST_CASE("an incident that opens with hundreds of entries is told again at the next power of ten") {
  Told told({1h, 10min});
  CHECK(told.hear(Kinds(500, kLine), 0s) == Kinds{"open"});
  CHECK(told.hear(Kinds(400, kLine), 1s).empty());
  CHECK(told.hear(Kinds(100, kLine), 2s) == Kinds{"repeat"});
}

TEST_CASE("a consequence that comes late belongs to its root, for a while") {
  Told told({1h, 10min});
  CHECK(told.hear({kLine}, 0s) == Kinds{"open"});
  CHECK(told.hear({kFollows}, 100s).empty());
  CHECK(told.hear({kFollows}, 230s) == Kinds{"open"});
}

TEST_CASE("what is open at a time is bounded, and what goes over is counted") {
  Told told({1h, 10min, 3, 2});
  CHECK(told.hear({missing("/run/a"), missing("/run/b"), missing("/run/c"), missing("/run/c")}, 0s) ==
        Kinds{"open", "open"});
  CHECK(told.chronicle.over() == 2);
  const std::string other =
      "[Wed Mar 13 07:02:12.000001 2024] [core:error] [pid 9] (13)Permission denied: [client "
      "192.0.2.1:5] AH00132: file permissions deny server access: /srv/";
  CHECK(told.hear({other + "a"}, 1s) == Kinds{"open"});
  CHECK(told.hear({other + "b"}, 2s).empty());
  CHECK(told.chronicle.over() == 3);
  CHECK(told.end(10min).size() == 2);
  CHECK(told.hear({other + "b"}, 11min) == Kinds{"open"});
}
