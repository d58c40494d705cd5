#include "cli/hook.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>

#include "unit/words.h"

namespace ahdiag {
namespace {

constexpr std::size_t kAtOnce = 4;
constexpr std::size_t kAMinute = 30;
constexpr std::size_t kMostWaiting = 100;
constexpr auto kMinute = std::chrono::minutes(1);
constexpr auto kGlance = std::chrono::milliseconds(50);  // at those that run

// The input as a file without a name: a program that does not read it blocks nobody.
int input_file(const std::string& input) {
  const int fd = ::memfd_create("ahdiag-event", MFD_CLOEXEC);
  if (fd < 0) return -1;
  const auto written = ::write(fd, input.data(), input.size());
  if (written == static_cast<ssize_t>(input.size()) && ::lseek(fd, 0, SEEK_SET) == 0) return fd;
  ::close(fd);
  return -1;
}

// Signals as every program expects them, and a process group of its own, so that its children end with it.
class Attributes {
 public:
  Attributes() {
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

// Standard output is for events alone: what the program says goes to standard error.
class Streams {
 public:
  explicit Streams(int input) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, STDERR_FILENO, STDOUT_FILENO);
  }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;
  ~Streams() { ::posix_spawn_file_actions_destroy(&actions_); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

std::variant<std::vector<std::string>, Problem> hook_words(const std::string& option) {
  const auto parsed = unit_words(option);
  const Problem wrong{"--exec needs the absolute path of a program, and its arguments", "", "'" + option + "'", ""};
  if (parsed.empty() || !is_balanced(parsed) || !parsed.front().text.starts_with('/')) return wrong;
  std::vector<std::string> words;
  for (const auto& word : parsed) words.push_back(word.text);
  if (::access(words.front().c_str(), X_OK) != 0)
    return Problem{"--exec cannot start this", words.front(), std::generic_category().message(errno), ""};
  return words;
}

void Hook::call(std::string input) {
  if (words_.empty()) return;
  if (waiting_.size() == kMostWaiting) {
    ++missed_;
    waiting_.pop_front();  // the newest matter most
  }
  waiting_.push_back(std::move(input));
}

void Hook::tend(Time now, Problems& problems) {
  reap(now, problems);
  while (!started_.empty() && now - started_.front() >= kMinute) started_.pop_front();
  while (!waiting_.empty() && running_.size() < kAtOnce && started_.size() < kAMinute) {
    started_.push_back(now);
    if (!start(waiting_.front(), now, problems)) ++missed_;
    waiting_.pop_front();
  }
}

bool Hook::start(const std::string& input, Time now, Problems& problems) {
  const int file = input_file(input);
  if (file < 0) {
    tell({"cannot keep the input of --exec", words_.front(), std::generic_category().message(errno), ""}, now,
         problems);
    return false;
  }
  std::vector<char*> argv;
  for (auto& word : words_) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  const Attributes attributes;
  const Streams streams(file);
  const int error = ::posix_spawn(&pid, argv.front(), streams.get(), attributes.get(), argv.data(), environ);
  ::close(file);
  if (error != 0) {
    tell({"cannot start", words_.front(), std::generic_category().message(error), ""}, now, problems);
    return false;
  }
  running_.push_back({pid, now + patience_, false});
  return true;
}

void Hook::reap(Time now, Problems& problems) {
  std::erase_if(running_, [&](Running& one) {
    int status = 0;
    const pid_t ended = ::waitpid(one.pid, &status, WNOHANG);
    if (ended == 0) {
      if (now < one.until) return false;
      if (!one.ended) tell({"took too long and was ended", words_.front(), "", ""}, now, problems);
      one.ended = true;
      ::kill(-one.pid, SIGKILL);
      return false;
    }
    if (ended > 0 && !one.ended && (!WIFEXITED(status) || WEXITSTATUS(status) != 0)) {
      const std::string why = WIFEXITED(status) ? fmt::format("exit status {}", WEXITSTATUS(status))
                                                : fmt::format("signal {}", WTERMSIG(status));
      tell({"failed", words_.front(), why, ""}, now, problems);
    }
    return true;
  });
}

std::optional<Hook::Time> Hook::next(Time now) const {
  if (!running_.empty()) return now + kGlance;
  if (waiting_.empty()) return std::nullopt;
  return started_.size() < kAMinute ? now : started_.front() + kMinute;
}

void Hook::forget() {
  waiting_.clear();
  running_.clear();
}

void Hook::finish(Time until, Problems& problems) {
  for (auto now = std::chrono::steady_clock::now(); !running_.empty() || !waiting_.empty();
       now = std::chrono::steady_clock::now()) {
    constexpr auto kToDie = std::chrono::milliseconds(500);
    if (now >= until + kToDie) return;  // the system does not let go of it
    if (now >= until) {
      missed_ += waiting_.size();
      waiting_.clear();
      for (auto& one : running_) one.until = now;
    }
    tend(now, problems);
    if (running_.empty() && started_.size() >= kAMinute) {
      missed_ += waiting_.size();
      waiting_.clear();
    }
    if (!running_.empty()) std::this_thread::sleep_for(kGlance);
  }
}

// Once a minute: a program that fails fails often.
void Hook::tell(Problem problem, Time now, Problems& problems) {
  if (told_ && now - *told_ < kMinute) return;
  told_ = now;
  problems.push_back(std::move(problem));
}

}  // namespace ahdiag
