#include "rules/scaffold.h"

#include <nlohmann/json.hpp>

#include "rules/tables.h"

namespace ahdiag {
namespace {

using Json = nlohmann::ordered_json;

std::string to_write(const std::string& what) { return std::string(kToWrite) + ": " + what; }

// At crit and above httpd mostly ends; below warn nothing has to be done.
std::string severity_of(const std::optional<CodeFacts>& facts) {
  const Level level = facts ? facts->worst_level() : Level::error;
  if (level == Level::none) return "error";
  return level <= Level::crit    ? "critical"
         : level == Level::error ? "error"
         : level == Level::warn  ? "warning"
                                 : "notice";
}

// The line as httpd would write it, but for the words.
std::string example_line(std::string_view id, const std::optional<CodeFacts>& facts) {
  if (!facts) return std::string(kToWrite) + " a line that was really logged";
  std::string line;
  if (facts->form != "startup") {
    const std::string level =
        level_name(facts->worst_level() == Level::none ? Level::error : facts->worst_level()).data();
    line = "[Wed Mar 13 07:02:11.000001 2024] [" + std::string(facts->module) + ":" + level + "] [pid 4711] ";
  }
  if (facts->status == "yes") line += "(2)No such file or directory: ";
  if (facts->client == "yes") line += "[client 203.0.113.9:4711] ";
  return line + std::string(id) + ": " + std::string(kToWrite) + " words that were really logged";
}

Json manual(const std::string& what) { return {{"why", to_write("why")}, {"do", to_write(what)}}; }

Json cases_of(const std::optional<CodeFacts>& facts) {
  Json cases = Json::array();
  if (facts && facts->status == "yes") {
    cases.push_back({{"id", "missing"},
                     {"when", {{"errno", "ENOENT"}}},
                     {"class", "missing-file"},
                     {"certainty", "likely"},
                     {"cause", to_write("what ENOENT means here")},
                     {"summary", to_write("the plan in one sentence")},
                     {"repair", Json::array({manual("what mends it; a command where one can")})}});
  }
  cases.push_back({{"id", "other"},
                   {"class", "unknown-error"},
                   {"certainty", "possible"},
                   {"cause", to_write("what it means in any other case")},
                   {"summary", to_write("where to look")},
                   {"inspect", Json::array({manual("where to look")})}});
  return cases;
}

}  // namespace

std::string place_of_rule(std::string_view id) {
  const auto facts = find_code(id);
  return (facts ? std::string(facts->module) : "core") + "/" + std::string(id) + ".json";
}

std::string scaffold(std::string_view id) {
  const auto facts = find_code(id);
  const bool by_client = facts && facts->client == "yes";
  Json match = Json::object();
  if (facts) match["code"] = id;
  match["origin"] = by_client ? "client" : "server";
  if (!facts) match["contains"] = to_write("words that each such entry holds");
  match["message"] = std::string(kToWrite) + " words (?P<what>\\S.*)";
  Json rule = {{"$schema", "../rule.schema.json"},
               {"id", id},
               {"title", to_write("what is broken, in one line")},
               {"severity", severity_of(facts)},
               {"effect", to_write("what stops working, in one sentence")},
               {"match", match},
               {"slots", {{"what", {{"type", "text"}}}}},
               {"cases", cases_of(facts)}};
  const std::string line = example_line(id, facts);
  const std::string first = facts && facts->status == "yes" ? "missing" : "other";
  const std::string stranger =
      "[Wed Mar 13 07:02:11.000001 2024] [core:error] [pid 4711] [client 203.0.113.9:4711] AH00126: Invalid URI in "
      "request "
      "GET /" +
      std::string(id) + " HTTP/1.1";
  rule["examples"] = Json::array({{{"name", to_write("what it shows")},
                                   {"platform", "rhel"},
                                   {"log", Json::array({line})},
                                   {"expect", Json::array({{{"case", first}, {"lines", Json::array({1})}}})}},
                                  {{"name", "a visitor writes the words"},
                                   {"platform", "rhel"},
                                   {"log", Json::array({stranger})},
                                   {"others", true},
                                   {"expect", Json::array()}}});
  rule["references"] = Json::array({"https://httpd.apache.org/docs/2.4/"});
  return rule.dump(2) + "\n";
}

}  // namespace ahdiag
