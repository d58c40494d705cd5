#include "host/sights.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <set>

#include "host/certificate.h"
#include "host/ports.h"
#include "text/ascii.h"
#include "text/stamp.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

Sighting no_kernel(std::string_view what) { return {std::nullopt, "a mounted tree has no " + std::string(what)}; }

std::string tell(const Process& one, const Accounts& accounts) {
  std::string text = fmt::format("{} (process {}, user {}", one.command, one.pid, accounts.user_name(one.user));
  if (!one.unit.empty()) text += ", " + one.unit;
  return text + ")";
}

std::string tell(const Holder& holder, const Accounts& accounts) {
  if (holder.processes.empty())
    return "a process of " + accounts.user_name(holder.user) + " that only root may see, or of another container";
  std::string text;
  constexpr std::size_t kShown = 3;
  for (std::size_t i = 0; i < holder.processes.size() && i < kShown; ++i)
    text += (i == 0 ? "" : ", ") + tell(holder.processes[i], accounts);
  if (holder.processes.size() > kShown) text += fmt::format(" and {} more", holder.processes.size() - kShown);
  return text;
}

// A limit counts as reached where less than a fiftieth is left.
Sighting used_up(const Usage& usage, std::string_view what, const std::string& user) {
  const bool up = usage.used >= usage.limit - usage.limit / 50;
  return {up, fmt::format("{} of {} {} are in use, {} of them by {}", usage.used, usage.limit, what, usage.own,
                          printable(user))};
}

std::uint32_t id_of(const Host& host, const std::string& user) {
  constexpr std::uint32_t kNobody = 0xffffffffU;
  const auto account = host.accounts().user(user);
  return account ? account->user : kNobody;
}

std::string day_of(std::int64_t seconds) { return to_rfc3339({seconds * 1'000'000, 0, 0}).substr(0, 10); }

std::string place_of(const HttpdDirective& one) { return fmt::format("{} line {}", printable(one.file), one.line); }

// "80", "0.0.0.0:80", "[::]:443"
std::string_view port_of(std::string_view listen) { return listen.substr(listen.rfind(':') + 1); }

std::variant<std::string, Sighting> text_of(const Host& host, const std::string& path) {
  auto read = host.tree().read(path);
  if (const auto* problem = std::get_if<Problem>(&read)) return Sighting{std::nullopt, to_line(*problem)};
  return std::get<std::string>(std::move(read));
}

}  // namespace

Sighting is_held(const Host& host, const std::string& port) {
  const auto number = to_number(port).value_or(0);
  if (!host.is_this_machine()) return no_kernel("ports");
  const auto holders = holders_of(static_cast<std::uint16_t>(number));
  if (!holders) return {std::nullopt, "/proc/net/tcp cannot be read"};
  if (holders->empty()) return {false, fmt::format("nobody listens on port {}", number)};
  std::set<std::string> all;
  for (const auto& one : *holders)
    all.insert(fmt::format("{} holds {}:{}", tell(one, host.accounts()), one.address, number));
  return {true, fmt::format("{}", fmt::join(all, "; "))};
}

Sighting is_local_address(const Host& host, const std::string& address) {
  if (!host.is_this_machine()) return no_kernel("interfaces");
  std::string bare = address;
  const auto colon = bare.rfind(':');
  const bool has_port = colon != std::string::npos && (bare.find(':') == colon || bare[colon - 1] == ']');
  if (has_port) bare.resize(colon);
  if (bare.starts_with('[') && bare.ends_with(']')) bare = bare.substr(1, bare.size() - 2);
  const auto local = is_local(bare);
  if (!local) return {std::nullopt, printable(address) + " is no address that could be looked for"};
  return {*local, fmt::format("{} this machine carries {}", *local ? "an interface of" : "no interface of",
                              printable(address))};
}

Sighting lacks_semaphores(const Host& host, const std::string& user) {
  if (!host.is_this_machine()) return no_kernel("semaphores");
  const auto usage = semaphore_arrays(id_of(host, user));
  if (!usage) return {std::nullopt, "/proc/sysvipc/sem cannot be read"};
  return used_up(*usage, "semaphore arrays", user);
}

Sighting lacks_segments(const Host& host, const std::string& user) {
  if (!host.is_this_machine()) return no_kernel("shared memory");
  const auto usage = memory_segments(id_of(host, user));
  if (!usage) return {std::nullopt, "/proc/sysvipc/shm cannot be read"};
  return used_up(*usage, "shared memory segments", user);
}

Sighting lacks_handles(const Host& host, const std::string& command) {
  if (!host.is_this_machine()) return no_kernel("processes");
  const auto pid = main_process(command);
  const auto limits = pid ? limits_of(*pid) : std::nullopt;
  if (!limits) return {std::nullopt, "no process " + printable(command) + " runs, so its limits cannot be seen"};
  const auto limit = to_number(limits->open_files);
  if (!limit || !limits->open)
    return {std::nullopt,
            fmt::format("process {} may open {} files; how many it has, only root may see", *pid, limits->open_files)};
  const bool up = static_cast<std::int64_t>(*limits->open) >= *limit - *limit / 50;
  return {up, fmt::format("process {} has {} of {} files open", *pid, *limits->open, *limit)};
}

Sighting lacks_tasks(const Host& host, const std::string& command) {
  if (!host.is_this_machine()) return no_kernel("processes");
  const auto pid = main_process(command);
  const auto usage = pid ? tasks_of(*pid) : std::nullopt;
  if (!usage) return {std::nullopt, "no limit of tasks can be seen for " + printable(command)};
  return {usage->used >= usage->limit - usage->limit / 50,
          fmt::format("{} of {} tasks of its control group are in use", usage->used, usage->limit)};
}

Sighting has_selinux(const Host& host, const std::string& mode) {
  if (!host.is_this_machine()) return no_kernel("SELinux mode of its own");
  static constexpr std::array<std::string_view, 3> kModes = {"off", "permissive", "enforcing"};
  const auto is = kModes.at(static_cast<std::size_t>(selinux_mode()));
  return {is == mode, "SELinux is " + std::string(is)};
}

Sighting has_boolean(const Host& host, const std::string& name, const std::string& value) {
  if (!host.is_this_machine()) return no_kernel("SELinux booleans in effect");
  const auto is = selinux_boolean(name);
  if (!is) return {std::nullopt, "there is no SELinux boolean " + printable(name) + " here"};
  return {*is == (value == "on"), fmt::format("the SELinux boolean {} is {}", printable(name), *is ? "on" : "off")};
}

Sighting lacks_user(const Host& host, const std::string& name) {
  const auto account = host.accounts().user(name);
  if (!account) return {true, "there is no user " + printable(name)};
  return {false, fmt::format("the user {} exists: number {}", printable(name), account->user)};
}

Sighting lacks_group(const Host& host, const std::string& name) {
  const auto id = host.accounts().group(name);
  if (!id) return {true, "there is no group " + printable(name)};
  return {false, fmt::format("the group {} exists: number {}", printable(name), *id)};
}

Sighting listens_twice(const Host& host, const std::string& port) {
  if (!host.has_config()) return {std::nullopt, "httpd's configuration could not be read"};
  std::vector<std::string> places;
  for (const auto* one : host.config().all("listen")) {
    if (port_of(one->arguments.front()) == port)
      places.push_back(place_of(*one) + ": Listen " + printable(one->arguments.front()));
  }
  if (places.empty()) return {false, "no Listen line names port " + port};
  return {places.size() > 1, fmt::format("{}", fmt::join(places, "; "))};
}

Sighting loads_module(const Host& host, const std::string& module) {
  if (!host.has_config()) return {std::nullopt, "httpd's configuration could not be read"};
  for (const auto* one : host.config().all("loadmodule")) {
    const std::string& name = one->arguments.front();
    if (name == module + "_module" || name == module)
      return {true, fmt::format("{} loads {}", place_of(*one), printable(name))};
  }
  return {false, "no LoadModule line loads " + printable(module)};
}

Sighting unit_sets(const Host& host, const std::string& service, const std::vector<std::string>& settings) {
  const auto units = unit_files(host.tree(), service);
  if (units.empty()) return {std::nullopt, "there is no unit file of " + printable(service)};
  for (const auto& setting : settings) {
    const UnitAssignment* found = nullptr;
    std::string file;
    for (const auto& unit : units) {
      for (const auto& one : unit.assignments) {
        if (one.section != "Service" || one.key != setting) continue;
        found = &one;
        file = unit.path;
      }
    }
    const std::string value = found == nullptr ? "" : lower(found->value);
    constexpr std::array<std::string_view, 5> kOff = {"", "no", "false", "0", "off"};
    if (std::ranges::find(kOff, value) != kOff.end()) continue;
    return {true,
            fmt::format("{} line {} sets {}={}", printable(file), found->line, found->key, printable(found->value))};
  }
  return {false, fmt::format("the unit {} sets none of {}", printable(service), fmt::join(settings, ", "))};
}

Sighting is_expired(const Host& host, const std::string& certificate, std::int64_t now) {
  const auto text = text_of(host, certificate);
  if (const auto* sighting = std::get_if<Sighting>(&text)) return *sighting;
  const auto found = read_certificate(std::get<std::string>(text));
  if (!found) return {std::nullopt, printable(certificate) + " holds no certificate"};
  const bool early = now<found->begins, late = now> found->ends;
  return {early || late, fmt::format("the certificate in {} is valid from {} to {}{}", printable(certificate),
                                     day_of(found->begins), day_of(found->ends),
                                     late    ? ": expired"
                                     : early ? ": not yet"
                                             : "")};
}

Sighting is_mismatch(const Host& host, const std::string& certificate, const std::string& key) {
  const auto text = text_of(host, certificate);
  if (const auto* sighting = std::get_if<Sighting>(&text)) return *sighting;
  auto secret = text_of(host, key);
  if (const auto* sighting = std::get_if<Sighting>(&secret)) return *sighting;
  auto& bytes = std::get<std::string>(secret);
  const Pair pair = compare(std::get<std::string>(text), bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  const std::string cert = printable(certificate), name = printable(key);
  switch (pair) {
    case Pair::match: return {false, fmt::format("the key in {} belongs to the certificate in {}", name, cert)};
    case Pair::mismatch:
      return {true, fmt::format("the key in {} is not the one of the certificate in {}", name, cert)};
    case Pair::no_certificate: return {std::nullopt, cert + " holds no certificate"};
    case Pair::no_key: return {std::nullopt, name + " holds no private key"};
    case Pair::locked: return {std::nullopt, "the key in " + name + " is locked by a pass phrase"};
  }
  return {};
}

Sighting is_named(const Host& host, const std::string& certificate, const std::string& name) {
  const auto text = text_of(host, certificate);
  if (const auto* sighting = std::get_if<Sighting>(&text)) return *sighting;
  const auto found = read_certificate(std::get<std::string>(text));
  if (!found) return {std::nullopt, printable(certificate) + " holds no certificate"};
  return {is_for(*found, name),
          fmt::format("the certificate in {} is for {}", printable(certificate), fmt::join(found->names, ", "))};
}

}  // namespace ahdiag
