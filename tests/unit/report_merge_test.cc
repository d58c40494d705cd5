#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "catch.h"
#include "report/merge.h"
#include "report/merge_state.h"
#include "support.h"

using namespace ahdiag;
using Json = nlohmann::ordered_json;

namespace {

const RuleBook& book() {
  static const RuleBook all = [] {
    Problems problems;
    return RuleBook::load({}, problems);
  }();
  return all;
}

Moment moment(std::int64_t micros) { return {micros, std::to_string(micros)}; }

// Reports of which every part may meet its like in another one, or go over a limit.
class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}

  std::uint64_t up_to(std::uint64_t most) { return std::uniform_int_distribution<std::uint64_t>(0, most)(engine_); }
  template <typename T>
  T one_of(const std::vector<T>& all) {
    return all[up_to(all.size() - 1)];
  }
  template <typename T>
  void shuffle(std::vector<T>& all) {
    std::shuffle(all.begin(), all.end(), engine_);
  }

  Json time() {
    if (up_to(3) == 0) return nullptr;
    const char* zone = one_of<const char*>({"", "Z", "+02:00", "-05:30"});
    return fmt::format("2026-11-{:02}T{:02}:00:{:02}{}", 10 + up_to(9), up_to(2), up_to(3), zone);
  }

  Json evidence() {
    Json list = Json::array();
    for (std::uint64_t left = up_to(4) + 1; left > 0; --left) {
      list.push_back({{"source", one_of<const char*>({"-", "error_log"})},
                      {"line", up_to(20) + 1},
                      {"time", time()},
                      {"pid", up_to(1) == 0 ? Json() : Json(up_to(2))},
                      {"text", one_of<const char*>({"a", "b"})},
                      {"spans", Json::array()}});
    }
    return list;
  }

  Json incident() {
    // A root, what follows from it, what sums it up, and a rule that nobody has.
    const std::string rule = one_of<std::string>({"AH01762", "AH01760", "AH00020", "unit-failed", "of-somebody-else"});
    Json consequences = Json::array();
    if (up_to(2) == 0) {
      consequences.push_back({{"code", one_of<Json>({"AH01760", nullptr})},
                              {"rule", one_of<Json>({"AH01760", nullptr})},
                              {"title", one_of<const char*>({"x", "y"})},
                              {"count", up_to(5) + 1},
                              {"evidence", evidence()}});
    }
    return {{"id", fmt::format("{:016x}", up_to(6))},
            {"rule", rule},
            {"case", one_of<const char*>({"directory-missing", "other"})},
            {"code", rule.starts_with("AH") ? Json(rule) : Json()},
            {"title", one_of<const char*>({"one", "two"})},
            {"severity", one_of<const char*>({"critical", "error", "warning", "notice"})},
            {"confidence", "certain"},
            {"cause", Json::object()},
            {"candidates", Json::array()},
            {"effect", "e"},
            {"captures", Json::object()},
            {"refused", Json::array()},
            {"evidence", evidence()},
            {"consequences", consequences},
            {"count", up_to(5) + 1},
            {"first_seen", time()},
            {"last_seen", time()},
            {"plan", Json::object()},
            {"references", Json::array()}};
  }

  std::string report() {
    Json incidents = Json::array();
    for (std::uint64_t left = up_to(4); left > 0; --left) incidents.push_back(incident());
    Json unmatched = Json::array();
    for (std::uint64_t left = up_to(3); left > 0; --left) {
      unmatched.push_back({{"code", one_of<Json>({"AH99999", nullptr})},
                           {"module", nullptr},
                           {"level", "error"},
                           {"count", up_to(3) + 1},
                           {"example", one_of<const char*>({"worker 7 died", "worker 12 died", "disc gone"})}});
    }
    const Json platform = {{"id", one_of<const char*>({"rhel", "debian", "generic"})},
                           {"source", one_of<const char*>({"log", "default"})}};
    const Json input = {{"name", fmt::format("log{}", up_to(400))},
                        {"format", "httpd-2.4"},
                        {"bytes", up_to(9)},
                        {"lines", up_to(9)},
                        {"entries", up_to(9)},
                        {"unparsed", 0},
                        {"first", time()},
                        {"last", time()},
                        {"error", one_of<Json>({nullptr, "cut"})}};
    Json json = {{"schema_version", "1.0"},
                 {"status", one_of<const char*>({"ok", "warning", "error", "critical"})},
                 {"input", {input}},
                 {"platform", platform},
                 {"incidents", incidents},
                 {"unmatched", unmatched},
                 {"suppressed", {{"notices", up_to(2)}, {"over_limits", up_to(2)}}}};
    if (up_to(1) == 0) json["label"] = fmt::format("host{:03}", up_to(250));
    return json.dump();
  }

 private:
  std::mt19937 engine_;
};

std::string merged(const std::vector<std::string>& reports) {
  Merger merger(book(), "1.0.0");
  for (const auto& one : reports) {
    const auto problem = merger.add(one, "");
    INFO((problem ? to_line(*problem) : ""));
    REQUIRE_FALSE(problem);
  }
  return merger.to_json(true);
}

// In a few steps, over any order.
std::string merged_somehow(std::vector<std::string> reports, Dice& dice) {
  dice.shuffle(reports);
  while (reports.size() > 1) {
    const std::size_t size = std::min<std::size_t>(reports.size(), 2 + dice.up_to(40));
    const std::vector<std::string> some(reports.end() - static_cast<std::ptrdiff_t>(size), reports.end());
    reports.resize(reports.size() - size);
    reports.insert(reports.begin() + static_cast<std::ptrdiff_t>(dice.up_to(reports.size())), merged(some));
  }
  return reports.front();
}

}  // namespace

TEST_CASE("any tree over any order of any reports gives the same bytes") {
  for (unsigned seed = 0; seed < 60; ++seed) {
    Dice dice(seed);
    std::vector<std::string> reports(seed < 55 ? 2 + dice.up_to(8) : 600);
    for (auto& one : reports) one = dice.report();
    reports.push_back(reports.front());
    CAPTURE(seed);
    const std::string whole = merged(reports);
    REQUIRE(merged_somehow(reports, dice) == whole);
    REQUIRE(merged({whole}) == whole);
  }
}

TEST_CASE("times without a zone count as UTC, and those that are missing come last") {
  REQUIRE(order_of(moment(1)) < order_of(moment(2)));
  REQUIRE(order_of(moment(2)) < order_of(std::nullopt));
  MergedTally tally{1, moment(5), moment(5)};
  tally.add({2, std::nullopt, std::nullopt});
  tally.add({kMostCounted, moment(3), moment(9)});
  REQUIRE(tally.count == kMostCounted);
  REQUIRE(tally.first == moment(3));
  REQUIRE(tally.last == moment(9));
}

TEST_CASE("of witnesses the four earliest and the latest are kept") {
  Witnesses all;
  for (const std::int64_t at : {7, 3, 9, 1, 8, 2, 6, 3}) {
    Witness one;
    one.time = moment(at);
    all.add(std::move(one));
  }
  std::vector<std::int64_t> kept;
  for (const auto& one : all.all()) kept.push_back(one.time->micros);
  REQUIRE(kept == std::vector<std::int64_t>{1, 2, 3, 6, 9});
}

TEST_CASE("a platform that was only guessed gives way to one that is known") {
  MergedIncident incident;
  const auto add = [&](bool guessed, const char* platform, std::int64_t first, const char* json) {
    MergedIncident other;
    other.faces[platform] = {guessed, moment(first), "", platform, "", "", json};
    incident.add(other);
  };
  add(true, "generic", 1, "g");
  REQUIRE(incident.face().json == "g");
  add(false, "rhel", 5, "later");
  add(true, "generic", 0, "g");
  add(false, "rhel", 4, "earlier");
  add(false, "debian", 9, "d");
  REQUIRE(incident.face().json == "earlier");
  REQUIRE(incident.faces.size() == 2);
}

TEST_CASE("a report that is refused changes nothing") {
  Merger merger(book(), "1.0.0");
  REQUIRE_FALSE(merger.add(Dice(1).report(), "web1"));
  const std::string before = merger.to_json(false);
  for (const char* bad : {"", "[]", "7", "{\"schema_version\": \"1.0\"}", "{\"schema_version\": 1}", "nul", "{\"a\": 1",
                          "{\"a\": 1e999}"})
    REQUIRE(merger.add(bad, ""));
  REQUIRE(merger.to_json(false) == before);
}

TEST_CASE("a host's name is cut between characters") {
  const std::string name(254, 'x');
  Json report = Json::parse(Dice(2).report());
  report["label"] = name + "\xc3\xa4\xc3\xa4";
  const std::string out = merged({report.dump()});
  REQUIRE(Json::parse(out)["fleet"]["hosts"][0]["name"] == name);
  REQUIRE(merged({out}) == out);
}

TEST_CASE("spoilt reports are refused or merged, and what comes out can be read again") {
  for (unsigned seed = 0; seed < 400; ++seed) {
    Dice dice(seed);
    std::string text = dice.report();
    for (std::uint64_t left = dice.up_to(3) + 1; left > 0; --left)
      text[dice.up_to(text.size() - 1)] = static_cast<char>(dice.up_to(255));
    Merger merger(book(), "1.0.0");
    if (merger.add(text, "")) continue;
    const std::string out = merger.to_json(true);
    REQUIRE(merged({out}) == out);
    REQUIRE_FALSE(merger.to_text({}).empty());
  }
}
