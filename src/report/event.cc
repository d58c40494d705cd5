#include "report/event.h"

#include <fmt/format.h>

#include "report/json_line.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

std::string time_text(std::int64_t micros) {
  constexpr std::int64_t kSecond = 1'000'000;
  return to_rfc3339({micros / kSecond * kSecond, 0, 0});
}

std::string time_text(const std::optional<Stamp>& stamp) { return stamp ? to_rfc3339(*stamp) : std::string(); }

std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

std::string_view word_of(Event::Kind kind) {
  return kind == Event::Kind::open ? "new" : kind == Event::Kind::repeat ? "again" : "over";
}

}  // namespace

std::string event_json(const Telling& telling) {
  const Tally& tally = telling.event.tally;
  std::string out;
  JsonLine line(out, false);
  line.text("schema_version", "1.0");
  line.text("event", event_name(telling.event.kind));
  line.text("time", time_text(telling.micros));
  line.text("id", tally.id);
  line.text("rule", tally.rule);
  line.text("case", tally.cause);
  line.text("code", tally.code);
  line.text("severity", severity_name(tally.severity));
  line.text("title", tally.title);
  line.number("count", number(tally.count));
  line.text("first_seen", time_text(tally.first));
  line.text("last_seen", time_text(tally.last));
  line.begin("missed");
  line.number("entries", number(telling.missed.entries));
  line.number("unmatched", number(telling.missed.unmatched));
  line.number("lines", number(telling.missed.lines));
  line.number("hooks", number(telling.missed.hooks));
  line.end();
  line.text("platform", telling.report.setting.platform);
  line.begin("tool");
  line.text("name", "ahdiag");
  line.text("version", telling.report.version);
  line.number("rules", number(telling.report.rules));
  line.end();
  line.raw("incident", telling.finding == nullptr ? "null" : to_json_line(telling.report, *telling.finding));
  line.finish();
  return out;
}

std::string event_text(const Telling& telling, const TextStyle& style) {
  const Tally& tally = telling.event.tally;
  std::string text = fmt::format("{} {} {}", time_text(telling.micros), word_of(telling.event.kind), tally.id);
  if (telling.finding != nullptr) return text + "\n" + to_text(telling.report, *telling.finding, style) + "\n";
  text += fmt::format(": {}: {}", severity_name(tally.severity), printable(tally.title));
  if (!tally.code.empty()) text += " [" + tally.code + "]";
  text += fmt::format(", {} time{}", tally.count, tally.count == 1 ? "" : "s");
  if (tally.first) text += ", first " + to_rfc3339(*tally.first);
  if (tally.last) text += ", last " + to_rfc3339(*tally.last);
  return text + "\n";
}

}  // namespace ahdiag
