#include "cli/run.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include "cli/intake.h"
#include "cli/progress.h"
#include "cli/relay.h"
#include "cli/version.h"
#include "diagnose/redact.h"
#include "entry/reader.h"
#include "input/file.h"
#include "text/threads.h"

namespace ahdiag {
namespace {

namespace fs = std::filesystem;

void redact_all(std::vector<Diagnosis>& diagnoses, Report& report) {
  report.redacted = true;
  Identities names = redact(diagnoses, report.unmatched, report.machine, report.setting);
  const auto replace = [&](std::string& text) {
    names.learn(text);
    text = names.replaced(text);
  };
  for (auto& row : report.inputs) {
    replace(row.name);
    if (row.error) replace(row.error->where);
  }
}

void add_findings(const RuleBook& book, Collection& collection, const Request& request, Report& report) {
  auto diagnoses = judge(collection, report.setting, request.host, request.threads);
  if (request.redact) redact_all(diagnoses, report);
  report.findings.reserve(diagnoses.size());
  for (auto& diagnosis : diagnoses) {
    if (!report.worst || diagnosis.severity > *report.worst) report.worst = diagnosis.severity;
    if (diagnosis.severity < request.min_severity) {
      ++report.suppressed;
      continue;
    }
    report.findings.push_back({std::move(diagnosis), {}});
  }
  for_each_of(report.findings.size(), request.threads, [&](std::size_t i) {
    auto& [diagnosis, plan] = report.findings[i];
    plan = make_plan(diagnosis, book);
  });
}

std::size_t terminal_width() {
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40;
  return known ? std::min<std::size_t>(size.ws_col, 120) : 80;
}

// The option, then NO_COLOR, then the terminal. Source: no-color.org.
bool wants_colour(When when) {
  if (when != When::automatic) return when == When::always;
  const char* none = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe): one thread
  const char* term = std::getenv("TERM");      // NOLINT(concurrency-mt-unsafe)
  if (none != nullptr && *none != '\0') return false;
  return ::isatty(STDOUT_FILENO) == 1 && (term == nullptr || std::strcmp(term, "dumb") != 0);
}

void write_in_form(const Report& report, const Options& options, const Sink& sink) {
  switch (options.format) {
    case Format::json: return write_json(report, options.compact, sink, options.threads);
    case Format::sh: return sink(to_script(report));
    case Format::ansible: return sink(to_playbook(report));
    case Format::markdown: return sink(to_markdown(report));
    case Format::html: return sink(to_html(report));
    case Format::sarif: return sink(to_sarif(report));
    case Format::text: return write_text(report, style_of(options), sink, options.threads);
  }
}

bool is_set(const SettingOptions& setting) {
  return !setting.platform.empty() || !setting.facts.empty() || !setting.persist.empty();
}

// For what is needed until the process ends, and goes with it: to take thousands of pieces apart before would only keep
// who waits for that. It is made where it stays: the findings of a report point into it.
template <typename Make>
auto& keep_for_good(const Make& make) {
  using Value = std::invoke_result_t<Make>;
  // NOLINTBEGIN(cppcoreguidelines-owning-memory,cppcoreguidelines-avoid-non-const-global-variables): nobody owns them
  static auto* const all = new std::vector<std::unique_ptr<Value>>;
  return *all->emplace_back(new Value(make()));
  // NOLINTEND(cppcoreguidelines-owning-memory,cppcoreguidelines-avoid-non-const-global-variables)
}

// Those that were asked for by their ids; all where none was.
void keep_only(const std::vector<std::string>& ids, Report& report) {
  if (ids.empty()) return;
  std::erase_if(report.findings,
                [&](const Finding& one) { return std::ranges::find(ids, one.diagnosis.id) == ids.end(); });
  report.unmatched.clear();
  report.worst.reset();
  for (const auto& one : report.findings) report.worst = std::max(report.worst, std::optional(one.diagnosis.severity));
}

int exit_status(const Report& report, const Options& options) {
  const bool found = options.fail_on && report.worst && *report.worst >= *options.fail_on;
  return found ? kFound : kNothingFound;
}

}  // namespace

TextStyle style_of(const Options& options) {
  return {wants_colour(options.colour), options.width.value_or(terminal_width()), true};
}

Feed feed_of(const Options& options, Problems& notes) {
  return [&](const Listener& listener) {
    ProgressBar bar(options.progress);
    const auto names = options.files.empty() ? std::vector<std::string>{"-"} : options.files;
    for (auto& note : read_sources(names, listener, bar.tick())) notes.push_back(std::move(note));
  };
}

Report diagnose(const RuleBook& book, const Feed& feed, const Request& request, Problems& problems) {
  Report report;
  Signs signs(book.signs());
  Collector collector(book, signs);
  Intake intake(
      request.log_formats, request.period,
      [&](const Entry& entry, std::string_view around, const std::string&) {
        if (entry.about == About::message) collector.entry(entry, around);
      },
      &collector);
  Relay relay(intake, request.threads, book);
  feed(relay.listener());
  report.inputs = intake.rows();
  conclude(book, signs, collector.finish(), request, report, problems);
  return report;
}

void conclude(const RuleBook& book, const Signs& signs, Collection collection, const Request& request, Report& report,
              Problems& problems) {
  report.version = version();
  report.rules = book.heads().size();
  SettingOptions setting = request.setting;
  const auto& platform = request.setting.platform;
  const std::string shown = platform.empty() ? signs.platform().id : platform;
  if (request.host != nullptr) {
    report.machine = look_at(*request.host, book.platforms(), setting.platform, signs.platform().id);
    setting.machine = &*report.machine;
  }
  const Platforms& platforms = request.host != nullptr ? book.platforms() : book.platforms_for(shown);
  report.setting = choose_setting(platforms, signs, setting, problems);
  report.unmatched = std::move(collection.unmatched);
  report.over = collection.over;
  add_findings(book, collection, request, report);
}

LoadedRules load_rules(const std::string& directory, Problems& problems) {
  std::vector<std::pair<std::string, std::string>> files;
  std::error_code error;
  if (!directory.empty()) {
    std::vector<std::string> names;
    for (auto it = fs::recursive_directory_iterator(directory, error);
         !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
      if (it->path().extension() == ".json") names.push_back(it->path().string());
    }
    if (error) problems.push_back({"cannot read the rules", directory, error.message(), "name a folder of rule files"});
    std::sort(names.begin(), names.end());
    for (auto& name : names) {
      std::string text;
      if (auto problem = read_file(name, text)) problems.push_back(*problem);
      files.emplace_back(std::move(name), std::move(text));
    }
  }
  std::vector<RuleFile> more;
  for (const auto& [name, text] : files) more.push_back({name, text});
  auto book = RuleBook::load(more, problems);
  return {std::move(files), std::move(book)};
}

WriteResult write_out(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EPIPE) return WriteResult::closed;  // the reader has seen enough
    if (written < 0) {
      complain({{"cannot write the report", "standard output", std::strerror(errno), ""}});
      return WriteResult::failed;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return WriteResult::done;
}

int print(const std::string& text) { return write_out(text) == WriteResult::failed ? kIncomplete : kNothingFound; }

bool complain_of(const std::vector<InputRow>& rows) {
  bool any = false;
  for (const auto& row : rows) {
    if (row.error) complain({*row.error});
    any = any || row.error.has_value();
  }
  return any;
}

void complain(const Problems& problems) {
  for (const auto& problem : problems) std::cerr << "ahdiag: " + to_line(problem) + '\n';
}

std::optional<Host> open_host(const std::string& root, Problems& problems) {
  auto host = Host::open(root);
  if (auto* problem = std::get_if<Problem>(&host)) {
    problems.push_back(std::move(*problem));
    return std::nullopt;
  }
  return std::get<Host>(std::move(host));
}

bool lacks_input(const Options& options) {
  if (!options.files.empty() || ::isatty(STDIN_FILENO) != 1) return false;
  std::cerr << "usage: ahdiag [OPTIONS] [FILE...]\n"
               "Reads Apache error logs, from files or from standard input: ahdiag /var/log/httpd/error_log\n"
               "ahdiag --help tells the options.\n";
  return true;
}

Request request_of(const Options& options, Host* host) {
  return {{options.platform, options.facts, options.persist, nullptr},
          options.min_severity,
          options.log_formats,
          options.period,
          options.threads,
          options.redact,
          host};
}

void check_setting(const RuleBook& book, const Request& request, Problems& problems) {
  if (!problems.empty() || !is_set(request.setting)) return;
  choose_setting(book.platforms_for(request.setting.platform), Signs(book.signs()), request.setting, problems);
}

int run_diagnose(const Options& options) {
  if (lacks_input(options)) return kUsage;
  Problems problems;
  const auto& rules = keep_for_good([&] { return load_rules(options.rules, problems); });
  std::optional<Host> host;
  if (options.host) host = open_host(options.root, problems);
  const Request request = request_of(options, host ? &*host : nullptr);
  check_setting(rules.book, request, problems);
  complain(problems);
  if (!problems.empty()) return kUsage;
  Report& report = keep_for_good([&] { return diagnose(rules.book, feed_of(options, problems), request, problems); });
  keep_only(options.incidents, report);
  report.label = options.label;
  complain(problems);  // what was left out on purpose
  const bool incomplete = complain_of(report.inputs);
  Outlet outlet(write_out);
  write_in_form(report, options, [&](std::string_view piece) { outlet.add(piece); });
  if (outlet.finish() == WriteResult::failed) return kIncomplete;
  return incomplete ? kIncomplete : exit_status(report, options);
}

}  // namespace ahdiag
