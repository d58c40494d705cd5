// The merged report for people: what is wrong, where, since when, and the plan once.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/merge.h"
#include "report/merge_fold.h"
#include "report/merge_view.h"
#include "report/writer.h"
#include "text/ascii.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kHostsShown = 8;
constexpr std::size_t kUnmatchedShown = 5;

// A text of a report that others wrote: printable, and empty where it is something else.
std::string text_of(const Json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? printable(found->get_ref<const std::string&>()) : std::string();
}

const Json& list_of(const Json& object, const char* name) {
  static const Json kNone = Json::array();
  if (!object.is_object()) return kNone;
  const auto found = object.find(name);
  return found != object.end() && found->is_array() ? *found : kNone;
}

std::string times(std::uint64_t count) { return count == 1 ? "once" : fmt::format("{} times", count); }

std::string period_of(const MergedTally& tally) {
  if (!tally.first) return {};
  std::string text = ", " + tally.first->text;
  return tally.last == tally.first ? text : text + " to " + tally.last->text;
}

// "web1 (3), web2, and others"
std::string names_of(const HostTallies& hosts) {
  std::vector<std::string> names;
  for (const auto& [name, tally] : hosts.rows) {
    if (names.size() == kHostsShown) break;
    names.push_back((name.empty() ? "a host without a name" : name) +
                    (tally.count > 1 ? fmt::format(" ({})", tally.count) : ""));
  }
  std::string text = join(names, ", ");
  if (hosts.rows.size() > names.size()) text += fmt::format(" and {} more", hosts.rows.size() - names.size());
  if (hosts.beyond > 0) text += fmt::format(", and others ({})", hosts.beyond);
  return text;
}

bool names_hosts(const HostTallies& hosts) {
  return hosts.rows.size() > 1 || hosts.beyond > 0 || !hosts.rows.begin()->first.empty();
}

void write_file(Writer& out, const Json& step) {
  out.line("       " + text_of(step, "path") + " (" + text_of(step, "owner") + ":" + text_of(step, "group") + " " +
           text_of(step, "mode") + "):");
  const auto found = step.find("content");
  if (found == step.end() || !found->is_string()) return;
  for (const auto& row : split(trim_right(found->get_ref<const std::string&>()), '\n'))
    out.line("         " + printable(row));
}

void write_step(Writer& out, const Json& step, std::size_t number) {
  out.paragraph(text_of(step, "why"), 5, fmt::format("{:>3}. ", number));
  const std::string kind = text_of(step, "kind");
  if (kind == "command") out.line("       " + out.paint(text_of(step, "shell"), kBold));
  if (kind == "file") write_file(out, step);
  if (kind == "manual") out.paragraph(text_of(step, "text"), 7);
}

std::string title_of(const std::string& name) {
  for (const Phase phase : {Phase::inspect, Phase::repair, Phase::persist, Phase::verify, Phase::undo}) {
    if (phase_name(phase) == name) return std::string(phase_title(phase));
  }
  return name;
}

void write_plan(Writer& out, const Json& plan) {
  if (const auto summary = text_of(plan, "summary"); !summary.empty()) out.labelled("Remedy", summary);
  std::string phase;
  std::size_t number = 0;
  for (const auto& step : list_of(plan, "steps")) {
    if (std::string now = text_of(step, "phase"); now != phase) {
      phase = std::move(now);
      out.line();
      out.line("  " + out.paint(title_of(phase), kBold));
    }
    write_step(out, step, ++number);
  }
}

void write_followers(Writer& out, const MergedRow& row) {
  std::string_view label = "Goes with";
  const auto write = [&](const FollowerKey& key, const std::string& title, std::uint64_t count) {
    std::string name = key.first.empty() ? key.second : key.first;
    if (count > 1) name += fmt::format(" ({} times)", count);
    out.labelled(label, printable(name + (title.empty() ? "" : ": " + title)));
    label = "";
  };
  const auto write_own = [&](const MergedIncident& incident) {
    for (const auto* own : followers_in_order(incident)) write(own->first, own->second.title, own->second.count);
  };
  write_own(*row.incident);
  for (const auto& one : row.followers) {
    write(names_of(*one.key, *one.incident), text_of(Json::parse(one.incident->face().json), "title"),
          one.incident->total.count);
    write_own(*one.incident);
  }
}

void write_platforms(Writer& out, const MergedIncident& incident) {
  const Face& face = incident.face();
  std::string text = "the plan is for " + printable(face.platform);
  if (!face.host.empty()) text += ", as " + face.host + " has it";
  std::vector<std::string> others;
  for (const auto& [platform, other] : incident.faces) {
    if (&other != &face) others.push_back(printable(platform));
  }
  if (!others.empty()) text += "; --format json has those for " + join(others, ", ");
  if (!face.host.empty() || !others.empty()) out.labelled("Whose", text);
}

void write_incident(Writer& out, const MergedRow& row) {
  const MergedIncident& incident = *row.incident;
  const Json face = Json::parse(incident.face().json);
  const std::string code = text_of(face, "code");
  out.paragraph(text_of(face, "title") + (code.empty() ? "" : " [" + code + "]"),
                2 + severity_name(incident.severity).size(),
                out.paint(fmt::format("{}: ", severity_name(incident.severity)), kBold));
  out.line();
  out.paragraph(times(incident.total.count) + period_of(incident.total) + ", incident " + row.key->id, 2);
  const Json entry = Json::parse(incident.evidence.all().begin()->json);
  out.paragraph(text_of(entry, "text"), 4);
  out.line();
  if (names_hosts(incident.hosts)) out.labelled("Hosts", names_of(incident.hosts));
  out.labelled("Cause", text_of(face["cause"], "text") + " (" + text_of(face, "confidence") + ")");
  out.labelled("Effect", text_of(face, "effect"));
  write_followers(out, row);
  write_platforms(out, incident);
  write_plan(out, face["plan"]);
  out.line();
}

void write_unmatched(Writer& out, const FleetView& view) {
  if (view.unmatched.empty()) return;
  out.line(out.paint("No rule for", kBold));
  std::size_t shown = 0;
  for (const auto* row : view.unmatched) {
    if (shown++ == kUnmatchedShown) break;
    const Json json = Json::parse(row->json);
    out.paragraph(times(row->count) + " " + text_of(json, "code"), 4, "- ");
    out.paragraph(text_of(json, "example"), 6);
  }
  if (view.unmatched.size() > kUnmatchedShown)
    out.line(fmt::format("  and {} more kinds", view.unmatched.size() - kUnmatchedShown));
  out.line();
}

std::string closing(const Fleet& fleet) {
  InputSum all = fleet.inputs_beyond;
  for (const auto& [key, sum] : fleet.inputs) all.add(sum);
  std::string text = fmt::format("{} report{} of {} line{}", fleet.reports, fleet.reports == 1 ? "" : "s", all.lines,
                                 all.lines == 1 ? "" : "s");
  if (fleet.hosts.rows.size() > 1 || fleet.hosts.beyond > 0)
    text += fmt::format(" from {} hosts{}", fleet.hosts.rows.size(), fleet.hosts.beyond > 0 ? " and others" : "");
  if (fleet.notices > 0) text += fmt::format("; {} below --min-severity not shown", fleet.notices);
  if (fleet.over > 0) text += fmt::format("; {} entries beyond the limits only counted", fleet.over);
  return text + ".";
}

}  // namespace

std::string Merger::to_text(const TextStyle& style) const {
  Writer out(style);
  const FleetView view = view_of(fleet_, book_);
  for (const auto& row : view.incidents) write_incident(out, row);
  if (view.incidents.empty()) out.line("Nothing to diagnose: no entry that a rule explains.");
  write_unmatched(out, view);
  out.painted(closing(fleet_), kDim);
  return out.take();
}

}  // namespace ahdiag
