// The text of a log that lies in a file, packed or not, from any byte on.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "input/bookmark.h"
#include "input/codec.h"
#include "input/file.h"
#include "input/stream.h"

namespace ahdiag {

class LogText {
 public:
  explicit LogText(const std::string& path);
  LogText(const LogText&) = delete;  // its stages point to it
  LogText& operator=(const LogText&) = delete;

  [[nodiscard]] const std::string& path() const { return flow_.name; }
  // Why it could not be opened, or read on.
  [[nodiscard]] const std::optional<Problem>& trouble() const { return flow_.trouble; }
  [[nodiscard]] const FileStatus& status() const { return status_; }
  [[nodiscard]] bool is_packed() const { return codec_.has_value(); }
  // It is the file of the bookmark, by its inode.
  [[nodiscard]] bool is_file_of(const Bookmark& bookmark) const;
  // It begins with what was read up to the bookmark. Where nothing was read, the inode decides.
  std::optional<Trail> holds(const Bookmark& bookmark);

  // Its text from a byte on; a block is valid until the next is asked for.
  Blocks from(std::uint64_t offset);

 private:
  std::string bytes(std::uint64_t offset, std::uint64_t size);

  Budget budget_;
  Flow flow_;
  File file_;
  FileStatus status_;
  bool opened_ = false;
  std::optional<Codec> codec_;
  std::optional<Stream> packed_, text_;
  std::optional<Unpacker> unpacker_;
};

}  // namespace ahdiag
