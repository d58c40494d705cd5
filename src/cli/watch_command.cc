// The half of a watch that reads: it waits for logs, standard input and signals, and never for a diagnosis.
#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <vector>

#include "cli/appender.h"
#include "cli/backlog.h"
#include "cli/handover.h"
#include "cli/run.h"
#include "cli/watcher.h"
#include "input/follow.h"

namespace ahdiag {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int kPipe = 1 << 20;  // bytes
constexpr std::size_t kMostAtOnce = 64 * 1024;
constexpr auto kLookEvery = std::chrono::seconds(1);  // at files, where nothing tells of them
constexpr auto kRest = milliseconds(20);              // between two looks: a busy directory tells of every write
constexpr auto kDrain = milliseconds(500);            // at the end, of a pipe that others still fill
constexpr std::size_t kLongestHeld = 64 * 1024;       // of a line whose end has not come
constexpr int kInterrupted = 130;

// SIGTERM, SIGINT and SIGHUP as something to be read.
class Signals {
 public:
  Signals() {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int one : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set, one);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    // A caller may have set it aside: then no child could be waited for.
    static_cast<void>(std::signal(SIGCHLD, SIG_DFL));
    fd_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals() { ::close(fd_); }

  [[nodiscard]] int fd() const { return fd_; }
  // The next, or 0.
  [[nodiscard]] int next() const {
    signalfd_siginfo info{};
    return ::read(fd_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
  }

 private:
  int fd_;
};

bool is_readable(int fd) {
  pollfd one{fd, POLLIN, 0};
  return ::poll(&one, 1, 0) == 1;
}

// Standard input: whole lines of it, kept raw where that is asked for, confirmed, and handed on.
class Inlet {
 public:
  Inlet(const WatchOptions& options, std::size_t slot)
      : raw_(options.raw), keeps_raw_(!options.raw.empty()), confirms_(options.confirm), slot_(slot) {}

  [[nodiscard]] bool open() const { return open_; }
  [[nodiscard]] bool failed() const { return failed_ || raw_.failed(); }
  void reopen() { raw_.reopen(); }

  void begin() const {
    ::fcntl(STDIN_FILENO, F_SETPIPE_SZ, kPipe);  // where it is one: more room for who writes
    if (confirms_) write_out("OK\n");            // rsyslog may send
  }

  // One read, of what is there.
  void read(Backlog& backlog) {
    buffer_.resize(kMostAtOnce);
    const ssize_t got = ::read(STDIN_FILENO, buffer_.data(), buffer_.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
    failed_ = failed_ || got < 0;
    if (got <= 0) return end(backlog);
    held_.append(buffer_.data(), static_cast<std::size_t>(got));
    const auto last = held_.rfind('\n');
    if (last == std::string::npos && held_.size() < kLongestHeld) return;
    hand_on(last == std::string::npos ? held_.size() : last + 1, backlog);
  }

  // What is held at the end is a line too.
  void end(Backlog& backlog) {
    open_ = false;
    hand_on(held_.size(), backlog);
  }

 private:
  void hand_on(std::size_t size, Backlog& backlog) {
    if (size == 0) return;
    std::string lines = held_.substr(0, size);
    held_.erase(0, size);
    Problems problems;
    if (keeps_raw_) raw_.write(lines, problems);
    complain(problems);
    const auto count = static_cast<std::size_t>(std::ranges::count(lines, '\n'));
    backlog.put({Portion::Kind::bytes, slot_, 0, std::move(lines)});
    if (confirms_) answer(count);
  }

  static void answer(std::size_t count) {
    std::string answers;
    for (std::size_t i = 0; i < count; ++i) answers += "OK\n";
    write_out(answers);
  }

  Appender raw_;
  bool keeps_raw_, confirms_;
  std::size_t slot_;
  std::string buffer_, held_;
  bool open_ = true, failed_ = false;
};

class Watch {
 public:
  Watch(const Options& options, LoadedRules rules, const std::vector<std::string>& files, bool reads_stdin)
      : options_(options), watcher_(options, std::move(rules), names_of(files, reads_stdin)) {
    if (!files.empty()) follower_.emplace(files, options.watch.from_start);
    if (reads_stdin) inlet_.emplace(options.watch, 2 * files.size());
  }

  int run() {
    if (inlet_) inlet_->begin();
    while (true) {
      begin();
      while (!ending_ && has_more()) turn();
      drain();
      watcher_.stop();
      if (!leaves_writers() || !hand_over()) break;
      watcher_.forget_calls();
      handed_over_ = true;
      ending_ = false;
      signal_ = 0;
    }
    watcher_.finish();
    return status();
  }

 private:
  static std::vector<std::string> names_of(std::vector<std::string> files, bool reads_stdin) {
    if (reads_stdin) files.emplace_back("-");
    return files;
  }

  void begin() {
    using Full = Backlog::Full;
    backlog_ = std::make_unique<Backlog>(options_.watch.piped ? Full::drop : Full::wait);
    watcher_.start(*backlog_);
  }

  [[nodiscard]] bool has_more() const { return follower_ || inlet_->open(); }
  // httpd has ended us, and processes that it left behind still write.
  [[nodiscard]] bool leaves_writers() const {
    return signal_ == SIGTERM && options_.watch.piped && !handed_over_ && inlet_->open();
  }

  [[nodiscard]] int status() const {
    if (signal_ == SIGINT) return kInterrupted;
    const bool failed = watcher_.failed() || (inlet_ && inlet_->failed()) || (follower_ && !follower_->complete());
    return failed ? kIncomplete : kNothingFound;
  }

  // Waits, and does what there is to do.
  void turn() {
    std::vector<pollfd> fds = {{signals_.fd(), POLLIN, 0}};
    if (options_.watch.output == "-") fds.push_back({STDOUT_FILENO, 0, 0});  // whether its reader has gone
    if (inlet_ && inlet_->open()) fds.push_back({STDIN_FILENO, POLLIN, 0});
    if (follower_ && !looks_soon_) fds.push_back({follower_->fd(), POLLIN, 0});
    if (::poll(fds.data(), fds.size(), timeout()) < 0) return;
    for (const auto& one : fds) {
      if (one.revents == 0) continue;
      if (one.fd == signals_.fd()) {
        take_signals();
      } else if (one.fd == STDOUT_FILENO) {
        ending_ = true;
      } else if (one.fd == STDIN_FILENO) {
        inlet_->read(*backlog_);
      } else {
        looks_soon_ = true;
      }
    }
    if (follower_ && Clock::now() >= next_look()) look();
  }

  [[nodiscard]] Clock::time_point next_look() const {
    return looked_ + (looks_soon_ ? milliseconds(kRest) : kLookEvery);
  }

  [[nodiscard]] int timeout() const {
    if (!follower_) return -1;
    const auto left = std::chrono::ceil<milliseconds>(next_look() - Clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
  }

  void look() {
    Problems problems;
    const Gains gains = {[&](std::size_t slot, std::uint64_t lines) {
                           backlog_->put({Portion::Kind::begin, slot, lines, {}});
                         },
                         [&](std::size_t slot, std::string_view bytes) {
                           backlog_->put({Portion::Kind::bytes, slot, 0, std::string(bytes)});
                         }};
    looks_soon_ = follower_->look(gains, problems);
    looked_ = Clock::now();
    complain(problems);
  }

  void take_signals() {
    while (const int signal = signals_.next()) {
      if (signal == SIGHUP && ::isatty(STDOUT_FILENO) == 0) {
        if (inlet_) inlet_->reopen();
        backlog_->put({Portion::Kind::reload, 0, 0, {}});
      } else {
        ending_ = true;
        signal_ = signal;
      }
    }
  }

  // What was written before the end came.
  void drain() {
    if (follower_) look();
    const auto until = Clock::now() + kDrain;
    while (inlet_ && inlet_->open() && is_readable(STDIN_FILENO) && Clock::now() < until) inlet_->read(*backlog_);
    if (inlet_ && inlet_->open() && !leaves_writers()) inlet_->end(*backlog_);
  }

  const Options& options_;
  Signals signals_;
  Watcher watcher_;
  std::optional<Follower> follower_;
  std::optional<Inlet> inlet_;
  std::unique_ptr<Backlog> backlog_;
  Clock::time_point looked_;
  bool looks_soon_ = true;  // something has changed, or may have
  bool ending_ = false, handed_over_ = false;
  int signal_ = 0;
};

}  // namespace

int run_watch(const Options& options) {
  if (lacks_input(options)) return kUsage;
  Problems problems;
  auto rules = load_rules(options.rules, problems);
  check_setting(rules.book, request_of(options, nullptr), problems);
  complain(problems);
  // httpd must have its log, come what may: it does not start this program a second time.
  if (!problems.empty() && !options.watch.piped) return kUsage;
  auto files = options.files;
  const bool reads_stdin = files.empty() || std::erase(files, "-") > 0;
  return Watch(options, std::move(rules), files, reads_stdin).run();
}

}  // namespace ahdiag
