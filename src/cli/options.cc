#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>

#include "cli/command.h"
#include "cli/run.h"
#include "cli/version.h"
#include "text/problem.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

const std::string kFooter =
    "Exit status: 0 nothing at or above --fail-on, 1 something is, 2 usage, 3 an input could not be read whole\n"
    "(what was read is reported all the same). ahdiag runs nothing and changes nothing: it reads and prints.\n\n"
    "  ahdiag /var/log/httpd/error_log\n"
    "  journalctl -u httpd -b | ahdiag\n"
    "  ahdiag --format json error.log > ticket.json";

void add_facts(const std::vector<std::string>& given, Options& options) {
  for (const auto& one : given) {
    const auto equals = one.find('=');
    if (equals == std::string::npos || equals == 0)
      throw CLI::ValidationError("--fact", "'" + one + "' is not NAME=VALUE");
    options.facts[one.substr(0, equals)] = one.substr(equals + 1);
  }
}

// The format or time that a problem is about is shown as a usage error.
template <typename T>
T or_throw(std::variant<T, Problem> made) {
  if (auto* problem = std::get_if<Problem>(&made)) throw CLI::ValidationError(to_line(*problem));
  return std::get<T>(std::move(made));
}

const std::map<std::string, Format> kFormats = {
    {"text", Format::text},   {"json", Format::json}, {"markdown", Format::markdown}, {"html", Format::html},
    {"sarif", Format::sarif}, {"sh", Format::sh},     {"ansible", Format::ansible}};

struct Raw {
  std::string format = "text", merge_format = "json", colour = "auto", fail_on = "error", min_severity = "notice", on;
  std::vector<std::string> facts, log_formats;
  PeriodOptions period;
  std::size_t width = 0;
};

void settle(const Raw& raw, Options& options) {
  options.format = kFormats.at(raw.format);
  options.colour = raw.colour == "always" ? When::always : raw.colour == "never" ? When::never : When::automatic;
  options.fail_on = severity_from(raw.fail_on);
  options.min_severity = severity_from(raw.min_severity).value_or(Severity::notice);
  if (raw.width > 0) options.width = raw.width;
  if (!raw.on.empty()) options.facts["on"] = raw.on;
  add_facts(raw.facts, options);
  const bool shows_all =
      options.mode == Mode::entries || options.mode == Mode::rules_why || options.mode == Mode::merge;
  if (options.redact && shows_all)
    throw CLI::ValidationError("--redact", "this command shows what it reads; only a diagnosis is redacted");
  for (const auto& text : raw.log_formats) options.log_formats.add(or_throw(LogFormat::compile(text)));
  options.period = or_throw(Period::make(raw.period));
}

// Shown on terminals, and a name in a list.
bool is_label(const std::string& name) {
  constexpr std::size_t kLongest = 255;
  return !name.empty() && name.size() <= kLongest && printable(name) == name;
}

void add_reading_options(CLI::App& app, Raw& raw) {
  app.add_option("--log-format", raw.log_formats, "the server's ErrorLogFormat, if it has one; may be repeated")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);  // else CLI11 takes "[%t] [%M]" for a list
  app.add_option("--since", raw.period.since, "only entries from then on: 2024-03-13, 2024-03-13T07:02:11Z, 2h, today");
  app.add_option("--until", raw.period.until, "only entries up to then");
  app.add_option("--tz", raw.period.zone,
                 "zone of times that state none, such as Europe/Berlin (default: this machine's)");
}

void add_plan_options(CLI::App& app, Options& options, Raw& raw) {
  app.add_option("-p,--platform", options.platform,
                 "make plans for this platform instead of the one that the log shows");
  app.add_option("--fact", raw.facts, "NAME=VALUE: what is true on the machine, such as group=httpd; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--persist", options.persist, "how a repair outlives a boot")
      ->check(CLI::IsMember({"tmpfiles", "runtime-directory", "unit", "none"}));
  app.add_option("--on", raw.on, "with --persist unit: work before the service starts, or also when the system stops")
      ->check(CLI::IsMember({"start", "stop"}));
}

void add_host_options(CLI::App& app, Options& options) {
  app.add_flag("--host", options.host,
               "look at this machine, which wrote the log: read-only, no program is started, no connection opened");
  app.add_option("--root", options.root, "look at the system mounted at this directory instead")
      ->each([&](const auto&) { options.host = true; });
}

void add_entries_options(CLI::App& entries, Options& options) {
  entries.add_option("FILE", options.files, "error logs to read, in this order; none or '-': standard input");
  entries.add_flag("--ecs", options.ecs, "with the field names of Elastic Common Schema");
  entries.fallthrough();
  entries.callback([&] { options.mode = Mode::entries; });
}

void add_lint_options(CLI::App& lint, Options& options) {
  lint.add_option("FILE", options.files, "units and the scripts that they start; order is checked among them")
      ->required();
  lint.fallthrough();
  lint.footer(
      "With --root DIR or --host, the programs that a unit starts are looked at too.\n"
      "Exit status: 0 nothing but notices, 1 an error or a warning, 2 usage, 3 a file could not be read.");
  lint.callback([&] { options.mode = Mode::lint_unit; });
}

void add_merge_options(CLI::App& merge, Options& options, Raw& raw) {
  merge.add_option("REPORT", options.files,
                   "[HOST=]FILE: reports of --format json, one or many in a file; directories of them; none or '-': "
                   "standard input");
  merge.add_option("-f,--format", raw.merge_format, "json (default) or text")->check(CLI::IsMember({"json", "text"}));
  merge.fallthrough();
  merge.footer(
      "The order of the reports and how many steps they are merged in make no difference.\n"
      "Exit status: as without merge; 3: a file held no report, the others are merged all the same.");
  merge.callback([&] {
    options.mode = Mode::merge;
    raw.format = raw.merge_format;
  });
}

void add_rule_commands(CLI::App& rules, Options& options) {
  rules.require_subcommand(1);
  rules.add_subcommand("list", "every rule, one a line")->callback([&] { options.mode = Mode::rules_list; });
  auto* show = rules.add_subcommand("show", "one rule, for people");
  show->add_option("ID", options.argument, "the rule's id")->required();
  show->callback([&] { options.mode = Mode::rules_show; });
  auto* check = rules.add_subcommand("check", "lint the rules; each problem with file, line and column");
  check->add_option("DIR", options.argument, "a folder of rules (default: those compiled in, and --rules)");
  check->callback([&] { options.mode = Mode::rules_check; });
  auto* fresh = rules.add_subcommand("new", "the beginning of a rule for an id, filled from the catalogue");
  fresh->add_option("ID", options.argument, "an id of httpd, or a name of your own")->required();
  fresh->callback([&] { options.mode = Mode::rules_new; });
  auto* why = rules.add_subcommand("why", "which rules look at an entry, and where each stops");
  why->add_option("FILE[:LINE]", options.argument, "a log, and a line of it; '-': standard input")->required();
  why->callback([&] { options.mode = Mode::rules_why; });
  auto* test = rules.add_subcommand("test", "run the examples of each rule");
  test->add_option("DIR", options.argument, "a folder of rules (default: those compiled in, and --rules)");
  test->callback([&] { options.mode = Mode::rules_test; });
}

void add_explain_options(CLI::App& explain, Options& options, Raw& raw) {
  explain.add_option("TOPIC", options.topics, "AH01762, ENOSPC, 28, '(20014)', disk-full, Listen, php-fatal …")
      ->required();
  explain.add_option("-f,--format", raw.format, "text (default), json or markdown")
      ->check(CLI::IsMember({"text", "json", "markdown"}));
  explain.fallthrough();
  explain.callback([&] { options.mode = Mode::explain; });
}

void add_showing_options(CLI::App& app, Options& options, Raw& raw) {
  app.add_option("--fail-on", raw.fail_on, "lowest severity that gives exit status 1 (default error), or never")
      ->check(CLI::IsMember({"critical", "error", "warning", "notice", "never"}));
  app.add_option("--min-severity", raw.min_severity, "show nothing below it (default notice)")
      ->check(CLI::IsMember({"critical", "error", "warning", "notice"}));
  app.add_option("--incident", options.incidents, "ID: show this incident only; may be repeated")
      ->allow_extra_args(false);
  app.add_flag("--redact", options.redact,
               "name no address, host, user, mail address, query or secret of the log: equal ones become one word");
  app.add_option("--color", raw.colour, "auto (default), always or never; NO_COLOR is honoured")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_option("--width", raw.width, "columns of the text (default: the terminal's)")->check(CLI::Range(40, 400));
  app.add_flag("--compact", options.compact, "JSON on one line, for programs that take a line at a time");
  app.add_option("--label", options.label, "what to call this host, or this log, when reports are merged")
      ->check([](const std::string& name) { return is_label(name) ? "" : "a label is 1 to 255 printable characters"; });
}

std::function<void()> add_commands(CLI::App& app, Options& options, Raw& raw) {
  add_command(app, "entries", "each entry of the logs as one JSON object a line",
              [&](CLI::App& entries) { add_entries_options(entries, options); });
  add_command(app, "explain", "what an id, a status, a class of causes, a directive or a rule means",
              [&](CLI::App& explain) { add_explain_options(explain, options, raw); });
  add_command(app, "lint-unit", "mistakes in systemd units and their scripts, with the corrected text",
              [&](CLI::App& lint) { add_lint_options(lint, options); });
  auto settle_check = add_check_command(app, options);
  add_command(app, "merge", "reports of many hosts, or of the shards of one log, as one report",
              [&](CLI::App& merge) { add_merge_options(merge, options, raw); });
  add_command(app, "rules", "list, show, check and test the rules",
              [&](CLI::App& rules) { add_rule_commands(rules, options); });
  add_watch_command(app, options);
  return settle_check;
}

Parsed parse(int argc, const char* const* argv) {
  Options options;
  Raw raw;
  CLI::App app("Tells from what Apache httpd logged what is wrong and exactly what to do.", "ahdiag");
  app.footer(kFooter);
  app.set_version_flag("-V,--version", version_text);  // asked for it only: it counts the rules
  app.option_defaults()->always_capture_default(false);
  app.add_option(
      "FILE", options.files,
      "error logs, directories of them or tar archives, packed or not, in this order; none or '-': standard input");
  app.add_option("-f,--format", raw.format,
                 "text (default), json, markdown, html, sarif, or the plans as one file: sh, ansible")
      ->check(CLI::IsMember({"text", "json", "markdown", "html", "sarif", "sh", "ansible"}));
  add_plan_options(app, options, raw);
  add_host_options(app, options);
  add_showing_options(app, options, raw);
  app.add_flag("!--no-progress", options.progress, "no bar on the terminal while a long log is read");
  app.add_option("--threads", options.threads, "threads that read and understand (default 2)")
      ->check(CLI::Range(1, 64));
  app.add_option("--rules", options.rules, "a folder of rules that add to or replace those compiled in");
  app.add_subcommand("platforms", "the platforms and the facts that --fact may set")->callback([&] {
    options.mode = Mode::platforms;
  });
  add_reading_options(app, raw);
  const auto settle_check = add_commands(app, options, raw);
  try {
    app.parse(argc, argv);
    settle(raw, options);
    settle_check();
    return {std::move(options), kNothingFound};
  } catch (const CLI::Success& asked) {  // help or version
    std::ostringstream text;
    app.exit(asked, text, text);
    return {std::nullopt, print(text.str())};
  } catch (const CLI::ParseError& error) {
    const Problem problem{error.what(), "", "", "ahdiag --help tells the options"};
    if (options.mode == Mode::check) return {std::nullopt, refuse_check(problem)};
    complain({problem});
    return {std::nullopt, kUsage};
  }
}

}  // namespace

Parsed parse_options(int argc, const char* const* argv) { return parse(argc, argv); }

}  // namespace ahdiag
