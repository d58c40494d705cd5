#include "cli/appender.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace ahdiag {
namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(200);
constexpr auto kTryEvery = std::chrono::seconds(1);
constexpr auto kTellEvery = std::chrono::minutes(1);
constexpr ::mode_t kMode = 0640;  // what httpd logs is not for everyone

}  // namespace

Appender::Appender(std::string path) : path_(std::move(path)) {
  if (path_ == "-") fd_ = STDOUT_FILENO;
}

Appender::~Appender() {
  if (fd_ > STDERR_FILENO) ::close(fd_);
}

void Appender::write(std::string_view lines, Problems& problems) {
  if (closed_ || lines.empty()) return;
  const auto now = Clock::now();
  if (fd_ > STDERR_FILENO && now - looked_ >= kLookEvery) {
    looked_ = now;
    if (is_replaced()) reopen();
  }
  if (fd_ < 0 && !open(problems)) return;
  if (torn_ && !write_all("\n")) return tell("cannot write", errno, problems);
  torn_ = false;
  if (write_all(lines)) return;
  if (errno == EPIPE && path_ == "-") {
    closed_ = true;
  } else {
    tell("cannot write", errno, problems);
  }
}

bool Appender::write_all(std::string_view bytes) {
  bool begun = false;
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      torn_ = torn_ || begun;
      return false;
    }
    begun = true;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool Appender::open(Problems& problems) {
  const auto now = Clock::now();
  if (now - tried_ < kTryEvery) {
    failed_ = true;
    return false;
  }
  tried_ = now;
  fd_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, kMode);
  if (fd_ < 0) tell("cannot open the file for writing", errno, problems);
  return fd_ >= 0;
}

void Appender::reopen() {
  if (fd_ <= STDERR_FILENO) return;
  ::close(fd_);
  fd_ = -1;
  tried_ = {};
  torn_ = false;
}

bool Appender::is_replaced() const {
  struct stat ours {
  }, named{};
  if (::stat(path_.c_str(), &named) != 0) return true;
  return ::fstat(fd_, &ours) == 0 && (ours.st_ino != named.st_ino || ours.st_dev != named.st_dev);
}

void Appender::tell(const std::string& what, int error, Problems& problems) {
  failed_ = true;
  const auto now = Clock::now();
  if (told_ != Clock::time_point() && now - told_ < kTellEvery) return;
  told_ = now;
  problems.push_back({what, path_ == "-" ? "standard output" : path_, std::generic_category().message(error), ""});
}

}  // namespace ahdiag
