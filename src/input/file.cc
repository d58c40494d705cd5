#include "input/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <system_error>
#include <tuple>
#include <utility>

#include "input/log_name.h"

namespace ahdiag {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 16 * 1024 * 1024;

Problem system_problem(std::string what, std::string where, int error) {
  std::string help;
  if (error == EACCES) help = "run as a user that may read it, mostly root";
  if (error == ENOENT) help = "check the name";
  if (error == EISDIR) help = "name a file";
  return {std::move(what), std::move(where), std::generic_category().message(error), std::move(help)};
}

int open_to_read(const std::string& path) {
  for (;;) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd >= 0 || errno != EINTR) return fd;
  }
}

// Room for what the writer has ready while a block is looked at: 64 KiB, as pipes have, keep both waiting for each
// other. Where that is refused, or the file is no pipe, nothing changes.
void widen_pipe(int fd) {
#ifdef F_SETPIPE_SZ
  constexpr int kRoom = 4 * kBlock;
  static_cast<void>(::fcntl(fd, F_SETPIPE_SZ, kRoom));
#else
  static_cast<void>(fd);
#endif
}

FileStatus status_from(const struct stat& status) {
  constexpr std::int64_t kMicros = 1'000'000, kNanosOfMicro = 1000;
  return {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
          status.st_mtim.tv_sec * kMicros + status.st_mtim.tv_nsec / kNanosOfMicro, S_ISREG(status.st_mode)};
}

struct Found {
  LogName log;
  std::string path;
  bool link;
  std::pair<dev_t, ino_t> identity;
};

// Regular files only: /var/log/apache2/error.log of a container is a link to /dev/stderr, which would wait for ever.
std::optional<Found> look_at(const fs::path& path) {
  auto log = error_log_name(path.filename().string());
  struct stat status {};
  if (!log || ::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  std::error_code ignored;
  return Found{std::move(*log), path.string(), fs::is_symlink(path, ignored), {status.st_dev, status.st_ino}};
}

}  // namespace

File::File(const std::string& path, Flow& flow)
    : flow_(flow),
      fd_(path == "-" ? STDIN_FILENO : open_to_read(path)),
      begin_(fd_ < 0 ? -1 : ::lseek(fd_, 0, SEEK_CUR)) {
  if (fd_ < 0) flow_.fail(system_problem("cannot open the file", path, errno));
  widen_pipe(fd_);
}

File::~File() {
  if (fd_ > STDERR_FILENO) ::close(fd_);
}

std::string_view File::next() {
  if (fd_ < 0) return {};
  if (!buffer_) buffer_ = make_buffer();
  for (;;) {
    const ssize_t got = ::read(fd_, buffer_->block(), kBlock);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) flow_.fail(system_problem("cannot read on", flow_.name, errno));
    if (got <= 0) return {};
    const auto size = static_cast<std::size_t>(got);
    flow_.budget.read += size;
    return {buffer_->block(), size};
  }
}

// NOLINTNEXTLINE(readability-make-member-function-const): it moves the file
bool File::rewind() { return begin_ >= 0 && ::lseek(fd_, begin_, SEEK_SET) == begin_; }

bool File::seek(std::uint64_t offset) {
  const auto place = static_cast<off_t>(offset);
  if (fd_ >= 0 && ::lseek(fd_, place, SEEK_SET) == place) return true;
  if (fd_ >= 0) flow_.fail(system_problem("cannot go to where the last call ended", flow_.name, errno));
  return false;
}

std::optional<FileStatus> File::status() const {
  struct stat status {};
  if (fd_ < 0 || ::fstat(fd_, &status) != 0) return std::nullopt;
  return status_from(status);
}

std::optional<FileStatus> status_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status_from(status);
}

std::optional<std::uint64_t> size_of(const std::string& path) {
  struct stat status {};
  const int failed = path == "-" ? ::fstat(STDIN_FILENO, &status) : ::stat(path.c_str(), &status);
  if (failed != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(status.st_size);
}

bool is_directory(const std::string& path) {
  std::error_code ignored;
  return path != "-" && fs::is_directory(path, ignored);
}

std::vector<std::string> error_logs_in(const std::string& directory, std::optional<Problem>& problem) {
  std::vector<Found> found;
  std::error_code error;
  for (auto it = fs::directory_iterator(directory, error); !error && it != fs::directory_iterator();
       it.increment(error)) {
    if (auto one = look_at(it->path())) found.push_back(std::move(*one));
  }
  if (error) problem = system_problem("cannot read the directory", directory, error.value());
  // The file before the links to it: what stays keeps its own name.
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::tie(a.link, a.log, a.path) < std::tie(b.link, b.log, b.path);
  });
  std::set<std::pair<dev_t, ino_t>> seen;
  std::erase_if(found, [&](const Found& one) { return !seen.insert(one.identity).second; });
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.log < b.log; });
  std::vector<std::string> paths;
  for (auto& one : found) paths.push_back(std::move(one.path));
  if (paths.empty() && !problem) {
    problem = Problem{"no error log in this directory", directory, "", "name the file; folders in it are not searched"};
  }
  return paths;
}

std::optional<Problem> read_file(const std::string& path, std::string& content) {
  Budget budget;
  Flow flow{path, budget, std::nullopt};
  File file(path, flow);
  content.clear();
  for (auto block = file.next(); !block.empty(); block = file.next()) {
    content += block;
    if (content.size() > kLargestFile) return Problem{"the file is too large", path, "", "no rule is over 16 MiB"};
  }
  return flow.trouble;
}

}  // namespace ahdiag
