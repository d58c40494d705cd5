// How far a log was read, and what its text is known by under another name, packed, or behind another inode.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ahdiag {

// A run of bytes, by its length and its digest.
struct Mark {
  std::uint64_t size = 0;
  std::string digest;

  [[nodiscard]] bool fits(std::string_view bytes) const;
};
Mark mark_of(std::string_view bytes);

// A mark stands for this many bytes at most: some lines with their times.
inline constexpr std::size_t kMark = 1024;

struct Bookmark {
  std::uint64_t device = 0, inode = 0;
  std::uint64_t offset = 0;  // bytes that were read, to the end of a line
  std::uint64_t lines = 0;   // that these are
  Mark head;                 // the first bytes of those that were read
  Mark tail;                 // the last
};

// How far a log was read through its rotations.
struct LogProgress {
  std::vector<Bookmark> files;  // oldest first; the last is the one that is written. None: it was not there yet
  std::int64_t written = 0;     // the last that any of them had been written to; microseconds since 1970
};

// Follows the bytes that are read.
class Trail {
 public:
  Trail() = default;
  // Goes on at a bookmark; `head` and `tail` are the bytes of its marks.
  Trail(const Bookmark& bookmark, std::string head, std::string tail);

  void add(std::string_view bytes);
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] std::uint64_t lines() const { return lines_; }
  void set_lines(std::uint64_t lines) { lines_ = lines; }
  // Without the file that it is in.
  [[nodiscard]] Bookmark bookmark() const;

 private:
  std::uint64_t offset_ = 0, lines_ = 0;
  std::string head_, tail_;
};

}  // namespace ahdiag
