// Files that are written: whole or not at all, whatever moment the process or the machine stops. What ahdiag writes is
// only what it was told to keep.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "text/problem.h"

namespace ahdiag {

// Replaces the file by one with this text and mode. Written beside it (path.new), flushed to the disk and renamed; the
// directory is flushed, too.
std::optional<Problem> replace_file(const std::string& path, std::string_view text, unsigned mode);

// Makes the directory that the path is in, where only that is missing.
std::optional<Problem> make_directory_of(const std::string& path);

// A lock that this process holds as long as the value lives; the system takes it back whatever ends the process.
class FileLock {
 public:
  // Waits while another has it, until `over` says so. The file (path.lock) stays: who removes it lets two in.
  static std::variant<FileLock, Problem> take(const std::string& path, const std::function<bool()>& over);

  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  FileLock(FileLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace ahdiag
