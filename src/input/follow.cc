#include "input/follow.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace ahdiag {
namespace {

constexpr std::size_t kBlock = 64 * 1024;
constexpr std::size_t kMostAtOnce = std::size_t{4} << 20;  // so that others have their turn
constexpr std::size_t kTail = 64;
constexpr auto kLeavesAfter = std::chrono::minutes(5);  // no process writes to a renamed log after such a silence

Problem problem_of(std::string what, const std::string& where, int error, std::string help) {
  return {std::move(what), where, std::generic_category().message(error), std::move(help)};
}

std::optional<struct stat> status_of(int fd) {
  struct stat status {};
  if (fd < 0 || ::fstat(fd, &status) != 0) return std::nullopt;
  return status;
}

ssize_t read_at(int fd, char* buffer, std::size_t size, std::uint64_t offset) {
  for (;;) {
    const ssize_t got = ::pread(fd, buffer, size, static_cast<off_t>(offset));
    if (got >= 0 || errno != EINTR) return got;
  }
}

}  // namespace

Follower::Follower(const std::vector<std::string>& names, bool from_start)
    : inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)), buffer_(kBlock) {
  std::size_t slot = 0;
  for (const auto& name : names) {
    Source& source = sources_.emplace_back();
    source.name = name;
    source.slot = slot;
    source.skips = !from_start;
    slot += 2;
  }
  watch_directories();
}

Follower::~Follower() {
  for (auto& source : sources_) {
    close(source.now);
    close(source.former);
  }
  if (inotify_ >= 0) ::close(inotify_);
}

// Asking again changes nothing where the directory is the same, and finds one that was made anew.
void Follower::watch_directories() {
  if (inotify_ < 0) return;
  for (const auto& source : sources_) {
    const auto parent = std::filesystem::path(source.name).parent_path();
    const std::string directory = parent.empty() ? "." : parent.string();
    ::inotify_add_watch(inotify_, directory.c_str(), IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_ONLYDIR);
  }
}

bool Follower::look(const Gains& gains, Problems& problems) {
  std::array<char, 4096> events{};  // which they are does not matter: every log is looked at
  while (inotify_ >= 0 && ::read(inotify_, events.data(), events.size()) > 0) {
  }
  watch_directories();
  bool more = false;
  for (auto& source : sources_) {
    more = look(source, gains) || more;
    if (source.trouble && !source.told) problems.push_back(*source.trouble);
    source.told = source.trouble.has_value();
  }
  return more;
}

bool Follower::complete() const {
  return std::ranges::all_of(sources_, [](const Source& one) { return one.now.fd >= 0 && !one.trouble; });
}

bool Follower::look(Source& source, const Gains& gains) {
  bool more = false;
  if (source.former.fd >= 0) {
    more = drain(source, source.former, source.slot ^ 1U, gains);
    if (Clock::now() - source.former.grown > kLeavesAfter) close(source.former);
  }
  if (source.now.fd < 0 && !open(source, gains)) return more;
  source.trouble.reset();
  if (drain(source, source.now, source.slot, gains)) return true;
  struct stat status {};
  const bool there = ::stat(source.name.c_str(), &status) == 0;
  if (!there || Identity{status.st_dev, status.st_ino} == source.now.identity) return more;
  replace(source, gains);
  return true;
}

bool Follower::open(Source& source, const Gains& gains) {
  // What is no file must neither be waited for nor become the terminal of this process.
  const int fd = ::open(source.name.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  const bool skips = std::exchange(source.skips, false);
  if (fd < 0) {
    const std::string help = errno == ENOENT ? "it is waited for" : errno == EACCES ? "run as a user that may" : "";
    source.trouble = problem_of("cannot follow the file", source.name, errno, help);
    return false;
  }
  const auto status = status_of(fd);
  if (!status || !S_ISREG(status->st_mode)) {
    ::close(fd);
    source.trouble = Problem{"this is no file", source.name, "", "name an error log, or - for standard input"};
    return false;
  }
  source.now = {fd, {status->st_dev, status->st_ino}, 0, {}, Clock::now()};
  gains.begin(source.slot, skips ? skip(source.now, source) : 0);
  return true;
}

// The name has another file: the old one is read on for as long as somebody writes to it.
void Follower::replace(Source& source, const Gains& gains) {
  close(source.former);
  source.former = std::exchange(source.now, {});
  source.former.grown = Clock::now();
  source.slot ^= 1U;
  open(source, gains);
}

std::string_view Follower::read(const Log& log, std::uint64_t offset, Source& source) {
  const ssize_t got = read_at(log.fd, buffer_.data(), buffer_.size(), offset);
  if (got < 0) source.trouble = problem_of("cannot read on", source.name, errno, "");
  return {buffer_.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

// Returns whether there may be more.
bool Follower::drain(Source& source, Log& log, std::size_t slot, const Gains& gains) {
  if (is_other_text(log)) {
    log.offset = 0;
    log.tail.clear();
    gains.begin(slot, 0);
  }
  for (std::size_t total = 0; total < kMostAtOnce;) {
    const auto bytes = read(log, log.offset, source);
    if (bytes.empty()) return false;
    total += bytes.size();
    log.offset += bytes.size();
    log.keep_tail(bytes);
    log.grown = Clock::now();
    gains.bytes(slot, bytes);
  }
  return true;
}

// To the begin of the last line, which may be half written. Returns the lines before it.
std::uint64_t Follower::skip(Log& log, Source& source) {
  std::uint64_t lines = 0, at = 0;
  for (auto bytes = read(log, at, source); !bytes.empty(); bytes = read(log, at, source)) {
    const auto end = bytes.rfind('\n') + 1;  // 0: there is none
    lines += static_cast<std::uint64_t>(std::ranges::count(bytes, '\n'));
    if (end > 0) {
      log.offset = at + end;
      log.keep_tail(bytes.substr(0, end));
    }
    at += bytes.size();
  }
  return lines;
}

void Follower::Log::keep_tail(std::string_view bytes) {
  tail += bytes.substr(bytes.size() - std::min(bytes.size(), kTail));
  if (tail.size() > kTail) tail.erase(0, tail.size() - kTail);
}

// It was cut off, and may have grown as long as before since.
bool Follower::is_other_text(const Log& log) {
  std::array<char, kTail> there{};
  const auto got = read_at(log.fd, there.data(), log.tail.size(), log.offset - log.tail.size());
  return got >= 0 && std::string_view(there.data(), static_cast<std::size_t>(got)) != log.tail;
}

void Follower::close(Log& log) {
  if (log.fd >= 0) ::close(log.fd);
  log = {};
}

}  // namespace ahdiag
