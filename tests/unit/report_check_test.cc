#include "catch.h"
#include "report/check_result.h"

using namespace ahdiag;

namespace {

RaisedProblem problem(Severity severity, std::string title) {
  RaisedProblem one;
  one.id = one.rule = "rule";
  one.code = "AH00001";
  one.title = std::move(title);
  one.severity = severity;
  one.entries = 1;
  return one;
}

CheckResult result_with(std::vector<RaisedProblem> problems) {
  CheckResult result;
  result.problems = std::move(problems);
  result.limit = 10;
  result.state = state_of(result);
  return result;
}

bool reads(std::string_view text) { return Range::read(text).has_value(); }

}  // namespace

TEST_CASE("ranges are those of the guidelines") {
  const auto alarms = [](std::string_view range, double value) { return Range::read(range)->alarms(value); };
  CHECK_FALSE(alarms("10", 0));
  CHECK_FALSE(alarms("10", 10));
  CHECK(alarms("10", 11));
  CHECK(alarms("10", -1));
  CHECK(alarms("10:", 9));
  CHECK_FALSE(alarms("10:", 1e9));
  CHECK_FALSE(alarms("~:10", -1e9));
  CHECK(alarms("~:10", 10.5));
  CHECK(alarms("10:20", 9));
  CHECK_FALSE(alarms("10:20", 20));
  CHECK(alarms("@10:20", 10));
  CHECK_FALSE(alarms("@10:20", 21));
  for (const auto* wrong : {"", "@", ":", "x", "5:x", "9:5", "~", "1e3", "5 ", " 5", "5:10:15", "--5", "inf", "nan"}) {
    CAPTURE(wrong);
    CHECK_FALSE(reads(wrong));
  }
  for (const auto* right : {"0", "5", "5:", ":5", "~:5", "-5:5", "0.5:1.5", "@~:5"}) {
    CAPTURE(right);
    CHECK(reads(right));
  }
}

TEST_CASE("the state is that of the worst threshold, and unknown where there is trouble") {
  CHECK(result_with({}).state == ServiceState::ok);
  CHECK(result_with({problem(Severity::notice, "")}).state == ServiceState::ok);
  CHECK(result_with({problem(Severity::warning, "")}).state == ServiceState::warning);
  CHECK(result_with({problem(Severity::error, "")}).state == ServiceState::warning);
  CheckResult result = result_with({problem(Severity::critical, "")});
  CHECK(result.state == ServiceState::critical);
  result.troubles.push_back({"x", "", "", ""});
  CHECK(state_of(result) == ServiceState::unknown);
}

TEST_CASE("a first line is short, whole characters, and has no bar of its own") {
  std::string title = "a|b ";
  for (int i = 0; i < 60; ++i) title += "\xc3\xa4";
  const std::string text = to_nagios(result_with({problem(Severity::critical, title)}), 0);
  const std::string first = text.substr(0, text.find(" | "));
  CHECK(first.starts_with("HTTPD CRITICAL: AH00001 a/b \xc3\xa4"));
  CHECK(first.ends_with("\xc3\xa4..."));
  CHECK(first.size() < 80);
  CHECK(first.size() > 75);
  CHECK(text.find('|', first.size() + 3) == std::string::npos);
}

TEST_CASE("much is cut below four kilobytes") {
  std::vector<RaisedProblem> many(400, problem(Severity::error, std::string(60, 'x')));
  const std::string text = to_nagios(result_with(std::move(many)), 3);
  CHECK(text.size() < 4096);
  CHECK(text.ends_with("tells the rest\n"));
}

TEST_CASE("metrics escape labels") {
  CheckResult result = result_with({});
  result.sums.problems = {{"r\"\\\n", "c", "m", Severity::error, 3}};
  CHECK(to_prometheus(result).find(R"(rule="r\"\\\\x0a",severity="error",module="m",code="c"} 3)") !=
        std::string::npos);
}

TEST_CASE("a memory is what was kept") {
  CheckMemory memory;
  Bookmark bookmark;
  bookmark.device = 1;
  bookmark.inode = ~std::uint64_t{0};
  bookmark.offset = 2000;
  bookmark.lines = 7;
  bookmark.head = mark_of("head");
  bookmark.tail = mark_of("tail");
  memory.set_log({"/var/log/\xff|x", 12, {{bookmark}, 34}});
  memory.problems.push_back(problem(Severity::warning, "title"));
  memory.problems.front().repair = {"one", "two"};
  memory.sums = {1, 2, 3, 4, 5, {{"rule", "code", "module", Severity::notice, 6}}};

  const std::string text = to_json(memory);
  const auto read = read_check_memory(text, "state");
  REQUIRE(std::holds_alternative<CheckMemory>(read));
  CHECK(to_json(std::get<CheckMemory>(read)) == text);
  CHECK(std::get<CheckMemory>(read).logs.front().progress.files.front().inode == ~std::uint64_t{0});
}

TEST_CASE("any damage of a state is seen") {
  CheckMemory memory;
  memory.set_log({"/log", 12, {{Bookmark{}}, 34}});
  const std::string text = to_json(memory);
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] = damaged[i] == '7' ? '8' : '7';
    if (text[i] == ' ' || text[i] == '\n') continue;  // between the words: says nothing
    CAPTURE(i, damaged);
    CHECK(std::holds_alternative<Problem>(read_check_memory(damaged, "state")));
    CHECK(std::holds_alternative<Problem>(read_check_memory(text.substr(0, i), "state")));
  }
}

TEST_CASE("what is kept is bounded") {
  CheckMemory memory;
  for (std::size_t i = 0; i < kMostLogs + 10; ++i) {
    memory.set_log({std::to_string(i), static_cast<std::int64_t>(i), {}});
  }
  CHECK(memory.logs.size() == kMostLogs);
  CHECK(memory.log("0") == nullptr);
  CHECK(memory.log(std::to_string(kMostLogs + 9)) != nullptr);
}
