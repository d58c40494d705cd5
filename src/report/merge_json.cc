// The merged report: the contract of --format json, and what only many reports have.
#include <array>
#include <nlohmann/json.hpp>

#include "report/merge.h"
#include "report/merge_fold.h"
#include "report/merge_view.h"

namespace ahdiag {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }
Json time_of(const MaybeMoment& moment) { return moment ? Json(moment->text) : Json(); }

Json witnesses_of(const Witnesses& all) {
  Json list = Json::array();
  for (const auto& one : all.all()) {
    Json json = Json::parse(one.json);
    json["host"] = or_null(one.host);
    json["report"] = one.report;
    list.push_back(std::move(json));
  }
  return list;
}

Json consequence(const FollowerKey& key, const std::string& title, std::uint64_t count, const Witnesses& evidence) {
  return {{"code", or_null(key.first)},
          {"rule", or_null(key.second)},
          {"title", title},
          {"count", count},
          {"evidence", witnesses_of(evidence)}};
}

Json own_consequences(const MergedIncident& incident) {
  Json list = Json::array();
  for (const auto* row : followers_in_order(incident))
    list.push_back(consequence(row->first, row->second.title, row->second.count, row->second.evidence));
  return list;
}

// An incident of another report, and what stands among its own consequences.
void add_folded(Json& list, const MergedRow& row, const std::string& root_rule, const RuleBook& book) {
  const MergedIncident& one = *row.incident;
  const FollowerKey names = names_of(*row.key, one);
  std::string means = meaning_of(book, root_rule, names);
  if (means.empty()) means = Json::parse(one.face().json)["title"].get<std::string>();
  Json all = own_consequences(one);
  all.insert(all.begin(), consequence(names, means, one.total.count, one.evidence));
  for (auto& json : all) {
    json["incident"] = row.key->id;
    list.push_back(std::move(json));
  }
}

Json consequences_of(const MergedRow& row, const RuleBook& book) {
  Json list = own_consequences(*row.incident);
  for (const auto& one : row.followers) add_folded(list, one, row.key->rule, book);
  return list;
}

Json hosts_of(const HostTallies& hosts) {
  Json list = Json::array();
  for (const auto& [name, tally] : hosts.rows) {
    list.push_back({{"name", or_null(name)},
                    {"count", tally.count},
                    {"first", time_of(tally.first)},
                    {"last", time_of(tally.last)}});
  }
  return list;
}

Json shown_of(const Face& face) {
  return {{"host", or_null(face.host)},
          {"platform", face.platform},
          {"platform_source", face.source},
          {"first", time_of(face.first)}};
}

// What the other platforms have otherwise; the members that add up stand in the incident alone.
Json variants_of(const MergedIncident& incident) {
  Json list = Json::array();
  for (const auto& [platform, face] : incident.faces) {
    if (&face == &incident.face()) continue;
    Json json = Json::parse(face.json);
    json["shown"] = shown_of(face);
    list.push_back(std::move(json));
  }
  return list;
}

Json incident_of(const MergedRow& row, const RuleBook& book) {
  const MergedIncident& incident = *row.incident;
  Json json = Json::parse(incident.face().json);
  json["severity"] = severity_name(incident.severity);
  json["evidence"] = witnesses_of(incident.evidence);
  json["consequences"] = consequences_of(row, book);
  json["count"] = incident.total.count;
  json["first_seen"] = time_of(incident.total.first);
  json["last_seen"] = time_of(incident.total.last);
  json["hosts"] = hosts_of(incident.hosts);
  json["hosts_beyond"] = incident.hosts.beyond;
  json["shown"] = shown_of(incident.face());
  json["variants"] = variants_of(incident);
  return json;
}

Json incidents_of(const std::vector<MergedRow>& rows, const RuleBook& book) {
  Json list = Json::array();
  for (const auto& row : rows) list.push_back(incident_of(row, book));
  return list;
}

Json sums_of(const InputSum& sum) {
  return {{"bytes", sum.bytes},       {"lines", sum.lines},          {"entries", sum.entries},
          {"unparsed", sum.unparsed}, {"first", time_of(sum.first)}, {"last", time_of(sum.last)},
          {"reports", sum.reports}};
}

Json input_of(const InputKey& key, const InputSum& sum) {
  Json json = {{"name", key.name}, {"format", key.format}};
  json.update(sums_of(sum));
  json["error"] = or_null(key.error);
  json["host"] = or_null(key.host);
  return json;
}

Json numbers_of(const Numbers& numbers, const char* name) {
  Json list = Json::array();
  for (const auto& [key, number] : numbers.rows) list.push_back({{name, or_null(key)}, {"reports", number}});
  return list;
}

std::string_view word_of(std::optional<Severity> worst) {
  return !worst || *worst == Severity::notice ? "ok" : severity_name(*worst);
}

Json fleet_of(const Fleet& fleet, const FleetView& view, const RuleBook& book) {
  return {{"reports", fleet.reports},
          {"hosts", numbers_of(fleet.hosts, "name")},
          {"hosts_beyond", fleet.hosts.beyond},
          {"platforms", numbers_of(fleet.platforms, "id")},
          {"platforms_beyond", fleet.platforms.beyond},
          {"inputs_beyond", sums_of(fleet.inputs_beyond)},
          {"not_shown", fleet.hidden ? severity_name(*fleet.hidden) : "ok"},
          {"folded", incidents_of(view.folded, book)}};
}

}  // namespace

std::string Merger::to_json(bool compact) const {
  const FleetView view = view_of(fleet_, book_);
  Json inputs = Json::array();
  for (const auto& [key, sum] : fleet_.inputs) inputs.push_back(input_of(key, sum));
  Json unmatched = Json::array();
  for (const auto* row : view.unmatched) {
    Json json = Json::parse(row->json);
    json["count"] = row->count;
    unmatched.push_back(std::move(json));
  }
  const Json json = {{"schema_version", "1.0"},
                     {"tool", {{"name", "ahdiag"}, {"version", version_}, {"rules", book_.heads().size()}}},
                     {"status", word_of(view.worst)},
                     {"input", inputs},
                     {"platform", Json::parse(fleet_.platform->json)},
                     {"host", nullptr},
                     {"incidents", incidents_of(view.incidents, book_)},
                     {"unmatched", unmatched},
                     {"suppressed", {{"notices", fleet_.notices}, {"over_limits", fleet_.over}}},
                     {"fleet", fleet_of(fleet_, view, book_)}};
  return json.dump(compact ? -1 : 2) + "\n";
}

}  // namespace ahdiag
