// What runs here and what bounds it: distribution, httpd's version, limits of the kernel, SELinux, entries that create
// directories at boot, and the settings of units.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/tree.h"
#include "unit/unit_file.h"

namespace ahdiag {

struct Distribution {
  std::string name;              // "Debian GNU/Linux 12 (bookworm)", printable
  std::vector<std::string> ids;  // ID, then those of ID_LIKE
};
Distribution distribution(const Tree& tree);

// "2.4.62", out of the server program itself; empty where it does not tell.
std::string httpd_version(const Tree& tree, const std::string& binary);

// How much of a limit is used.
struct Usage {
  std::int64_t used = 0, limit = 0;
  std::int64_t own = 0;  // of these, those of the account asked for
};
std::optional<Usage> semaphore_arrays(std::uint32_t user);
std::optional<Usage> memory_segments(std::uint32_t user);

enum class Selinux { off, permissive, enforcing };
Selinux selinux_mode();
// A boolean's current value.
std::optional<bool> selinux_boolean(const std::string& name);

// A line of tmpfiles.d that is in effect.
struct TmpfilesEntry {
  std::string type, path, mode, user, group;  // "-" where it says nothing
  std::string file;
  std::size_t line = 0;
};
// The one that decides on a path: a file of /etc masks one of the same name in /run and /usr/lib, and of all files the
// first by name wins. Source: tmpfiles.d(5).
std::optional<TmpfilesEntry> made_at_boot(const Tree& tree, std::string_view path);

// A service's unit file and its drop-ins, in the order in which they count.
std::vector<UnitFile> unit_files(const Tree& tree, const std::string& service);

// The soft limit of a process's open files; nothing where it cannot be seen.
struct ProcessLimits {
  std::string open_files;           // a number or "unlimited"
  std::optional<std::size_t> open;  // handles in use
};
std::optional<ProcessLimits> limits_of(std::int64_t pid);

// The most tasks that a process's control group may have, and how many it has.
std::optional<Usage> tasks_of(std::int64_t pid);

// The oldest process of that name; nothing where there is none.
std::optional<std::int64_t> main_process(const std::string& command);

}  // namespace ahdiag
