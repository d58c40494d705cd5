#include "input/durable.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

namespace ahdiag {
namespace {

Problem unwritable(const std::string& what, const std::string& where) {
  const int error = errno;
  return {what, where, std::generic_category().message(error),
          error == ENOSPC ? "free some space there" : "name a place that this user may write to"};
}

// A descriptor that closes itself.
class Opened {
 public:
  Opened(const std::string& path, int flags, unsigned mode = 0) : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() { close(); }

  [[nodiscard]] int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  // False where the system only now says that something was not written.
  bool close() { return fd_ < 0 || ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string directory_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

}  // namespace

std::optional<Problem> replace_file(const std::string& path, std::string_view text, unsigned mode) {
  const std::string beside = path + ".new";
  Opened file(beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode);
  if (file.get() < 0) return unwritable("cannot be written", beside);
  const bool written = ::fchmod(file.get(), mode) == 0 && write_all(file.get(), text) && ::fsync(file.get()) == 0;
  if (!written || !file.close()) {
    auto problem = unwritable("cannot be written", beside);
    ::unlink(beside.c_str());
    return problem;
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return unwritable("cannot be replaced", path);
  const Opened directory(directory_of(path), O_RDONLY | O_DIRECTORY);
  const bool flushed = directory.get() >= 0 && (::fsync(directory.get()) == 0 || errno == EINVAL);  // some cannot
  if (!flushed) return unwritable("cannot be flushed", directory_of(path));
  return std::nullopt;
}

std::optional<Problem> make_directory_of(const std::string& path) {
  const auto directory = directory_of(path);
  if (::mkdir(directory.c_str(), 0755) == 0 || errno == EEXIST) return std::nullopt;
  return unwritable("cannot be made", directory);
}

std::variant<FileLock, Problem> FileLock::take(const std::string& path, const std::function<bool()>& over) {
  constexpr std::chrono::milliseconds kPause{20};
  const std::string name = path + ".lock";
  Opened file(name, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
  if (file.get() < 0) return unwritable("cannot be written", name);
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return unwritable("cannot be locked", name);
    if (over()) return Problem{"another check is at work with this state", path, "", "wait for it, or raise -t"};
    std::this_thread::sleep_for(kPause);
  }
  return FileLock(file.release());
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace ahdiag
