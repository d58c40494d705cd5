// The report as one page that needs nothing else: no file, no font, no address is loaded. What a log says is text in
// it; the Content-Security-Policy would let no other script or style run than its own.
#include <fmt/format.h>

#include <algorithm>

#include "report/html_text.h"
#include "report/html_timeline.h"
#include "report/page.h"
#include "report/report.h"
#include "report/steps.h"
#include "report/words.h"
#include "report/writer.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

std::string badge(std::string_view word) { return fmt::format("<span class=\"badge {0}\">{0}</span>", word); }

std::string paragraph(std::string_view label, std::string_view text) {
  return fmt::format("<p><strong>{}</strong> {}</p>\n", label, html_text(text));
}

std::string row(std::string_view label, const std::string& content) {
  return fmt::format("<dt>{}</dt><dd>{}</dd>\n", label, content);
}

// ---- evidence

std::string marked(const Evidence& evidence) {
  const std::string_view text = evidence.text;
  std::string out;
  std::size_t at = 0;
  for (const auto& span : evidence.spans) {
    const bool telling = span.what == "errno" || span.what == "path";
    if (!telling || span.start < at || span.end > text.size() || span.start >= span.end) continue;
    out += html_text(text.substr(at, span.start - at)) + "<mark>" +
           html_text(text.substr(span.start, span.end - span.start)) + "</mark>";
    at = span.end;
  }
  return out + html_text(text.substr(at));
}

std::string entry(const Report& report, const Evidence& evidence) {
  std::string place = html_text(place_of(report, evidence));
  if (evidence.time) place += ", " + html_text(to_rfc3339(*evidence.time));
  return fmt::format("<figure><figcaption>{}</figcaption><pre><code>{}</code></pre></figure>\n", place,
                     marked(evidence));
}

std::string evidence_of(const Report& report, const Incident& incident, bool open) {
  std::size_t count = incident.evidence.size();
  for (const auto& one : incident.consequences) count += one.evidence.size();
  std::string out = fmt::format("<details{}><summary>Evidence: {} entr{}</summary>\n", open ? " open" : "", count,
                                count == 1 ? "y" : "ies");
  for (const auto& one : incident.evidence) out += entry(report, one);
  for (const auto& consequence : incident.consequences) {
    for (const auto& one : consequence.evidence) out += entry(report, one);
  }
  return out + "</details>\n";
}

// ---- the plan

std::string step_of(const Step& step, std::string_view name) {
  std::string out = "<li><p>" + html_text(why_of(step)) + "</p>\n";
  if (const auto* manual = std::get_if<Manual>(&step.action))
    return out + "<p>" + html_text(manual->text) + "</p></li>\n";
  std::string text;
  const std::string typed_text = typed(step);  // a file has several lines
  for (std::size_t at = 0; at <= typed_text.size();) {
    const auto end = std::min(typed_text.find('\n', at), typed_text.size());
    text += html_text(std::string_view(typed_text).substr(at, end - at)) + (end < typed_text.size() ? "\n" : "");
    at = end + 1;
  }
  out += fmt::format("<div class=\"typed\"><pre data-copy=\"Copy {}\"><code>{}</code></pre></div>\n", name, text);
  const std::string expected = expectation(step);
  if (!expected.empty()) out += "<p class=\"soft\">Expected: " + html_text(expected) + "</p>\n";
  return out + "</li>\n";
}

std::string steps_of(const std::vector<Step>& steps, const std::string& name, bool all) {
  std::string out;
  std::optional<Phase> phase;
  std::size_t number = 0;
  for (const auto& step : steps) {
    if (!all && (step.phase == Phase::undo || step.phase == Phase::verify)) continue;
    if (phase != step.phase) {
      out += phase ? "</ol>\n" : "";
      out += all ? fmt::format("<h3>{}</h3>\n", phase_title(step.phase)) : "";
      out += fmt::format("<ol class=\"steps\" start=\"{}\">\n", number + 1);
    }
    phase = step.phase;
    ++number;
    out += step_of(step, fmt::format("step {} of {}", number, name));
  }
  return phase ? out + "</ol>\n" : out;
}

std::string plan_of(const Plan& plan, std::size_t number) {
  std::string out = steps_of(plan.steps, fmt::format("incident {}", number), true);
  std::size_t way = 0;
  for (const auto& one : plan.alternatives) {
    out += "<details><summary>Or: " + html_text(one.title) + "</summary>\n";
    if (!one.when.empty()) out += "<p class=\"soft\">" + html_text(one.when) + "</p>\n";
    out += steps_of(one.steps, fmt::format("incident {}, other way {}", number, ++way), false) + "</details>\n";
  }
  if (plan.notes.empty()) return out;
  out += "<h3>To know</h3>\n<ul>\n";
  for (const auto& note : plan.notes) out += "<li>" + html_text(note) + "</li>\n";
  return out + "</ul>\n";
}

// ---- one incident

std::string facts_of(const Report& report, const Diagnosis& diagnosis) {
  const Incident& incident = diagnosis.incident;
  std::string out = "<dl>\n" + row("Incident", "<code>" + html_text(diagnosis.id) + "</code>");
  out += row("Seen", html_text(when_and_where(report, incident)));
  if (!incident.module.empty()) out += row("Module", "<code>" + html_text(incident.module) + "</code>");
  for (const auto& one : seen_in_words(diagnosis))
    out += row(one.label.empty() ? "and" : one.label, html_text(one.text));
  for (const auto& one : incident.consequences)
    out += row("Goes with", html_text(consequence_in_words(diagnosis, one)));
  return out + "</dl>\n";
}

std::string incident_of(const Report& report, std::size_t index) {
  const Finding& finding = report.findings[index];
  const Diagnosis& diagnosis = finding.diagnosis;
  const Candidate& candidate = diagnosis.candidates.front();
  const auto severity = severity_name(diagnosis.severity);
  std::string out = fmt::format(
      "<article class=\"card incident {0}\" id=\"incident-{1}\" aria-labelledby=\"title-{1}\">\n<h2 "
      "id=\"title-{1}\">{1}. {2} {3}",
      severity, index + 1, badge(severity), html_text(diagnosis.title));
  if (!diagnosis.incident.code.empty()) out += " <code>" + html_text(diagnosis.incident.code) + "</code>";
  out += "</h2>\n<p class=\"cause\"><strong>Cause</strong> " + html_text(diagnosis.scope.prose(candidate.cause->cause));
  out += fmt::format(" <span class=\"soft\">({})</span></p>\n", certainty_name(candidate.certainty));
  out += paragraph("Effect", diagnosis.effect);
  if (!finding.plan.summary.empty()) out += paragraph("Remedy", finding.plan.summary);
  out += facts_of(report, diagnosis) + evidence_of(report, diagnosis.incident, index == 0) +
         plan_of(finding.plan, index + 1);
  const auto& references = diagnosis.incident.rule->references;
  if (!references.empty()) out += "<h3>See also</h3>\n<ul>\n";
  for (const auto& one : references)
    out += fmt::format("<li><a href=\"{0}\" rel=\"noopener noreferrer\">{0}</a></li>\n", html_text(one));
  if (!references.empty()) out += "</ul>\n";
  return out + "</article>\n";
}

// ---- the whole

std::string contents_of(const Report& report) {
  if (report.findings.empty()) return "<p>Nothing to diagnose: no entry that a rule explains.</p>\n";
  std::string out = "<nav aria-label=\"Incidents\">\n<ol class=\"contents\">\n";
  constexpr std::size_t kShown = 25;
  const std::size_t count = report.findings.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (i == kShown)
      out += fmt::format("</ol>\n<details><summary>{} more</summary>\n<ol class=\"contents\">\n", count - kShown);
    const Diagnosis& one = report.findings[i].diagnosis;
    out += fmt::format("<li>{} <a href=\"#incident-{}\">{}</a> <span class=\"times\">{} time{}</span></li>\n",
                       badge(severity_name(one.severity)), i + 1, html_text(one.title), one.incident.count,
                       one.incident.count == 1 ? "" : "s");
  }
  return out + (count > kShown ? "</ol>\n</details>\n</nav>\n" : "</ol>\n</nav>\n");
}

std::string unmatched_of(const Report& report) {
  if (report.unmatched.empty()) return {};
  constexpr std::size_t kShown = 20;
  std::string out = "<section class=\"card\" aria-labelledby=\"unmatched\">\n<h2 id=\"unmatched\">No rule for</h2>\n";
  for (std::size_t i = 0; i < report.unmatched.size() && i < kShown; ++i) {
    const auto& one = report.unmatched[i];
    out += fmt::format("<figure><figcaption>{}</figcaption><pre><code>{}</code></pre></figure>\n",
                       html_text(unmatched_in_words(one)), html_text(one.example));
  }
  if (report.unmatched.size() > kShown)
    out += fmt::format("<p>And {} more kinds.</p>\n", report.unmatched.size() - kShown);
  return out + "</section>\n";
}

std::string machine_of(const Report& report) {
  if (!report.machine) return {};
  std::string out = "<p>" + html_text(machine_in_words(*report.machine)) + "</p>\n";
  if (report.machine->unseen.empty()) return out;
  out += "<ul>\n";
  for (const auto& one : report.machine->unseen) out += "<li>not seen: " + html_text(one) + "</li>\n";
  return out + "</ul>\n";
}

std::string head_of(const Report& report) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; script-src '{}'; "
      "base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" "
      "content=\"noindex\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>httpd: {}</title>\n<style>{}</style>\n</head>\n",
      page_style().hash, page_script().hash, status_word(report), page_style().text);
}

}  // namespace

std::string to_html(const Report& report) {
  std::string out = head_of(report);
  out += "<body>\n<a class=\"skip\" href=\"#incidents\">Skip to the incidents</a>\n<header>\n";
  out += "<h1>httpd " + badge(status_word(report)) + "</h1>\n";
  out += "<p class=\"soft\">" + html_text(closing_words(report)) + "</p>\n</header>\n";
  out += contents_of(report) + "<main id=\"incidents\">\n" + timeline_of(report);
  for (std::size_t i = 0; i < report.findings.size(); ++i) out += incident_of(report, i);
  out += unmatched_of(report) + "</main>\n<footer>\n" + machine_of(report);
  out += fmt::format("<p>ahdiag {}, {} rules</p>\n</footer>\n", html_text(report.version), report.rules);
  out += "<p class=\"unseen\" id=\"said\" role=\"status\"></p>\n";
  return out + fmt::format("<script>{}</script>\n</body>\n</html>\n", page_script().text);
}

}  // namespace ahdiag
