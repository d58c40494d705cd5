#include "cli/watch_options.h"

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/hook.h"
#include "cli/options.h"

namespace ahdiag {
namespace {

const std::string kFooter =
    "SIGTERM, SIGINT and the end of standard input: what is pending is told, then it ends. SIGHUP: rules are read "
    "anew,\n"
    "outputs opened anew.\n"
    "Exit status: 0 it was ended, 2 usage, 3 something could not be read or written, 130 by SIGINT.\n\n"
    "  ahdiag watch /var/log/apache2/error.log\n"
    "  journalctl -f -o json -u httpd | ahdiag watch --output /var/log/ahdiag.json -\n"
    "  ErrorLog \"|/usr/bin/ahdiag watch --piped --raw /var/log/apache2/error.log --output /var/log/ahdiag.json -\"";

void check(WatchOptions& watch, const std::vector<std::string>& files) {
  const bool reads_stdin = files.empty() || std::ranges::find(files, "-") != files.end();
  const auto needs = [](bool holds, const char* what) {
    if (!holds) throw CLI::ValidationError(what);
  };
  needs(reads_stdin || !watch.piped, "--piped reads standard input: name no files but -");
  needs(reads_stdin || watch.raw.empty(), "--raw keeps what stands on standard input: name -");
  needs(reads_stdin || !watch.confirm, "--confirm answers to standard input: name -");
  needs(!watch.confirm || watch.output != "-", "--confirm needs standard output for its answers: give --output FILE");
  needs(!watch.piped || watch.output != "-", "--piped has no standard output: give --output FILE");
}

void add_watch_options(CLI::App& watch, Options& options) {
  WatchOptions& to = options.watch;
  watch.add_option("FILE", options.files, "error logs to follow, also those that come later; '-': standard input");
  watch.add_option("-f,--format", to.format, "text (default on a terminal) or json: one object a line")
      ->check(CLI::IsMember({"text", "json", "ndjson"}));
  watch.add_option("--output", to.output, "append events to this file; it may be rotated");
  watch.add_flag("--from-start", to.from_start, "read what the files hold already, too");
  watch
      .add_option("--settle", to.settle,
                  "seconds of silence before a failure is judged (default 2), five times that at most")
      ->check(CLI::Range(0.0, 3600.0));
  watch
      .add_option(
          "--repeat-every", to.repeat_every,
          "seconds between two tellings of an incident that goes on (default 3600); 10, 100 … entries are told at once")
      ->check(CLI::PositiveNumber);
  watch.add_option("--end-after", to.end_after, "seconds of silence after which an incident is over (default 600)")
      ->check(CLI::PositiveNumber);
  watch.add_flag("--piped", to.piped, "httpd's own ErrorLog \"|…\": never lets it wait, reads on for old children");
  watch.add_option("--raw", to.raw, "append what comes on standard input to this file, as it comes");
  watch.add_flag("--confirm", to.confirm,
                 "answer OK at the start and after each line: rsyslog's omprog, confirmMessages");
  const auto take_exec = [&to](const std::string& text) {
    auto words = hook_words(text);
    if (auto* problem = std::get_if<Problem>(&words)) throw CLI::ValidationError(to_line(*problem));
    to.exec = std::get<std::vector<std::string>>(std::move(words));
  };
  watch.add_option_function<std::string>(
      "--exec", take_exec, "call this program for each event, with its JSON as standard input; no shell is between");
  watch.add_option("--exec-timeout", to.exec_timeout, "seconds after which such a call is ended (default 10)")
      ->check(CLI::PositiveNumber);
  watch.fallthrough();
  watch.footer(kFooter);
  watch.callback([&options] {
    options.mode = Mode::watch;
    check(options.watch, options.files);
  });
}

}  // namespace

void add_watch_command(CLI::App& app, Options& options) {
  add_command(app, "watch", "follow logs, and tell when an incident opens, goes on and is over",
              [&options](CLI::App& watch) { add_watch_options(watch, options); });
}

}  // namespace ahdiag
