#include "report/merge_read.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "diagnose/evidence.h"
#include "text/ascii.h"
#include "text/digest.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDeepest = 32;  // a report has eight levels
constexpr std::size_t kLongestHost = 255;

// Why a document is no report. Does not leave this file.
struct NoReport {
  std::string why;
};

// A value of the document, and the way to it.
class Part {
 public:
  Part(const Json& value, std::string where) : value_(&value), where_(std::move(where)) {}

  [[nodiscard]] const Json& json() const { return *value_; }
  [[nodiscard]] bool has(const char* name) const { return value_->is_object() && value_->contains(name); }
  [[nodiscard]] Part operator[](const char* name) const {
    expect(value_->is_object(), "an object");
    const auto found = value_->find(name);
    if (found == value_->end()) throw NoReport{fmt::format("{}: '{}' is missing", where_, name)};
    return {*found, fmt::format("{}.{}", where_, name)};
  }

  template <typename Visit>
  void each(Visit visit) const {
    expect(value_->is_array(), "a list");
    for (std::size_t i = 0; i < value_->size(); ++i) visit(Part((*value_)[i], fmt::format("{}[{}]", where_, i)));
  }

  [[nodiscard]] const std::string& string() const {
    expect(value_->is_string(), "a string");
    return value_->get_ref<const std::string&>();
  }
  [[nodiscard]] std::string string_or_empty() const { return value_->is_null() ? std::string() : string(); }
  [[nodiscard]] std::uint64_t number() const {
    expect(value_->is_number_unsigned(), "a whole number");
    return std::min(value_->get<std::uint64_t>(), kMostCounted);
  }
  [[nodiscard]] MaybeMoment moment() const {
    if (value_->is_null()) return std::nullopt;
    std::string_view rest = string();
    const auto stamp = consume_iso_time(rest);
    expect(stamp.has_value() && rest.empty(), "a time");
    constexpr std::int64_t kMinute = 60'000'000;
    return Moment{stamp->micros - stamp->offset.value_or(0) * kMinute, string()};
  }
  [[nodiscard]] Severity severity() const {
    const auto severity = severity_from(string());
    expect(severity.has_value(), "a severity");
    return *severity;
  }
  void expect(bool holds, std::string_view what) const {
    if (!holds) throw NoReport{fmt::format("{} is not {}", where_, what)};
  }

 private:
  const Json* value_;
  std::string where_;
};

// Printable, and not cut inside of a character.
std::string clean_host(const std::string& name) {
  std::string text = printable(name);
  std::size_t size = std::min(text.size(), kLongestHost);
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  text.resize(size);
  return text;
}

// What holds of the whole document, for what its parts do not say themselves.
struct Origin {
  const RuleBook& book;
  std::string host, digest;
  std::string platform, source;

  [[nodiscard]] bool guessed() const { return source == "default"; }
  [[nodiscard]] std::string host_of(const Part& part) const {
    std::string named = part.has("host") ? clean_host(part["host"].string_or_empty()) : std::string();
    return named.empty() ? host : named;
  }
};

MergedTally tally_of(const Part& part, const char* first, const char* last) {
  return {part["count"].number(), part[first].moment(), part[last].moment()};
}

Witness witness_of(const Part& part, const Origin& origin) {
  Witness one;
  one.time = part["time"].moment();
  one.host = origin.host_of(part);
  one.source = part["source"].string();
  one.line = part["line"].number();
  one.report = part.has("report") ? part["report"].string() : origin.digest;
  if (!part["pid"].json().is_null()) one.pid = static_cast<std::int64_t>(part["pid"].number());
  part["text"].expect(part["text"].json().is_string(), "a string");
  part["spans"].expect(part["spans"].json().is_array(), "a list");
  Json rest = part.json();
  for (const char* name : {"host", "report"}) rest.erase(name);
  one.json = rest.dump();
  return one;
}

Witnesses witnesses_of(const Part& list, const Origin& origin) {
  Witnesses all;
  list.each([&](const Part& one) { all.add(witness_of(one, origin)); });
  return all;
}

// Those that a merge has put there stand among the folded incidents.
void read_followers(const Part& list, const Origin& origin, MergedIncident& incident) {
  list.each([&](const Part& one) {
    if (one.has("incident")) return;
    incident.followers[{one["code"].string_or_empty(), one["rule"].string_or_empty()}].add(
        {one["title"].string(), one["count"].number(), witnesses_of(one["evidence"], origin)});
  });
}

HostTallies hosts_of(const Part& incident, const MergedTally& total, const Origin& origin) {
  HostTallies hosts;
  if (!incident.has("hosts")) {
    hosts.rows[origin.host] = total;
    return hosts;
  }
  incident["hosts"].each([&](const Part& one) {
    std::string name = clean_host(one["name"].string_or_empty());
    hosts.rows[name.empty() ? origin.host : name].add(tally_of(one, "first", "last"));
  });
  hosts.beyond = incident["hosts_beyond"].number();
  return hosts;
}

// What the members that add up leave; their places are kept, so that a merged report has the order of any other.
constexpr std::array<const char*, 6> kAddedUp = {"severity", "evidence",   "consequences",
                                                 "count",    "first_seen", "last_seen"};
constexpr std::array<const char*, 4> kOfMerge = {"hosts", "hosts_beyond", "shown", "variants"};
using Type = Json::value_t;
constexpr std::array<std::pair<const char*, Type>, 10> kOfFace = {{{"title", Type::string},
                                                                   {"case", Type::string},
                                                                   {"confidence", Type::string},
                                                                   {"cause", Type::object},
                                                                   {"candidates", Type::array},
                                                                   {"effect", Type::string},
                                                                   {"captures", Type::object},
                                                                   {"refused", Type::array},
                                                                   {"plan", Type::object},
                                                                   {"references", Type::array}}};

Face face_of(const Part& incident, const MaybeMoment& first, const Origin& origin) {
  for (const auto& [name, type] : kOfFace)
    incident[name].expect(incident[name].json().type() == type, "what a report has there");
  Json rest = incident.json();
  for (const char* name : kAddedUp) rest[name] = nullptr;
  for (const char* name : kOfMerge) rest.erase(name);
  return {origin.guessed(), first, origin.host, origin.platform, origin.source, incident["code"].string_or_empty(),
          rest.dump()};
}

// Of a merged report, which says of whom it is.
Face shown_face(const Part& incident, const Part& shown, const Origin& origin) {
  const std::string platform = shown["platform"].string(), source = shown["platform_source"].string();
  return face_of(incident, shown["first"].moment(), {origin.book, origin.host_of(shown), "", platform, source});
}

void read_faces(const Part& part, const Origin& origin, MergedIncident& incident) {
  const auto put = [&](Face face) {
    auto platform = face.platform;
    incident.faces.emplace(std::move(platform), std::move(face));
  };
  if (!part.has("shown")) return put(face_of(part, incident.total.first, origin));
  put(shown_face(part, part["shown"], origin));
  part["variants"].each([&](const Part& one) { put(shown_face(one, one["shown"], origin)); });
}

// By the rule book, not by the report: what no merge changes.
int rank_of(const RuleBook& book, const std::string& rule_id) {
  const Rule* rule = book.rule(rule_id);
  const Severity severity = rule == nullptr ? Severity::error : rule->severity;
  return static_cast<int>(Severity::critical) - static_cast<int>(severity);
}

void read_incident(const Part& part, const Origin& origin, Fleet& fleet) {
  MergedIncident incident;
  const std::string& id = part["id"].string();
  const auto is_digit_of_id = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  part["id"].expect(id.size() == 16 && std::ranges::all_of(id, is_digit_of_id), "an id");
  incident.severity = part["severity"].severity();
  incident.total = tally_of(part, "first_seen", "last_seen");
  incident.hosts = hosts_of(part, incident.total, origin);
  incident.evidence = witnesses_of(part["evidence"], origin);
  part["evidence"].expect(!incident.evidence.all().empty(), "a list of entries");
  read_followers(part["consequences"], origin, incident);
  read_faces(part, origin, incident);
  const std::string& rule = part["rule"].string();
  fleet.incidents[{rank_of(origin.book, rule), id, rule}].add(incident);
}

void read_input(const Part& part, const Origin& origin, Fleet& fleet) {
  const std::string error = part["error"].string_or_empty();
  const InputKey key{error.empty(), origin.host_of(part), part["name"].string(), part["format"].string(), error};
  fleet.inputs[key].add({part.has("reports") ? part["reports"].number() : 1, part["bytes"].number(),
                         part["lines"].number(), part["entries"].number(), part["unparsed"].number(),
                         part["first"].moment(), part["last"].moment()});
}

void read_unmatched(const Part& part, Fleet& fleet) {
  const std::string code = part["code"].string_or_empty();
  std::string key = part["module"].string_or_empty() + '\x1f' + code;
  const std::string& example = part["example"].string();
  if (code.empty()) append_shape(parse_entry(example).message, key);
  Json rest = part.json();
  rest["count"] = nullptr;
  fleet.unmatched[key].add({rest.dump(), part["count"].number()});
}

Numbers numbers_of(const Part& fleet, const char* list, const char* name, const std::string& unnamed) {
  Numbers numbers;
  fleet[list].each([&](const Part& one) {
    std::string key = clean_host(one[name].string_or_empty());
    auto& number = numbers.rows[key.empty() ? unnamed : key];
    number = sum(number, one["reports"].number());
  });
  numbers.beyond = fleet[fmt::format("{}_beyond", list).c_str()].number();
  return numbers;
}

std::optional<Severity> severity_of_status(const Part& part) {
  const std::string& word = part.string();
  if (word == "ok") return std::nullopt;
  return part.severity();
}

void read_merged(const Part& part, const Origin& origin, Fleet& fleet) {
  fleet.reports = part["reports"].number();
  fleet.hosts = numbers_of(part, "hosts", "name", origin.host);
  fleet.platforms = numbers_of(part, "platforms", "id", "");
  const Part beyond = part["inputs_beyond"];
  fleet.inputs_beyond = {beyond["reports"].number(), beyond["bytes"].number(),    beyond["lines"].number(),
                         beyond["entries"].number(), beyond["unparsed"].number(), beyond["first"].moment(),
                         beyond["last"].moment()};
  fleet.hidden = severity_of_status(part["not_shown"]);
  part["folded"].each([&](const Part& one) { read_incident(one, origin, fleet); });
}

// A report of one run. Its status tells of incidents that --min-severity hid.
void read_single(const Part& root, const Origin& origin, Fleet& fleet) {
  fleet.reports = 1;
  fleet.hosts.rows[origin.host] = 1;
  fleet.platforms.rows[origin.platform] = 1;
  const auto status = severity_of_status(root["status"]);
  const auto shown = [&](const auto& one) { return one.second.severity >= *status; };
  if (status && std::ranges::none_of(fleet.incidents, shown)) fleet.hidden = status;
}

void expect_version(const Part& version) {
  const std::string& text = version.string();
  version.expect(text.starts_with("1."), "1.x, the one that this ahdiag knows");
}

Fleet fleet_of(const Json& document, const std::string& host, const RuleBook& book) {
  const Part root(document, "report");
  expect_version(root["schema_version"]);
  const std::string label = root.has("label") ? clean_host(root["label"].string_or_empty()) : std::string();
  const Part platform = root["platform"];
  const Origin origin{book, label.empty() ? clean_host(host) : label, digest(document.dump()), platform["id"].string(),
                      platform["source"].string()};
  Fleet fleet;
  fleet.platform = {origin.guessed(), platform.json().dump()};
  root["input"].each([&](const Part& one) { read_input(one, origin, fleet); });
  root["incidents"].each([&](const Part& one) { read_incident(one, origin, fleet); });
  root["unmatched"].each([&](const Part& one) { read_unmatched(one, fleet); });
  fleet.notices = root["suppressed"]["notices"].number();
  fleet.over = root["suppressed"]["over_limits"].number();
  if (root.has("fleet")) {
    read_merged(root["fleet"], origin, fleet);
  } else {
    read_single(root, origin, fleet);
  }
  return fleet;
}

Json parse(std::string_view text) {
  const auto not_too_deep = [](int depth, Json::parse_event_t, const Json&) {
    if (depth > kDeepest) throw NoReport{"it is nested too deep"};
    return true;
  };
  try {
    return Json::parse(text, not_too_deep);
  } catch (const Json::parse_error& error) {
    const bool cut = error.byte > trim_right(text).size();
    throw NoReport{cut ? "it ends in the middle: cut" : fmt::format("no JSON at byte {}", error.byte)};
  } catch (const Json::exception&) {
    throw NoReport{"a number in it is out of range"};
  }
}

}  // namespace

std::variant<Fleet, Problem> read_report(std::string_view json, const std::string& host, const RuleBook& book) {
  try {
    return fleet_of(parse(json), host, book);
  } catch (const NoReport& no) {
    return Problem{"no report of ahdiag", "", no.why, "make it with ahdiag --format json"};
  }
}

}  // namespace ahdiag
