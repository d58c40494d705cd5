// Paths as words: nothing here touches a file system.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ahdiag {

// The directory that holds `path`; "/" for a path directly below the root.
std::string_view directory_of(std::string_view path);
std::string_view name_of(std::string_view path);

// Why `path` is not a path that a command may carry (relative, "..", control bytes …), or nothing.
std::optional<std::string> refuse_path(std::string_view path);

// `path` is `directory` or lies in it. /run and /var/run are one directory, as on every Linux with systemd.
bool lies_below(std::string_view path, std::string_view directory);

// A directory of the system itself, such as /, /run or /var/log: no plan creates it, or changes whom it belongs to.
bool is_system_directory(std::string_view path);

// On a file system that is empty after a boot, by the Filesystem Hierarchy Standard and by systemd's use of it.
bool is_volatile(std::string_view path);

}  // namespace ahdiag
