#include "host/ports.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <map>

#include "host/proc.h"
#include "text/ascii.h"
#include "text/path.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

constexpr std::size_t kMostProcesses = 65536;
constexpr std::size_t kMostHandles = 65536;

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (const auto word : split(line, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

// Words of eight digits, each in this machine's byte order. Source: Linux net/ipv4/tcp_ipv4.c, get_tcp4_sock.
std::string address_of(std::string_view hex) {
  std::array<unsigned char, 16> bytes{};
  for (std::size_t i = 0; i + 8 <= hex.size() && i / 2 + 4 <= bytes.size(); i += 8) {
    std::uint32_t word = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 8, word, 16);
    std::memcpy(bytes.data() + i / 2, &word, sizeof word);
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = hex.size() > 8 ? AF_INET6 : AF_INET;
  return ::inet_ntop(family, bytes.data(), text.data(), text.size()) == nullptr ? "?" : text.data();
}

// Socket's inode -> who listens.
std::map<std::string, Holder, std::less<>> listeners(std::string_view table, std::uint16_t port) {
  constexpr std::string_view kListen = "0A";
  std::map<std::string, Holder, std::less<>> found;
  for (const auto line : split(table, '\n')) {
    const auto words = words_of(line);
    if (words.size() < 10 || words[3] != kListen) continue;
    const auto colon = words[1].find(':');
    std::uint32_t its_port = 0;
    const auto digits = words[1].substr(colon + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), its_port, 16);
    if (colon == std::string_view::npos || its_port != port) continue;
    const auto user = to_number(words[7]).value_or(0);
    found[std::string(words[9])] = {address_of(words[1].substr(0, colon)), static_cast<std::uint32_t>(user), {}};
  }
  return found;
}

std::string link_of(const std::string& path) {
  std::array<char, 256> bytes{};
  const ssize_t got = ::readlink(path.c_str(), bytes.data(), bytes.size());
  return got <= 0 ? std::string() : std::string(bytes.data(), static_cast<std::size_t>(got));
}

// The innermost unit of a control group's path: "/system.slice/nginx.service". Source: systemd, CGROUP_DELEGATION.
std::string unit_of(std::int64_t pid) {
  const std::string table = read_kernel_file("/proc/" + std::to_string(pid) + "/cgroup").value_or("");
  std::string unit;
  for (const auto line : split(table, '\n')) {
    for (const auto part : split(line, '/')) {
      if (part.ends_with(".service") || part.ends_with(".scope")) unit = printable(part);
    }
    if (!unit.empty()) break;
  }
  return unit;
}

void add_processes(std::map<std::string, Holder, std::less<>>& sockets) {
  for (const auto& name : names_in("/proc", kMostProcesses)) {
    const auto pid = is_digit(name.front()) ? to_number(name) : std::nullopt;
    if (!pid) continue;
    const std::string folder = "/proc/" + name + "/fd";
    for (const auto& handle : names_in(folder, kMostHandles)) {
      const std::string link = link_of(folder + "/" + handle);
      if (!link.starts_with("socket:[")) continue;
      const auto found = sockets.find(std::string_view(link).substr(8, link.size() - 9));
      if (found == sockets.end()) continue;
      auto& processes = found->second.processes;
      if (!processes.empty() && processes.back().pid == *pid) continue;
      if (auto one = process(*pid)) processes.push_back(std::move(*one));
    }
  }
}

}  // namespace

std::optional<Process> process(std::int64_t pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  const auto status = read_kernel_file(folder + "/status");
  if (!status) return std::nullopt;
  Process one;
  one.pid = pid;
  one.unit = unit_of(pid);
  for (const auto line : split(*status, '\n')) {
    std::string_view value = line;
    if (consume(value, "Name:")) one.command = printable(trim(value));
    if (consume(value, "Uid:")) {
      value = trim(value);
      one.user = static_cast<std::uint32_t>(consume_number(value).value_or(0));
    }
  }
  return one;
}

std::optional<std::vector<Holder>> holders_of(std::uint16_t port) {
  const auto four = read_kernel_file("/proc/net/tcp");
  const auto six = read_kernel_file("/proc/net/tcp6");
  if (!four && !six) return std::nullopt;
  auto sockets = listeners(four.value_or(""), port);
  sockets.merge(listeners(six.value_or(""), port));
  if (!sockets.empty()) add_processes(sockets);
  std::vector<Holder> holders;
  for (auto& [inode, holder] : sockets) holders.push_back(std::move(holder));
  return holders;
}

std::optional<bool> is_local(const std::string& address) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  if (::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) {
    // "|-- 10.0.0.1" and on the next line "/32 host LOCAL".
    const auto table = read_kernel_file("/proc/net/fib_trie");
    if (!table) return std::nullopt;
    std::string_view before;
    for (const auto line : split(*table, '\n')) {
      if (contains(line, "host LOCAL") && before.ends_with("-- " + address)) return true;
      before = trim_right(line);
    }
    return bytes[0] == 127 || address == "0.0.0.0";
  }
  if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return std::nullopt;
  const auto table = read_kernel_file("/proc/net/if_inet6");
  if (!table) return std::nullopt;
  std::string hex;
  for (const unsigned char byte : bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 15U];
  }
  return address == "::" || contains("\n" + *table, "\n" + hex);
}

}  // namespace ahdiag
