// Who listens on a port: /proc/net/tcp and tcp6, then the processes that hold the socket.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ahdiag {

struct Process {
  std::int64_t pid = 0;
  std::string command;  // its own name, printable
  std::string unit;     // of the service manager, such as nginx.service, or docker-….scope; may be empty
  std::uint32_t user = 0;
};
std::optional<Process> process(std::int64_t pid);

struct Holder {
  std::string address;             // "0.0.0.0", "::", "127.0.0.1"
  std::uint32_t user = 0;          // who opened the socket
  std::vector<Process> processes;  // empty where they could not be seen
};

// The sockets that listen on a TCP port here; nothing where /proc cannot tell.
std::optional<std::vector<Holder>> holders_of(std::uint16_t port);

// Whether an interface of this machine carries the address ("10.0.0.1", "::1"); nothing where /proc cannot tell.
std::optional<bool> is_local(const std::string& address);

}  // namespace ahdiag
