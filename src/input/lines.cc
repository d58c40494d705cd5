#include "input/lines.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace ahdiag {
namespace {

constexpr std::size_t kBlock = 256 * 1024;
constexpr std::size_t kLargestFile = 16 * 1024 * 1024;

Problem system_problem(std::string what, std::string where, int error) {
  std::string help;
  if (error == EACCES) help = "run as a user that may read it, mostly root";
  if (error == ENOENT) help = "check the name";
  if (error == EISDIR) help = "name a file";
  return {std::move(what), std::move(where), std::strerror(error), std::move(help)};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

// read(2) that goes on after a signal. Returns a negative number and sets errno on failure.
ssize_t read_block(int fd, char* to, std::size_t size) {
  for (;;) {
    const ssize_t got = ::read(fd, to, size);
    if (got >= 0 || errno != EINTR) return got;
  }
}

// Cuts blocks into lines. Only the part of a line that a block's end splits is copied.
class Splitter {
 public:
  explicit Splitter(const std::function<void(const Line&)>& deliver) : deliver_(deliver) {}

  void block(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto end = bytes.find('\n');
      if (end == std::string_view::npos) return keep(bytes);
      if (head_.empty() && cut_ == 0) {
        line(bytes.substr(0, end));
      } else {
        keep(bytes.substr(0, end));
        line(head_);
      }
      bytes.remove_prefix(end + 1);
    }
  }

  void finish() {
    if (!head_.empty() || cut_ > 0) line(head_);
  }

  [[nodiscard]] std::uint64_t lines() const { return lines_; }

 private:
  void keep(std::string_view part) {
    const std::size_t room = kLongestLine - head_.size();
    head_.append(part.substr(0, room));
    if (part.size() > room) cut_ += part.size() - room;
  }

  void line(std::string_view text) {
    if (text.size() > kLongestLine) {
      cut_ += text.size() - kLongestLine;
      text = text.substr(0, kLongestLine);
    }
    if (cut_ == 0 && text.ends_with('\r')) text.remove_suffix(1);
    deliver_({text, ++lines_, cut_});
    head_.clear();
    cut_ = 0;
  }

  const std::function<void(const Line&)>& deliver_;
  std::string head_;
  std::uint64_t cut_ = 0;
  std::uint64_t lines_ = 0;
};

int open_source(const std::string& name) {
  return name == "-" ? STDIN_FILENO : ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

}  // namespace

Reading read_lines(const std::string& name, const std::function<void(const Line&)>& deliver) {
  Reading reading;
  const Descriptor fd(open_source(name));
  if (fd.get() < 0) {
    reading.error = system_problem("cannot open the file", name, errno);
    return reading;
  }
  const auto buffer = std::make_unique<char[]>(kBlock);  // NOLINT(modernize-avoid-c-arrays)
  Splitter splitter(deliver);
  for (;;) {
    const ssize_t got = read_block(fd.get(), buffer.get(), kBlock);
    if (got == 0) break;
    if (got < 0) {
      reading.error = system_problem("cannot read on", name, errno);
      break;
    }
    reading.bytes += static_cast<std::uint64_t>(got);
    splitter.block({buffer.get(), static_cast<std::size_t>(got)});
  }
  splitter.finish();
  reading.lines = splitter.lines();
  return reading;
}

std::optional<Problem> read_file(const std::string& path, std::string& content) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (fd.get() < 0) return system_problem("cannot open the file", path, errno);
  const auto buffer = std::make_unique<char[]>(kBlock);  // NOLINT(modernize-avoid-c-arrays)
  content.clear();
  for (;;) {
    const ssize_t got = read_block(fd.get(), buffer.get(), kBlock);
    if (got == 0) return std::nullopt;
    if (got < 0) return system_problem("cannot read the file", path, errno);
    content.append(buffer.get(), static_cast<std::size_t>(got));
    if (content.size() > kLargestFile) return Problem{"the file is too large", path, "", "no rule is over 16 MiB"};
  }
}

}  // namespace ahdiag
