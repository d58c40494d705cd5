#include "text/path.h"

#include <algorithm>
#include <array>

#include "text/ascii.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

constexpr std::size_t kLongestPath = 4096;  // PATH_MAX

std::string canonical(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  if (path == "/var/run" || path.starts_with("/var/run/")) path.remove_prefix(4);
  if (path == "/var/lock" || path.starts_with("/var/lock/")) {
    path.remove_prefix(4);
    return "/run" + std::string(path);
  }
  return std::string(path);
}

}  // namespace

std::string_view directory_of(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

std::optional<std::string> refuse_path(std::string_view path) {
  if (!path.starts_with('/')) return "it is not an absolute path";
  if (path.size() >= kLongestPath) return "it is longer than any path";
  for (const auto part : split(path.substr(1), '/')) {
    if (part == ".." || part == ".") return "it has a component '.' or '..'";
    if (part.empty() && path.size() > 1 && !path.ends_with('/')) return "it has an empty component";
  }
  if (contains(path, "//")) return "it has an empty component";
  if (printable(path) != path) return "it has control or invalid bytes";
  return std::nullopt;
}

bool lies_below(std::string_view path, std::string_view directory) {
  const std::string inner = canonical(path);
  const std::string outer = canonical(directory);
  if (outer.empty()) return false;
  if (outer == "/") return inner.starts_with('/');
  return inner == outer || (inner.starts_with(outer) && inner[outer.size()] == '/');
}

bool is_system_directory(std::string_view path) {
  static constexpr std::array<std::string_view, 40> kDirectories = {"/",
                                                                    "/bin",
                                                                    "/boot",
                                                                    "/dev",
                                                                    "/dev/shm",
                                                                    "/etc",
                                                                    "/home",
                                                                    "/lib",
                                                                    "/lib64",
                                                                    "/media",
                                                                    "/mnt",
                                                                    "/opt",
                                                                    "/opt/homebrew",
                                                                    "/private",
                                                                    "/private/var",
                                                                    "/private/var/run",
                                                                    "/proc",
                                                                    "/root",
                                                                    "/run",
                                                                    "/run/lock",
                                                                    "/sbin",
                                                                    "/srv",
                                                                    "/sys",
                                                                    "/tmp",
                                                                    "/usr",
                                                                    "/usr/bin",
                                                                    "/usr/lib",
                                                                    "/usr/lib64",
                                                                    "/usr/local",
                                                                    "/usr/sbin",
                                                                    "/usr/share",
                                                                    "/var",
                                                                    "/var/cache",
                                                                    "/var/lib",
                                                                    "/var/log",
                                                                    "/var/spool",
                                                                    "/var/tmp",
                                                                    "/Library",
                                                                    "/System",
                                                                    "/Users"};
  return std::ranges::find(kDirectories, canonical(path)) != kDirectories.end();
}

bool is_volatile(std::string_view path) {
  return lies_below(path, "/run") || lies_below(path, "/dev/shm") || lies_below(path, "/tmp");
}

}  // namespace ahdiag
