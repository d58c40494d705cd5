#include "cli/watcher.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "cli/version.h"
#include "input/clock.h"

namespace ahdiag {
namespace {

constexpr auto kLastCalls = std::chrono::seconds(2);  // httpd ends a log program three seconds after SIGTERM
constexpr auto kTellEvery = std::chrono::minutes(1);

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

bool wants_text(const WatchOptions& watch) {
  if (watch.format.empty()) return watch.output == "-" && ::isatty(STDOUT_FILENO) == 1;
  return watch.format == "text";
}

}  // namespace

Watcher::Watcher(const Options& options, LoadedRules rules, std::vector<std::string> names)
    : options_(&options),
      names_(std::move(names)),
      rules_(std::make_unique<LoadedRules>(std::move(rules))),
      request_(request_of(options, nullptr)),
      text_(wants_text(options.watch)),
      episode_(rules_->book, request_, milliseconds(options.watch.settle)),
      chronicle_({milliseconds(options.watch.repeat_every), milliseconds(options.watch.end_after)}),
      output_(options.watch.output),
      hook_(options.watch.exec, milliseconds(options.watch.exec_timeout)) {}

void Watcher::start(Backlog& backlog) {
  backlog_ = &backlog;
  thread_ = std::thread([this] {
    // What is wrong with diagnosing must not stop the reading.
    try {
      work();
    } catch (const std::exception& error) {
      failed_ = true;
      complain({{"internal error", "", error.what(), "please report it with the log"}});
      Portion portion;
      while (backlog_->take(portion, std::nullopt) != Backlog::Taken::closed) {
      }
    }
  });
}

void Watcher::stop() {
  backlog_->close();
  thread_.join();
  dropped_before_ += backlog_->dropped();
}

void Watcher::finish() {
  hook_.finish(std::chrono::steady_clock::now() + kLastCalls, problems_);
  complain(problems_);
}

void Watcher::work() {
  Portion portion;
  while (true) {
    const auto taken = backlog_->take(portion, next(std::chrono::steady_clock::now()));
    const auto now = std::chrono::steady_clock::now();
    if (taken == Backlog::Taken::portion) take(portion, now);
    if (taken == Backlog::Taken::closed) break;
    tend(now);
  }
  const auto now = std::chrono::steady_clock::now();
  judge(episode_.finish(), now);
  tend(now);
}

void Watcher::take(const Portion& portion, Time now) {
  switch (portion.kind) {
    case Portion::Kind::begin: return episode_.begin(portion.slot, portion.lines);
    case Portion::Kind::bytes: return episode_.bytes(portion.slot, portion.bytes, now);
    case Portion::Kind::reload: return reload(now);
  }
}

// Rules with a mistake leave those in force that were.
void Watcher::reload(Time now) {
  judge(episode_.end(now), now);
  output_.reopen();
  Problems problems;
  auto fresh = std::make_unique<LoadedRules>(load_rules(options_->rules, problems));
  check_setting(fresh->book, request_, problems);
  complain(problems);
  if (!problems.empty()) return;
  episode_.use(fresh->book);
  rules_ = std::move(fresh);
}

std::optional<Watcher::Time> Watcher::next(Time now) const {
  std::optional<Time> soonest;
  for (const auto& one : {episode_.due(), chronicle_.next(), hook_.next(now)}) {
    if (one && (!soonest || *one < *soonest)) soonest = one;
  }
  return soonest;
}

void Watcher::tend(Time now) {
  if (const auto due = episode_.due(); due && now >= *due) judge(episode_.end(now), now);
  const auto over = chronicle_.end_silent(now);
  if (!over.empty()) {
    const Report report = empty_report();
    for (const auto& event : over) tell(event, report, nullptr);
  }
  hook_.tend(now, problems_);
  tell_trouble(now);
}

Report Watcher::empty_report() const {
  Report report;
  report.version = version();
  report.rules = rules_->book.heads().size();
  for (const auto& name : names_) report.inputs.emplace_back().name = name;
  return report;
}

void Watcher::judge(Collection collection, Time now) {
  missed_.entries += collection.over;
  for (const auto& one : collection.unmatched) missed_.unmatched += one.count;
  if (collection.incidents.empty()) return;
  Report report = empty_report();
  Request request = request_;
  std::optional<Host> host;
  if (options_->host) host = open_host(options_->root, problems_);
  if (host) request.host = &*host;
  conclude(rules_->book, episode_.signs(), std::move(collection), request, report, problems_);
  const auto& asked = options_->incidents;
  for (const auto& finding : report.findings) {
    if (!asked.empty() && std::ranges::find(asked, finding.diagnosis.id) == asked.end()) continue;
    if (const auto event = chronicle_.hear(finding.diagnosis, rules_->book, now))
      tell(*event, report, event->kind == Event::Kind::open ? &finding : nullptr);
  }
}

void Watcher::tell(const Event& event, const Report& report, const Finding* finding) {
  Missed missed = missed_;
  missed.entries += chronicle_.over();
  missed.lines = dropped_before_ + backlog_->dropped();
  missed.hooks = hook_.missed();
  const Telling telling{event, report, finding, now_micros(), missed};
  const std::string json = event_json(telling);
  output_.write(text_ ? event_text(telling, style_of(*options_)) : json, problems_);
  hook_.call(json);
}

void Watcher::tell_trouble(Time now) {
  const std::uint64_t lines = dropped_before_ + backlog_->dropped();
  if (lines > lines_told_ && (!lines_told_at_ || now - *lines_told_at_ >= kTellEvery)) {
    problems_.push_back({fmt::format("{} lines came faster than they could be understood", lines - lines_told_), "", "",
                         options_->watch.raw.empty() ? "" : "they are in the raw log"});
    lines_told_ = lines;
    lines_told_at_ = now;
  }
  complain(problems_);
  problems_.clear();
}

}  // namespace ahdiag
