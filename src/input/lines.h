// Blocks cut into lines, in bounded memory.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace ahdiag {

struct Line {
  std::string_view text;     // without the newline; valid during the call only
  std::uint64_t number = 0;  // from 1
  std::uint64_t cut = 0;     // bytes of a too long line that were read, counted and left out
};

// A line keeps this many bytes: httpd's own entries end at 8 KiB, what wraps them adds little.
inline constexpr std::size_t kLongestLine = 64 * 1024;

// The bytes between two newlines as a line. Its number is for the caller to set.
Line line_of(std::string_view bytes);

// Only the part of a line that a block's end splits is copied. NULs at a line's begin are left out: a log that was
// truncated while httpd wrote on, or that a crash cut, has a hole there, which may be longer than any line.
class Splitter {
 public:
  explicit Splitter(const std::function<void(const Line&)>& deliver) : deliver_(deliver) {}

  void block(std::string_view bytes);
  // The last line, where it has no newline.
  void finish();

  // It waits for the end of a line.
  [[nodiscard]] bool is_amid_line() const { return !head_.empty() || cut_ > 0; }
  [[nodiscard]] std::uint64_t lines() const { return lines_; }

 private:
  void keep(std::string_view part);
  void end_line();

  const std::function<void(const Line&)>& deliver_;
  std::string head_;
  std::uint64_t cut_ = 0;
  std::uint64_t lines_ = 0;
};

}  // namespace ahdiag
