// Read what is new, keep what it comes to, tell it, and keep that it was told: a process that is killed in between
// loses nothing and counts nothing twice; at worst the next call tells a problem again.
#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iterator>

#include "cli/run.h"
#include "cli/time_limit.h"
#include "cli/version.h"
#include "input/clock.h"
#include "input/durable.h"
#include "input/file.h"
#include "report/check_result.h"

namespace ahdiag {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kPrivate = 0600, kPublic = 0644;

std::string state_path(const CheckOptions& options) {
  if (!options.state.empty()) return options.state;
  const char* home = std::getenv("XDG_STATE_HOME");  // NOLINT(concurrency-mt-unsafe): before any thread
  const bool given = home != nullptr && *home == '/';
  return std::string(given ? home : "/var/lib") + "/ahdiag/check.state";
}

// The name that a log has in the state. Links in it are followed but the last, which may lead to another file each day.
std::string key_of(const std::string& path) {
  std::error_code error;
  const auto whole = fs::absolute(path, error);
  const auto directory = error ? fs::path() : fs::weakly_canonical(whole.parent_path(), error);
  return error ? path : (directory / whole.filename()).string();
}

std::vector<std::string> keys_of(const std::vector<std::string>& files) {
  std::vector<std::string> keys;
  for (const auto& file : files) {
    auto key = key_of(file);
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(std::move(key));
  }
  return keys;
}

class Check {
 public:
  explicit Check(const Options& options)
      : options_(options),
        check_(options.check),
        limit_(check_.limit),
        state_(state_path(check_)),
        now_(now_micros()) {}

  int run();

 private:
  std::optional<Problem> load();
  std::optional<Problem> commit();
  std::optional<Problem> read(std::string& json);
  void resume_logs(const Listener& listener);
  void add(const Report& report);
  [[nodiscard]] bool concerns(const RaisedProblem& problem) const;
  [[nodiscard]] bool is_raised(const RaisedProblem& problem) const;
  void settle_told();
  [[nodiscard]] std::string in_form() const;
  [[nodiscard]] ServiceState told_state() const;
  bool tell(const std::string& text);
  int keep_told();
  int reset();
  int refuse(const Problem& problem);
  int answer(const std::string& text, ServiceState state);

  const Options& options_;
  const CheckOptions& check_;
  TimeLimit limit_;
  std::string state_;
  std::int64_t now_;
  std::vector<std::string> keys_;
  std::vector<std::string> log_of_row_;  // of the report
  CheckMemory memory_;
  CheckResult result_;
};

int Check::refuse(const Problem& problem) { return answer(to_nagios(problem), ServiceState::unknown); }

int Check::answer(const std::string& text, ServiceState state) {
  const int status = static_cast<int>(state);
  limit_.answered(status);
  return write_out(text) == WriteResult::done ? status : static_cast<int>(ServiceState::unknown);
}

std::optional<Problem> Check::load() {
  if (size_of(state_)) {
    std::string text;
    if (auto problem = read_file(state_, text)) return problem;
    auto read = read_check_memory(text, state_);
    if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
    memory_ = std::get<CheckMemory>(std::move(read));
    return std::nullopt;
  }
  std::error_code error;
  if (fs::symlink_status(state_, error).type() == fs::file_type::not_found) return std::nullopt;
  return Problem{"the state cannot be read", state_, error.message(), "name a plain file that this user may read"};
}

std::optional<Problem> Check::commit() { return replace_file(state_, to_json(memory_), kPrivate); }

void Check::resume_logs(const Listener& listener) {
  std::string log;
  Listener named = listener;
  named.begin = [&](const std::string& name) {
    log_of_row_.push_back(log);
    listener.begin(name);
  };
  for (const auto& key : keys_) {
    log = key;
    const LogMemory* before = memory_.log(key);
    const auto known = before == nullptr ? std::nullopt : std::optional(before->progress);
    Resumed resumed = resume(key, known, check_.start, named, [this] { return limit_.is_near(); });
    if (resumed.trouble) result_.troubles.push_back(std::move(*resumed.trouble));
    if (resumed.gap) {
      result_.notes.push_back(std::move(*resumed.gap));
      ++memory_.sums.gaps;
    }
    if (!known && resumed.known && check_.start == Start::end) {
      result_.notes.push_back(
          {"was not known, so only what comes from now on is read", key, "", "--from start reads all"});
    }
    if (resumed.known) memory_.set_log({key, now_, std::move(resumed.progress)});
  }
}

// Makes a diagnosis of what is new; the memory then stands for all that was read.
std::optional<Problem> Check::read(std::string& json) {
  Problems problems;
  const auto rules = load_rules(options_.rules, problems);
  std::optional<Host> host;
  if (options_.host) host = open_host(options_.root, problems);
  if (!problems.empty()) return problems.front();
  const Request request = request_of(options_, host ? &*host : nullptr);
  const Report report = diagnose(
      rules.book, [this](const Listener& listener) { resume_logs(listener); }, request, problems);
  if (!problems.empty()) return problems.front();
  add(report);
  if (check_.format == CheckFormat::json) json = to_json(report);
  return std::nullopt;
}

void Check::add(const Report& report) {
  for (const auto& row : report.inputs) {
    memory_.sums.bytes += row.bytes;
    memory_.sums.lines += row.lines;
    memory_.sums.unparsed += row.unparsed;
  }
  for (const auto& one : report.unmatched) memory_.sums.unmatched += one.count;
  for (const auto& finding : report.findings) {
    const auto& evidence = finding.diagnosis.incident.evidence;
    const auto source = evidence.empty() ? 0 : evidence.front().place.source;
    memory_.add(report, finding, log_of_row_.at(source), now_);
  }
  result_.inputs = report.inputs;
  result_.version = report.version;
  result_.rules = report.rules;
}

bool Check::concerns(const RaisedProblem& problem) const {
  return std::ranges::find(keys_, problem.log) != keys_.end();
}

// What no call has told yet is raised in any case.
bool Check::is_raised(const RaisedProblem& problem) const {
  return concerns(problem) && (!problem.told || (check_.hold > 0 && now_ - problem.last < check_.hold));
}

// What was told and is held no longer is forgotten.
void Check::settle_told() {
  for (auto& problem : memory_.problems) problem.told = problem.told || concerns(problem);
  std::erase_if(memory_.problems,
                [this](const RaisedProblem& problem) { return concerns(problem) && !is_raised(problem); });
}

std::string Check::in_form() const {
  return check_.format == CheckFormat::prometheus ? to_prometheus(result_) : to_nagios(result_, check_.verbosity);
}

// Metrics speak for themselves: a timer that writes them has not failed because httpd did.
ServiceState Check::told_state() const {
  const bool metrics = check_.format == CheckFormat::prometheus && result_.state != ServiceState::unknown;
  return metrics ? ServiceState::ok : result_.state;
}

// False where it could not be told whole; the reason was.
bool Check::tell(const std::string& text) {
  limit_.answered(static_cast<int>(ServiceState::unknown));
  if (check_.output.empty()) return write_out(text) == WriteResult::done;
  const auto problem = replace_file(check_.output, text, kPublic);
  if (problem) write_out(to_nagios(*problem));
  return !problem;
}

int Check::run() {
  keys_ = keys_of(options_.files);
  if (check_.state.empty()) {
    if (auto problem = make_directory_of(state_)) return refuse(*problem);
  }
  auto lock = FileLock::take(state_, [this] { return limit_.is_near(); });
  if (auto* problem = std::get_if<Problem>(&lock)) return refuse(*problem);
  if (auto problem = load()) return refuse(*problem);
  if (check_.reset) return reset();
  std::string json;
  if (auto problem = read(json)) return refuse(*problem);
  // A document cannot be told again later: it is told before it counts as read. All else is kept first.
  const bool keep_first = check_.format != CheckFormat::json;
  if (keep_first) {
    if (auto problem = commit()) return refuse(*problem);
  }
  std::ranges::copy_if(memory_.problems, std::back_inserter(result_.problems),
                       [this](const RaisedProblem& problem) { return is_raised(problem); });
  result_.sums = memory_.sums;
  result_.thresholds = check_.thresholds;
  result_.state = state_of(result_);
  result_.seconds = limit_.seconds();
  result_.limit = check_.limit;
  result_.now = now_;
  if (!tell(keep_first ? in_form() : json)) return static_cast<int>(ServiceState::unknown);
  return keep_told();
}

// The second commit, if it would change anything.
int Check::keep_told() {
  const int status = static_cast<int>(told_state());
  limit_.answered(status);
  const bool told = result_.state != ServiceState::unknown;
  const bool any = std::ranges::any_of(memory_.problems, [this](const RaisedProblem& one) { return concerns(one); });
  if (told) settle_told();
  const bool changed = check_.format == CheckFormat::json || (told && any);
  const auto problem = changed ? commit() : std::nullopt;
  if (problem) complain({*problem});
  return problem ? static_cast<int>(ServiceState::unknown) : status;
}

int Check::reset() {
  const auto settled = std::erase_if(
      memory_.problems, [this](const RaisedProblem& problem) { return keys_.empty() || concerns(problem); });
  if (auto problem = commit()) return refuse(*problem);
  const auto text = std::to_string(settled) + (settled == 1 ? " problem" : " problems") + " settled";
  return answer(to_nagios(ServiceState::ok, text), ServiceState::ok);
}

// What makes no sense is told before anything is opened.
std::optional<Problem> misuse(const Options& options) {
  const auto& files = options.files;
  if (files.empty() && !options.check.reset)
    return Problem{"no log was named", "", "", "ahdiag check /var/log/httpd/error_log"};
  if (std::ranges::find(files, "-") != files.end())
    return Problem{"standard input has no place to go on at", "-", "", "name the log that httpd writes"};
  return std::nullopt;
}

}  // namespace

int refuse_check(const Problem& problem) {
  write_out(to_nagios(problem));
  return static_cast<int>(ServiceState::unknown);
}

int run_check(const Options& options) {
  if (const auto problem = misuse(options)) return refuse_check(*problem);
  try {
    return Check(options).run();
  } catch (const std::exception& error) {
    return refuse_check({"internal error", "", error.what(), "please report it"});
  }
}

}  // namespace ahdiag
