// Files as the system has them. Opened for reading, never for writing; what is no file (a pipe, a device) reads as one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "input/stream.h"
#include "text/problem.h"

namespace ahdiag {

// Which file it is, whatever it is called, and how it was when it was looked at.
struct FileStatus {
  std::uint64_t device = 0, inode = 0;
  std::uint64_t size = 0;     // bytes
  std::int64_t modified = 0;  // microseconds since 1970
  bool regular = false;

  [[nodiscard]] bool is_same_file(const FileStatus& other) const {
    return device == other.device && inode == other.inode;
  }
};

class File {
 public:
  // "-": standard input. What fails, now or later, is told to `flow`.
  File(const std::string& path, Flow& flow);
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();

  // The next block; it lies where the file's buffer has its own.
  std::string_view next();
  // Takes another buffer for what is read from now on, and gives the one it had.
  void exchange(Buffer& buffer) { buffer_.swap(buffer); }
  // Back to where it began. A pipe cannot go there.
  bool rewind();
  // To a byte of a regular file.
  bool seek(std::uint64_t offset);
  // Nothing where it could not be opened.
  [[nodiscard]] std::optional<FileStatus> status() const;

 private:
  Flow& flow_;
  int fd_;
  std::int64_t begin_;  // where it was opened or handed over; -1 where there are no places
  Buffer buffer_;
};

// Of what a path leads to; nothing where there is nothing.
std::optional<FileStatus> status_of(const std::string& path);

// The size of a regular file; nothing for what has none that is known before it is read.
std::optional<std::uint64_t> size_of(const std::string& path);

bool is_directory(const std::string& path);

// The paths of the error logs in a directory and of their rotated predecessors, family by family, oldest first.
// Not recursive. A link to another of them is left out, so that nothing is read twice.
std::vector<std::string> error_logs_in(const std::string& directory, std::optional<Problem>& problem);

// A whole small file, such as a rule. Files over 16 MiB are refused.
std::optional<Problem> read_file(const std::string& path, std::string& content);

}  // namespace ahdiag
