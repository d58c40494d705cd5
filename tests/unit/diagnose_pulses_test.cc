#include <vector>

#include "catch.h"
#include "diagnose/pulses.h"

using namespace ahdiag;

namespace {

LookedLine line_at(std::int64_t micros, bool fine = true) {
  LookedLine one;
  one.plain.micros = micros;
  one.plain.fine = fine;
  return one;
}

}  // namespace

TEST_CASE("a pulse counts lines, and knows the last and the times", "[diagnose][pulses]") {
  Pulses pulses;
  const auto first = pulses.add(Pulse::Of::incident, 7), second = pulses.add(Pulse::Of::unmatched);
  const std::vector<LookedLine> lines = {line_at(20), line_at(10, false), line_at(30), line_at(25)};
  for (const auto& line : lines) CHECK(pulses.beat(first, line));
  CHECK(pulses.beat(second, lines[0]));
  const Pulse& one = pulses[first];
  CHECK(one.index == 7);
  CHECK(one.count == 4);
  CHECK(one.looked == &lines[3]);
  CHECK(one.first_time().micros == 10);
  CHECK(one.first_time().digits == 0);
  CHECK(one.last_time().micros == 30);
  CHECK(one.last_time().digits == 6);
  std::vector<const Pulse*> ended;
  const auto note = [&](const Pulse& pulse) { ended.push_back(&pulse); };
  pulses.end_block(note);
  CHECK(ended == std::vector<const Pulse*>{&pulses[first], &pulses[second]});
  CHECK(one.looked == nullptr);
  CHECK(one.count == 4);  // goes on from block to block
  ended.clear();
  pulses.end_block(note);
  CHECK(ended.empty());
}

TEST_CASE("a pulse that was settled amid a block is told once at its end", "[diagnose][pulses]") {
  Pulses pulses;
  const auto number = pulses.add(Pulse::Of::incident);
  const LookedLine line = line_at(5);
  std::size_t ended = 0;
  const auto note = [&](const Pulse& pulse) {
    CHECK(pulse.looked == &line);
    ++ended;
  };
  for (int i = 0; i < 1000; ++i) {  // more often than there is room for
    CHECK(pulses.beat(number, line));
    CHECK(pulses[number].count == 1);
    pulses[number].settle();
  }
  pulses.end_block(note);
  CHECK(ended == 0);
  CHECK(pulses.beat(number, line));
  pulses[number].settle();
  CHECK(pulses.beat(number, line));
  pulses.end_block(note);
  CHECK(ended == 1);
  pulses[number].ready = false;
  CHECK_FALSE(pulses.beat(number, line));
  CHECK(pulses[number].count == 1);
}
