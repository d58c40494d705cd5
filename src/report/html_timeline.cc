#include "report/html_timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/html_text.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

constexpr std::int64_t kSecond = 1'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;
constexpr double kWidth = 960, kLeft = 12, kRight = 948, kTop = 8, kRow = 46;
constexpr std::size_t kMostRows = 40;

// The time that the picture shows, with a margin on both sides.
struct Axis {
  std::int64_t begin = 0, end = 0;
  [[nodiscard]] double x(std::int64_t micros) const {
    return kLeft + (kRight - kLeft) * static_cast<double>(micros - begin) / static_cast<double>(end - begin);
  }
};

std::vector<std::size_t> timed(const Report& report) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const Incident& one = report.findings[i].diagnosis.incident;
    if (one.first && one.last) rows.push_back(i);
  }
  return rows;
}

Axis axis_of(const Report& report, const std::vector<std::size_t>& rows) {
  Axis axis{INT64_MAX, INT64_MIN};
  for (const auto row : rows) {
    const Incident& one = report.findings[row].diagnosis.incident;
    axis.begin = std::min(axis.begin, one.first->micros);
    axis.end = std::max(axis.end, one.last->micros);
  }
  const std::int64_t margin = std::max(kSecond, (axis.end - axis.begin) / 24);
  return {axis.begin - margin, axis.end + margin};
}

// The finest step that gives at most seven lines.
std::int64_t step_of(const Axis& axis) {
  static constexpr std::array kSteps = {kSecond,  2 * kSecond, 5 * kSecond, 10 * kSecond, 30 * kSecond,
                                        kMinute,  2 * kMinute, 5 * kMinute, 10 * kMinute, 30 * kMinute,
                                        kHour,    2 * kHour,   6 * kHour,   12 * kHour,   kDay,
                                        2 * kDay, 7 * kDay,    30 * kDay,   90 * kDay,    365 * kDay};
  constexpr std::int64_t kMost = 7;
  for (const auto step : kSteps) {
    if ((axis.end - axis.begin) / step <= kMost) return step;
  }
  return (axis.end - axis.begin) / kMost + 1;
}

// "07:02:11", "07:02" or "2024-03-13", as fine as the step.
std::string tick_label(std::int64_t micros, std::int64_t step) {
  const std::string text = to_rfc3339({micros, 0, std::nullopt});
  if (step >= kDay) return text.substr(0, 10);
  if (micros % kDay == 0) return text.substr(5, 5);
  return text.substr(11, step >= kMinute ? 5 : 8);
}

std::string ticks(const Axis& axis, double bottom) {
  const std::int64_t step = step_of(axis);
  constexpr double kHalfLabel = 30;
  const std::string day = to_rfc3339({axis.begin, 0, std::nullopt}).substr(0, 10);
  std::string out = fmt::format(R"(<text class="soft" x="{}" y="{}">{}</text>)", kLeft, bottom + 36, day);
  for (std::int64_t at = (axis.begin / step + 1) * step; at < axis.end; at += step) {
    const double x = axis.x(at);
    out += fmt::format(R"(<line class="grid" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"/>)", x, kTop, bottom);
    if (x > kHalfLabel && x < kWidth - kHalfLabel)
      out +=
          fmt::format(R"(<text class="soft middle" x="{:.1f}" y="{}">{}</text>)", x, bottom + 18, tick_label(at, step));
  }
  return out;
}

// At most `most` columns, never inside a code point.
std::string shortened(std::string_view text, std::size_t most) {
  std::string shown = printable(text);
  if (columns(shown) <= most) return shown;
  std::size_t bytes = 0;
  for (std::size_t used = 0; used + 1 < most && bytes < shown.size(); ++used)
    bytes += std::max<std::size_t>(1, utf8_length(std::string_view(shown).substr(bytes)));
  return shown.substr(0, bytes) + "…";
}

std::string row_of(const Report& report, std::size_t number, const Axis& axis, double y) {
  const Diagnosis& diagnosis = report.findings[number].diagnosis;
  const Incident& one = diagnosis.incident;
  const auto severity = severity_name(diagnosis.severity);
  const double line = y + 29, begin = axis.x(one.first->micros), end = axis.x(one.last->micros);
  constexpr std::size_t kLongestTitle = 100;
  std::string out = fmt::format(R"(<text x="{}" y="{}"><tspan class="word {}">{} {}</tspan> {}</text>)", kLeft, y + 15,
                                severity, number + 1, severity, html_text(shortened(diagnosis.title, kLongestTitle)));
  out += fmt::format(R"(<text class="soft right" x="{}" y="{}">{} time{}</text>)", kRight, y + 15, one.count,
                     one.count == 1 ? "" : "s");
  out += fmt::format(R"(<line class="track" x1="{}" x2="{}" y1="{}" y2="{}"/>)", kLeft, kRight, line, line);
  if (end - begin >= 1)
    out += fmt::format(R"(<rect class="bar {}" x="{:.1f}" y="{}" width="{:.1f}" height="8" rx="4"/>)", severity, begin,
                       line - 4, end - begin);
  const auto mark = [&](const std::optional<Stamp>& time) {
    if (time)
      out +=
          fmt::format(R"(<circle class="seen {}" cx="{:.1f}" cy="{}" r="6"/>)", severity, axis.x(time->micros), line);
  };
  mark(one.first);
  mark(one.last);
  for (const auto& evidence : one.evidence) {
    const bool inside =
        evidence.time && evidence.time->micros > one.first->micros && evidence.time->micros < one.last->micros;
    if (inside) mark(evidence.time);
  }
  return out;
}

std::string picture(const Report& report, const std::vector<std::size_t>& rows, std::size_t shown) {
  const Axis axis = axis_of(report, rows);
  const double bottom = kTop + kRow * static_cast<double>(shown);
  std::string out = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Timeline\">\n"
      R"(<svg class="timeline" viewBox="0 0 {} {}" role="img" aria-labelledby="timeline-title timeline-text">)"
      R"(<title id="timeline-title">When each incident was seen</title><desc id="timeline-text">One row an incident, )"
      "worst first: a bar from its first entry to its last, a dot for each entry shown as evidence. The table below "
      "says "
      "the same.</desc>\n",
      kWidth, bottom + 42);
  out += ticks(axis, bottom) + "\n";
  for (std::size_t i = 0; i < shown; ++i)
    out += row_of(report, rows[i], axis, kTop + kRow * static_cast<double>(i)) + "\n";
  return out + "</svg>\n</div>\n";
}

std::string cell(const std::optional<Stamp>& time) {
  return R"(<td class="nowrap">)" + (time ? html_text(to_rfc3339(*time)) : std::string("not stated")) + "</td>";
}

std::string table(const Report& report) {
  std::string out =
      "<details><summary>The same as a table</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"Times of the incidents\">\n<table><thead><tr><th scope=\"col\">Incident</th><th scope=\"col\">"
      R"(Severity</th><th scope="col">First</th><th scope="col">Last</th><th )"
      "scope=\"col\">Times</th></tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const Diagnosis& one = report.findings[i].diagnosis;
    out += fmt::format(R"(<tr><th scope="row"><a href="#incident-{0}">{0}. {1}</a></th><td>{2}</td>{3}{4}<td )"
                       "class=\"number\">{5}</td></tr>\n",
                       i + 1, html_text(one.title), severity_name(one.severity), cell(one.incident.first),
                       cell(one.incident.last), one.incident.count);
  }
  return out + "</tbody></table>\n</div></details>\n";
}

}  // namespace

std::string timeline_of(const Report& report) {
  const auto rows = timed(report);
  if (rows.empty()) return {};
  const std::size_t shown = std::min(rows.size(), kMostRows);
  std::string out = "<section class=\"card\" aria-labelledby=\"when\">\n<h2 id=\"when\">When</h2>\n";
  out +=
      picture(report, std::vector<std::size_t>(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(shown)), shown);
  if (shown < rows.size())
    out += fmt::format("<p class=\"soft\">The {} worst of {} incidents.</p>\n", shown, rows.size());
  if (rows.size() < report.findings.size())
    out += fmt::format("<p class=\"soft\">{} more state no time.</p>\n", report.findings.size() - rows.size());
  return out + table(report) + "</section>\n";
}

}  // namespace ahdiag
