// The half of a watch that understands: portions of logs to episodes, episodes to incidents, incidents to events.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cli/appender.h"
#include "cli/backlog.h"
#include "cli/episode.h"
#include "cli/hook.h"
#include "cli/options.h"
#include "cli/run.h"
#include "diagnose/chronicle.h"
#include "report/event.h"

namespace ahdiag {

class Watcher {
 public:
  // `names`: of the sources, for evidence. `options` outlives it.
  Watcher(const Options& options, LoadedRules rules, std::vector<std::string> names);
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // Works in a thread of its own until stop(), which returns when all that was put is understood and told.
  void start(Backlog& backlog);
  void stop();
  // In a copy of the process that made the calls of --exec.
  void forget_calls() { hook_.forget(); }
  // Gives the calls of --exec that still run some time. No thread runs any more.
  void finish();

  // Something could not be written or understood.
  [[nodiscard]] bool failed() const { return failed_ || output_.failed(); }

 private:
  using Time = std::chrono::steady_clock::time_point;

  void work();
  void take(const Portion& portion, Time now);
  void reload(Time now);
  void tend(Time now);
  [[nodiscard]] std::optional<Time> next(Time now) const;
  void judge(Collection collection, Time now);
  void tell(const Event& event, const Report& report, const Finding* finding);
  void tell_trouble(Time now);
  Report empty_report() const;

  const Options* options_;
  std::vector<std::string> names_;
  std::unique_ptr<LoadedRules> rules_;
  Request request_;
  bool text_;
  Episode episode_;
  Chronicle chronicle_;
  Appender output_;
  Hook hook_;
  Backlog* backlog_ = nullptr;
  std::uint64_t dropped_before_ = 0;  // by backlogs before this
  Missed missed_;
  std::uint64_t lines_told_ = 0;
  std::optional<Time> lines_told_at_;
  Problems problems_;
  bool failed_ = false;
  std::thread thread_;
};

}  // namespace ahdiag
