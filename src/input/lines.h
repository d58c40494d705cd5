// A source as lines: read once, in blocks, in bounded memory. The only place that reads files.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "text/problem.h"

namespace ahdiag {

struct Line {
  std::string_view text;  // without the newline; valid during the call only
  std::uint64_t number;   // from 1
  std::uint64_t cut;      // bytes of a too long line that were read, counted and left out
};

struct Reading {
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;
  std::optional<Problem> error;  // why the source could not be read whole; what came before was delivered
};

// A line keeps this many bytes: httpd's own entries end at 8 KiB, what wraps them adds little.
inline constexpr std::size_t kLongestLine = 64 * 1024;

// Delivers each line of the file `name` ("-": standard input) in order.
Reading read_lines(const std::string& name, const std::function<void(const Line&)>& deliver);

// A whole small file, such as a rule. Files over 16 MiB are refused.
std::optional<Problem> read_file(const std::string& path, std::string& content);

}  // namespace ahdiag
