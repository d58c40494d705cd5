// The kernel's own files: they have no size, are read in one go, and never follow a path of a log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ahdiag {

// A file of /proc or /sys; nothing where it cannot be read.
std::optional<std::string> read_kernel_file(const std::string& path);
// Its whitespace-separated numbers; empty where it cannot be read.
std::vector<std::int64_t> kernel_numbers(const std::string& path);
// The names in a directory, sorted, at most so many.
std::vector<std::string> names_in(const std::string& directory, std::size_t most);

}  // namespace ahdiag
