#include <nlohmann/json.hpp>

#include "report/check_memory.h"
#include "text/digest.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

Json mark_of(const Mark& mark) { return {{"size", mark.size}, {"digest", mark.digest}}; }

Json bookmark_of(const Bookmark& bookmark) {
  return {{"device", bookmark.device}, {"inode", bookmark.inode},        {"offset", bookmark.offset},
          {"lines", bookmark.lines},   {"head", mark_of(bookmark.head)}, {"tail", mark_of(bookmark.tail)}};
}

Json log_of(const LogMemory& log) {
  Json positions = Json::array();
  for (const auto& one : log.progress.files) positions.push_back(bookmark_of(one));
  return {
      {"path", to_utf8(log.path)}, {"checked", log.checked}, {"written", log.progress.written}, {"files", positions}};
}

Json problem_of(const RaisedProblem& one) {
  return {{"id", one.id},           {"log", to_utf8(one.log)},  {"rule", one.rule},
          {"code", one.code},       {"module", one.module},     {"severity", severity_name(one.severity)},
          {"title", one.title},     {"effect", one.effect},     {"cause", one.cause},
          {"where", one.where},     {"evidence", one.evidence}, {"repair", one.repair},
          {"entries", one.entries}, {"first", one.first},       {"last", one.last},
          {"told", one.told}};
}

Json sums_of(const CheckSums& sums) {
  Json problems = Json::array();
  for (const auto& one : sums.problems) {
    problems.push_back({{"rule", one.rule},
                        {"code", one.code},
                        {"module", one.module},
                        {"severity", severity_name(one.severity)},
                        {"entries", one.entries}});
  }
  return {{"bytes", sums.bytes},         {"lines", sums.lines}, {"unparsed", sums.unparsed},
          {"unmatched", sums.unmatched}, {"gaps", sums.gaps},   {"problems", problems}};
}

// ---- back; what is missing or of another type throws

// Numbers of a state are never negative; a sign would turn into a huge one.
std::uint64_t count_in(const Json& json, const char* name) {
  const Json& value = json.at(name);
  if (!value.is_number_unsigned()) throw Json::other_error::create(501, "no count", &value);
  return value.get<std::uint64_t>();
}

std::string text_in(const Json& json, const char* name) { return json.at(name).get<std::string>(); }

Severity severity_in(const Json& json) {
  const auto severity = severity_from(text_in(json, "severity"));
  if (!severity) throw Json::other_error::create(501, "no severity", &json);
  return *severity;
}

Mark read_mark(const Json& json) { return {count_in(json, "size"), text_in(json, "digest")}; }

Bookmark read_bookmark(const Json& json) {
  Bookmark bookmark;
  bookmark.device = count_in(json, "device");
  bookmark.inode = count_in(json, "inode");
  bookmark.offset = count_in(json, "offset");
  bookmark.lines = count_in(json, "lines");
  bookmark.head = read_mark(json.at("head"));
  bookmark.tail = read_mark(json.at("tail"));
  const bool sound =
      bookmark.head.size <= kMark && bookmark.tail.size <= std::min<std::uint64_t>(kMark, bookmark.offset);
  if (!sound) throw Json::other_error::create(501, "no bookmark", &json);
  return bookmark;
}

LogMemory read_log(const Json& json) {
  LogMemory log{text_in(json, "path"), json.at("checked").get<std::int64_t>(), {}};
  log.progress.written = json.at("written").get<std::int64_t>();
  for (const auto& one : json.at("files")) log.progress.files.push_back(read_bookmark(one));
  return log;
}

RaisedProblem read_problem(const Json& json) {
  RaisedProblem one;
  one.id = text_in(json, "id");
  one.log = text_in(json, "log");
  one.rule = text_in(json, "rule");
  one.code = text_in(json, "code");
  one.module = text_in(json, "module");
  one.severity = severity_in(json);
  one.title = text_in(json, "title");
  one.effect = text_in(json, "effect");
  one.cause = text_in(json, "cause");
  one.where = text_in(json, "where");
  one.evidence = text_in(json, "evidence");
  one.repair = json.at("repair").get<std::vector<std::string>>();
  one.entries = count_in(json, "entries");
  one.first = json.at("first").get<std::int64_t>();
  one.last = json.at("last").get<std::int64_t>();
  one.told = json.at("told").get<bool>();
  return one;
}

CheckSums read_sums(const Json& json) {
  CheckSums sums;
  sums.bytes = count_in(json, "bytes");
  sums.lines = count_in(json, "lines");
  sums.unparsed = count_in(json, "unparsed");
  sums.unmatched = count_in(json, "unmatched");
  sums.gaps = count_in(json, "gaps");
  for (const auto& one : json.at("problems")) {
    sums.problems.push_back({text_in(one, "rule"), text_in(one, "code"), text_in(one, "module"), severity_in(one),
                             count_in(one, "entries")});
  }
  return sums;
}

CheckMemory read_memory(const Json& json) {
  CheckMemory memory;
  for (const auto& one : json.at("logs")) memory.logs.push_back(read_log(one));
  for (const auto& one : json.at("problems")) memory.problems.push_back(read_problem(one));
  memory.sums = read_sums(json.at("sums"));
  return memory;
}

}  // namespace

std::string to_json(const CheckMemory& memory) {
  Json logs = Json::array(), problems = Json::array();
  for (const auto& one : memory.logs) logs.push_back(log_of(one));
  for (const auto& one : memory.problems) problems.push_back(problem_of(one));
  const Json state = {{"logs", logs}, {"problems", problems}, {"sums", sums_of(memory.sums)}};
  return Json{{"version", kVersion}, {"digest", digest(state.dump())}, {"state", state}}.dump(1) + "\n";
}

std::variant<CheckMemory, Problem> read_check_memory(const std::string& text, const std::string& path) {
  const std::string help = "remove it to begin anew; --from says where the logs are read from then";
  try {
    const Json json = Json::parse(text);
    if (json.at("version") != kVersion)
      return Problem{"the state file is of another version of ahdiag", path, "", help};
    if (json.at("digest") != digest(json.at("state").dump()))
      return Problem{"the state file is damaged", path, "its digest does not fit", help};
    return read_memory(json.at("state"));
  } catch (const Json::exception&) {
    return Problem{"the state file is damaged", path, text.empty() ? "it is empty" : "it does not hold a state", help};
  }
}

}  // namespace ahdiag
