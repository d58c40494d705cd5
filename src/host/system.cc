#include "host/system.h"

#include <algorithm>
#include <array>
#include <map>

#include "host/proc.h"
#include "text/ascii.h"
#include "text/path.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

constexpr std::size_t kMostProcesses = 65536;

std::string text_of(const Tree& tree, std::string_view path, std::size_t most = Tree::kMostText) {
  auto read = tree.read(path, most);
  auto* text = std::get_if<std::string>(&read);
  return text == nullptr ? std::string() : std::move(*text);
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (const auto part : split(line, ' ')) {
    for (const auto word : split(part, '\t')) {
      if (!word.empty()) words.push_back(word);
    }
  }
  return words;
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

// Rows of a table of /proc/sysvipc below its head; `owner` is the column of the user.
std::optional<Usage> ipc(const std::string& table, std::size_t owner, std::int64_t limit, std::uint32_t user) {
  const auto text = read_kernel_file(table);
  if (!text) return std::nullopt;
  Usage usage{0, limit, 0};
  bool head = true;
  for (const auto line : split(*text, '\n')) {
    const auto words = words_of(line);
    if (!head && words.size() > owner) {
      ++usage.used;
      if (to_number(words[owner]).value_or(-1) == static_cast<std::int64_t>(user)) ++usage.own;
    }
    head = false;
  }
  return usage;
}

// The files of several directories by name: of the same name, the one of the first directory.
std::map<std::string, std::string> files_by_name(const Tree& tree, const std::vector<std::string>& directories) {
  std::map<std::string, std::string> files;
  for (const auto& directory : directories) {
    for (const auto& name : tree.list(directory)) {
      if (name.ends_with(".conf")) files.emplace(name, directory + "/" + name);
    }
  }
  return files;
}

bool makes_directory(std::string_view type) {
  return !type.empty() && contains("dDvqQ", type.substr(0, 1)) && !contains(type, "r");
}

}  // namespace

Distribution distribution(const Tree& tree) {
  Distribution found;
  std::string text = text_of(tree, "/etc/os-release");
  if (text.empty()) text = text_of(tree, "/usr/lib/os-release");
  std::vector<std::string> like;
  for (auto line : split(text, '\n')) {
    if (consume(line, "PRETTY_NAME=")) found.name = printable(unquoted(trim(line)));
    if (consume(line, "ID=")) found.ids.insert(found.ids.begin(), printable(unquoted(trim(line))));
    if (consume(line, "ID_LIKE=")) {
      for (const auto word : split(unquoted(trim(line)), ' ')) like.emplace_back(printable(word));
    }
  }
  found.ids.insert(found.ids.end(), like.begin(), like.end());
  return found;
}

std::string httpd_version(const Tree& tree, const std::string& binary) {
  constexpr std::size_t kLargestServer = 32 * 1024 * 1024;
  const std::string bytes = text_of(tree, binary, kLargestServer);
  constexpr std::string_view kMark = "Apache/";
  for (auto at = bytes.find(kMark); at != std::string::npos; at = bytes.find(kMark, at + 1)) {
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at + kMark.size());
    const auto end = std::find_if_not(begin, bytes.end(), [](char c) { return is_digit(c) || c == '.'; });
    std::string version(begin, end);
    if (std::ranges::count(version, '.') == 2 && version.size() < 16) return version;
  }
  return {};
}

std::optional<Usage> semaphore_arrays(std::uint32_t user) {
  const auto limits = kernel_numbers("/proc/sys/kernel/sem");
  if (limits.size() != 4) return std::nullopt;
  return ipc("/proc/sysvipc/sem", 4, limits[3], user);
}

std::optional<Usage> memory_segments(std::uint32_t user) {
  const auto limits = kernel_numbers("/proc/sys/kernel/shmmni");
  if (limits.size() != 1) return std::nullopt;
  return ipc("/proc/sysvipc/shm", 7, limits[0], user);
}

Selinux selinux_mode() {
  const auto enforce = kernel_numbers("/sys/fs/selinux/enforce");
  if (enforce.size() != 1) return Selinux::off;
  return enforce.front() == 1 ? Selinux::enforcing : Selinux::permissive;
}

std::optional<bool> selinux_boolean(const std::string& name) {
  const auto values = kernel_numbers("/sys/fs/selinux/booleans/" + name);  // current and pending
  if (values.empty()) return std::nullopt;
  return values.front() != 0;
}

std::optional<TmpfilesEntry> made_at_boot(const Tree& tree, std::string_view path) {
  const auto files = files_by_name(tree, {"/etc/tmpfiles.d", "/run/tmpfiles.d", "/usr/local/lib/tmpfiles.d",
                                          "/usr/lib/tmpfiles.d", "/lib/tmpfiles.d"});
  for (const auto& [name, file] : files) {
    std::size_t number = 0;
    const std::string text = text_of(tree, file);
    for (const auto line : split(text, '\n')) {
      ++number;
      const auto words = words_of(line);
      if (words.size() < 2 || words[0].starts_with('#') || !makes_directory(words[0])) continue;
      if (!lies_below(words[1], path) || !lies_below(path, words[1])) continue;
      const auto field = [&](std::size_t i) { return i < words.size() ? printable(words[i]) : std::string("-"); };
      return TmpfilesEntry{field(0), field(1), field(2), field(3), field(4), file, number};
    }
  }
  return std::nullopt;
}

std::vector<UnitFile> unit_files(const Tree& tree, const std::string& service) {
  const std::vector<std::string> directories = {"/etc/systemd/system", "/run/systemd/system",
                                                "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
                                                "/lib/systemd/system"};
  std::vector<UnitFile> units;
  std::vector<std::string> drop_ins;
  for (const auto& directory : directories) {
    drop_ins.push_back(directory + "/" + service + ".service.d");
    if (!units.empty()) continue;
    const std::string path = directory + "/" + service + ".service";
    auto read = tree.read(path);
    if (const auto* text = std::get_if<std::string>(&read)) units.push_back(read_unit(path, *text));
  }
  for (const auto& [name, file] : files_by_name(tree, drop_ins)) units.push_back(read_unit(file, text_of(tree, file)));
  return units;
}

std::optional<ProcessLimits> limits_of(std::int64_t pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  const auto text = read_kernel_file(folder + "/limits");
  if (!text) return std::nullopt;
  ProcessLimits limits;
  for (auto line : split(*text, '\n')) {
    if (consume(line, "Max open files")) limits.open_files = words_of(line).empty() ? "" : words_of(line).front();
  }
  const auto handles = names_in(folder + "/fd", kMostProcesses);
  if (!handles.empty()) limits.open = handles.size();
  return limits;
}

std::optional<Usage> tasks_of(std::int64_t pid) {
  const std::string groups = read_kernel_file("/proc/" + std::to_string(pid) + "/cgroup").value_or("");
  for (auto line : split(groups, '\n')) {
    if (!consume(line, "0::")) continue;
    const std::string folder = "/sys/fs/cgroup" + std::string(line);
    const auto limit = kernel_numbers(folder + "/pids.max"), used = kernel_numbers(folder + "/pids.current");
    if (limit.size() == 1 && used.size() == 1) return Usage{used[0], limit[0], 0};
  }
  return std::nullopt;
}

std::optional<std::int64_t> main_process(const std::string& command) {
  for (const auto& name : names_in("/proc", kMostProcesses)) {
    const auto pid = is_digit(name.front()) ? to_number(name) : std::nullopt;
    if (!pid) continue;
    const auto stat = read_kernel_file("/proc/" + name + "/stat");
    if (!stat) continue;
    // "12 (apache2) S 1 …": the name may hold blanks and parentheses.
    const auto open = stat->find('('), close = stat->rfind(')');
    if (open == std::string::npos || close == std::string::npos || stat->substr(open + 1, close - open - 1) != command)
      continue;
    const auto parent = words_of(std::string_view(*stat).substr(close + 1));
    const auto parent_name =
        parent.size() < 2 ? std::nullopt : read_kernel_file("/proc/" + std::string(parent[1]) + "/comm");
    if (!parent_name || trim_right(*parent_name) != command) return pid;
  }
  return std::nullopt;
}

}  // namespace ahdiag
