#include "host/proc.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <string_view>

#include "text/ascii.h"

namespace ahdiag {

std::optional<std::string> read_kernel_file(const std::string& path) {
  constexpr std::size_t kMost = 8 * 1024 * 1024;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) return std::nullopt;
  std::string text;
  std::array<char, 16384> block{};
  while (text.size() < kMost) {
    const ssize_t got = ::read(fd, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    text.append(block.data(), static_cast<std::size_t>(got));
  }
  ::close(fd);
  return text;
}

std::vector<std::int64_t> kernel_numbers(const std::string& path) {
  std::vector<std::int64_t> numbers;
  const auto text = read_kernel_file(path);
  if (!text) return numbers;
  std::string blanks = *text;
  std::replace_if(
      blanks.begin(), blanks.end(), [](char c) { return c == '\t' || c == '\n'; }, ' ');
  for (const auto word : split(blanks, ' ')) {
    if (const auto number = to_number(word)) numbers.push_back(*number);
  }
  return numbers;
}

std::vector<std::string> names_in(const std::string& directory, std::size_t most) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(directory.c_str()), ::closedir);
  if (!open) return names;
  while (names.size() < most) {
    const dirent* entry = ::readdir(open.get());  // NOLINT(concurrency-mt-unsafe): a directory stream of our own
    if (entry == nullptr) break;
    const std::string_view name(&entry->d_name[0]);
    if (name != "." && name != "..") names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace ahdiag
