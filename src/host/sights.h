// Single looks at a machine, each with the sentence that tells what was seen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/host.h"

namespace ahdiag {

// `holds`: what was asked is so, is not so, or could not be seen. `text` is printable and for people.
struct Sighting {
  std::optional<bool> holds;
  std::string text;
};

// ---- paths
Sighting is_missing(const Host& host, const std::string& path);
Sighting is_missing_or_empty(const Host& host, const std::string& path);
// `type`: "file", "directory", "socket" …, or empty for any.
Sighting exists(const Host& host, const std::string& path, const std::string& type);
// Modes or ACLs keep the user from it. `access`: "read", "write", "search", "execute".
Sighting refuses(const Host& host, const std::string& path, const std::string& user, const std::string& access);
// Mounted so for all; where only the service's own unit may make it so, that is told and decides nothing.
Sighting is_read_only(const Host& host, const std::string& path, const std::string& service);
Sighting is_full(const Host& host, const std::string& path);
Sighting has_label(const Host& host, const std::string& path, const std::string& type);
Sighting is_made_at_boot(const Host& host, const std::string& path);
// The file names a process that does not run, or that is no server of that name.
Sighting is_stale_pid(const Host& host, const std::string& path, const std::string& command);
// What stands there, for people: the path itself, or how far it goes.
std::string tell_path(const Host& host, const std::string& path);

// ---- processes and limits of the running system
Sighting is_held(const Host& host, const std::string& port);
Sighting is_local_address(const Host& host, const std::string& address);
Sighting lacks_semaphores(const Host& host, const std::string& user);
Sighting lacks_segments(const Host& host, const std::string& user);
Sighting lacks_handles(const Host& host, const std::string& command);
Sighting lacks_tasks(const Host& host, const std::string& command);
Sighting has_selinux(const Host& host, const std::string& mode);
Sighting has_boolean(const Host& host, const std::string& name, const std::string& value);

// ---- accounts, configuration, units
Sighting lacks_user(const Host& host, const std::string& name);
Sighting lacks_group(const Host& host, const std::string& name);
// More than one Listen line asks for the port.
Sighting listens_twice(const Host& host, const std::string& port);
Sighting loads_module(const Host& host, const std::string& module);
// The service's unit or a drop-in sets one of these to anything but its default "no".
Sighting unit_sets(const Host& host, const std::string& service, const std::vector<std::string>& settings);

// ---- certificates
Sighting is_expired(const Host& host, const std::string& certificate, std::int64_t now);
Sighting is_mismatch(const Host& host, const std::string& certificate, const std::string& key);
Sighting is_named(const Host& host, const std::string& certificate, const std::string& name);

}  // namespace ahdiag
