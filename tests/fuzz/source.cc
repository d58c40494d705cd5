#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "input/sources.h"
#include "targets.h"

namespace ahdiag::fuzz {
namespace {

// A file that lies nowhere.
class File {
 public:
  explicit File(std::string_view bytes) : fd_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    must(fd_ >= 0 && ::write(fd_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()), "a file is made");
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { ::close(fd_); }

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

}  // namespace

void source(std::string_view bytes) {
  const File file(bytes);
  std::uint64_t lines = 0;
  std::size_t begun = 0, ended = 0;
  Listener listener;
  listener.begin = [&](const std::string&) {
    ++begun;
    lines = 0;
  };
  listener.line = [&](const Line& line) {
    ++lines;
    must(line.text.size() <= kLongestLine, "a line is no longer than what is kept");
    must(line.text.find('\n') == std::string_view::npos, "a line has no line break");
  };
  listener.end = [&](const Reading& reading) {
    ++ended;
    must(reading.lines == lines, "each line is delivered and counted");
    if (reading.error) must_be_printable(to_line(*reading.error), "an error without control characters");
  };
  for (const auto& note : read_sources({file.path()}, listener))
    must_be_printable(to_line(note), "a note without control characters");
  must(begun == ended, "each source that begins ends");
  must(begun > 0 || bytes.empty(), "a file is a source, or one with an error stands for it");
}

}  // namespace ahdiag::fuzz
