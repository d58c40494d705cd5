#include <fmt/format.h>

#include "host/ports.h"
#include "host/sights.h"
#include "text/ascii.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

using End = PathLook::End;

Sighting not_seen(const std::string& path, const PathLook& look) {
  const std::string where = look.stop.empty() || look.stop == path ? "" : " at " + printable(look.stop);
  return {std::nullopt, fmt::format("{} could not be looked at{}: {}", printable(path), where, look.why)};
}

std::string tell(const Host& host, const std::string& path, const PathLook& look) {
  const std::string shown = printable(path);
  switch (look.end) {
    case End::unseen: return not_seen(path, look).text;
    case End::missing:
      return look.stop == path ? shown + " does not exist"
                               : fmt::format("{} does not exist: {} is missing", shown, printable(look.stop));
    case End::not_a_directory:
      return fmt::format("{} cannot exist: {} is a {}, no directory", shown, printable(look.stop),
                         type_name(look.last()->type));
    case End::there: break;
  }
  const Component& last = *look.last();
  const std::string behind = last.path == path ? "" : ", which is " + printable(last.path);
  return fmt::format("{}{} exists: {}, {}", shown, behind, type_name(last.type), describe(last, host.accounts()));
}

unsigned access_of(const std::string& name) {
  if (name == "read") return kRead;
  if (name == "write") return kWrite | kExecute;  // to create in it or to write through it
  return kExecute;
}

std::string verb_of(unsigned access, FileType type) {
  if (access == 0) return "reach";
  if (type != FileType::directory) return access == kRead ? "read" : access == kExecute ? "execute" : "write";
  if ((access & kWrite) != 0) return "create files in";
  return access == kRead ? "list" : "pass through";
}

std::string amount(std::uint64_t bytes) {
  constexpr std::uint64_t kMega = 1024 * 1024;
  return bytes < kMega ? fmt::format("{} KiB", bytes / 1024) : fmt::format("{} MiB", bytes / kMega);
}

Sighting no_file_system(const std::string& path) {
  return {std::nullopt, "a mounted tree does not tell how its own system mounts " + printable(path)};
}

}  // namespace

std::string tell_path(const Host& host, const std::string& path) { return tell(host, path, host.tree().look(path)); }

Sighting is_missing(const Host& host, const std::string& path) {
  const PathLook look = host.tree().look(path);
  if (look.end == End::unseen) return not_seen(path, look);
  return {look.end == End::missing, tell(host, path, look)};
}

Sighting is_missing_or_empty(const Host& host, const std::string& path) {
  const PathLook look = host.tree().look(path);
  const bool empty = look.end == End::there && look.last()->type == FileType::file && look.last()->size == 0;
  if (empty) return {true, printable(path) + " is empty"};
  return is_missing(host, path);
}

Sighting exists(const Host& host, const std::string& path, const std::string& type) {
  const PathLook look = host.tree().look(path);
  if (look.end == End::unseen) return not_seen(path, look);
  const bool there = look.end == End::there;
  return {there && (type.empty() || type == type_name(look.last()->type)), tell(host, path, look)};
}

Sighting refuses(const Host& host, const std::string& path, const std::string& user, const std::string& access) {
  const auto account = host.accounts().user(user);
  if (!account) return {std::nullopt, "there is no user " + printable(user) + " here"};
  const PathLook look = host.tree().look(path);
  unsigned wanted = access_of(access);
  const bool file = look.end == End::there && look.last()->type != FileType::directory;
  if (file && access == "write") wanted = kWrite;
  if (file && access == "search") wanted = 0;  // to reach it is all that is asked
  if (const auto found = barrier(look, *account, wanted)) {
    return {true, fmt::format("{} may not {} {} ({})", printable(user), verb_of(found->access, found->where->type),
                              printable(found->where->path), describe(*found->where, host.accounts()))};
  }
  if (look.end == End::unseen) return not_seen(path, look);
  if (look.end != End::there) return {false, tell(host, path, look)};
  if (access == "execute" && look.space && look.space->no_exec)
    return {true, fmt::format("the file system of {} is mounted noexec", printable(path))};
  return {false, fmt::format("{} may {} {} ({})", printable(user), verb_of(wanted, look.last()->type), printable(path),
                             describe(*look.last(), host.accounts()))};
}

Sighting is_read_only(const Host& host, const std::string& path, const std::string& service) {
  const PathLook look = host.tree().look(path);
  if (!look.space) return look.end == End::unseen ? not_seen(path, look) : no_file_system(path);
  const std::string text = fmt::format("the file system of {} is mounted {}", printable(path),
                                       look.space->read_only ? "read-only" : "for writing");
  if (look.space->read_only) return {true, text};
  const Sighting sandbox =
      unit_sets(host, service, {"ProtectSystem", "ReadOnlyPaths", "ProtectHome", "TemporaryFileSystem"});
  if (sandbox.holds.value_or(false)) return {std::nullopt, text + ", but " + sandbox.text};
  return {false, text};
}

Sighting is_full(const Host& host, const std::string& path) {
  constexpr std::uint64_t kNothing = 64 * 1024;
  const PathLook look = host.tree().look(path);
  if (!look.space) return look.end == End::unseen ? not_seen(path, look) : no_file_system(path);
  const Space& space = *look.space;
  const bool counts_inodes = space.inodes > 0;  // btrfs and others have no limit
  const bool full = (space.bytes > 0 && space.free_bytes < kNothing) || (counts_inodes && space.free_inodes == 0);
  std::string text = fmt::format("the file system of {} has {} of {} free", printable(path), amount(space.free_bytes),
                                 amount(space.bytes));
  if (counts_inodes) text += fmt::format(", and {} of {} inodes", space.free_inodes, space.inodes);
  return {full, std::move(text)};
}

Sighting has_label(const Host& host, const std::string& path, const std::string& type) {
  const PathLook look = host.tree().look(path);
  if (look.end != End::there) return {std::nullopt, tell(host, path, look)};
  const std::string& label = look.last()->label;
  if (label.empty()) return {std::nullopt, printable(path) + " has no SELinux label"};
  const auto parts = split(label, ':');
  return {parts.size() > 2 && parts[2] == type, printable(path) + " has the label " + printable(label)};
}

Sighting is_made_at_boot(const Host& host, const std::string& path) {
  const auto entry = made_at_boot(host.tree(), path);
  if (!entry) return {false, "no tmpfiles.d line creates " + printable(path)};
  return {true, fmt::format("{} line {} creates {} at boot: {} {} {}", printable(entry->file), entry->line,
                            printable(path), entry->mode, entry->user, entry->group)};
}

Sighting is_stale_pid(const Host& host, const std::string& path, const std::string& command) {
  const std::string shown = printable(path);
  const PathLook look = host.tree().look(path);
  if (look.end == End::unseen) return not_seen(path, look);
  if (look.end != End::there) return {false, tell(host, path, look)};
  if (!host.is_this_machine()) return {std::nullopt, "a mounted tree has no processes"};
  const auto text = host.tree().read(path, 64);
  if (const auto* problem = std::get_if<Problem>(&text)) return {std::nullopt, to_line(*problem)};
  const auto pid = to_number(trim(std::get<std::string>(text)));
  if (!pid || *pid <= 0) return {true, shown + " holds no process id"};
  const auto running = process(*pid);
  if (!running) return {true, fmt::format("{} names process {}, which does not run", shown, *pid)};
  const bool other = running->command != command;
  return {other, fmt::format("{} names process {}, which is {}{}", shown, *pid, running->command,
                             other ? ", no " + printable(command) : "")};
}

}  // namespace ahdiag
