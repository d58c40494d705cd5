#include "diagnose/machine.h"

#include <algorithm>
#include <array>

#include "text/ascii.h"
#include "text/path.h"

namespace ahdiag {
namespace {

std::string fact_of(const Platform& platform, std::string_view name) {
  const auto found = platform.facts.find(name);
  return found == platform.facts.end() ? std::string() : found->second.value();
}

bool is_there(const Host& host, const std::string& path) {
  return !path.empty() && host.tree().look(path).end == PathLook::End::there;
}

// By the names of the distribution; an image with an httpd of its own is what that httpd is, whatever lies below it.
const Platform* platform_of(const Host& host, const Platforms& platforms, const Distribution& distribution) {
  const Platform* image = platforms.find("docker");
  const bool contained = is_there(host, "/.dockerenv") || is_there(host, "/run/.containerenv");
  if (image != nullptr && contained && is_there(host, fact_of(*image, "config_file"))) return image;
  for (const auto& id : distribution.ids) {
    for (const auto& one : platforms.list) {
      if (std::ranges::find(one.systems, id) != one.systems.end()) return &one;
    }
  }
  return nullptr;
}

class Gatherer {
 public:
  Gatherer(Host& host, const Platform& platform, Machine& machine)
      : host_(host), platform_(platform), machine_(machine) {}

  void gather() {
    const std::string file = fact_of(platform_, "config_file");
    if (!file.empty()) host_.read_configuration(file, fact_of(platform_, "server_root"), fact_of(platform_, "envvars"));
    for (const auto& problem : host_.config().unseen) machine_.unseen.push_back(to_line(problem));
    from_configuration();
    service();
    if (host_.is_this_machine()) from_kernel();
    runtime_directory();
  }

 private:
  void add(std::string name, std::string value, std::string source) {
    // An argument with a variable that nobody defined says nothing.
    if (!value.empty() && !contains(value, "${"))
      machine_.facts.push_back({std::move(name), std::move(value), std::move(source)});
  }

  static std::string place_of(const HttpdDirective& one) { return one.file + " line " + std::to_string(one.line); }

  void add_directive(std::string_view directive, const std::string& fact, bool path) {
    const HttpdDirective* one = host_.config().last(directive);
    if (one == nullptr) return;
    const std::string& value = one->arguments.front();
    const bool usable = !path || (value.find_first_of("|:") == std::string::npos && value != "syslog");
    if (usable) add(fact, path ? host_.config().path_of(value) : value, place_of(*one));
  }

  void from_configuration() {
    add_directive("serverroot", "server_root", true);
    add_directive("user", "user", false);
    add_directive("group", "group", false);
    add_directive("documentroot", "document_root", true);
    add_directive("errorlog", "error_log", true);
    add_directive("pidfile", "pid_file", true);
    add_directive("defaultruntimedir", "run_dir", true);
    const HttpdDirective* log = host_.config().last("errorlog");
    if (log != nullptr && !machine_.facts.empty() && log->arguments.front().find_first_of("|:") == std::string::npos)
      add("log_dir", std::string(directory_of(host_.config().path_of(log->arguments.front()))), place_of(*log));
    for (const auto& [directive, fact] :
         {std::pair("sslcertificatefile", "tls_cert"), std::pair("sslcertificatekeyfile", "tls_key")}) {
      const auto all = host_.config().all(directive);
      if (!all.empty()) add(fact, host_.config().path_of(all.front()->arguments.front()), place_of(*all.front()));
    }
  }

  // The platform's own name for the service, unless only another one is here.
  void service() {
    const std::string own = fact_of(platform_, "service");
    constexpr std::array<const char*, 3> kOthers = {"httpd", "apache2", "apache"};
    if (own.empty() || !unit_files(host_.tree(), own).empty()) return;
    for (const std::string other : kOthers) {
      const auto units = unit_files(host_.tree(), other);
      if (!units.empty()) return add("service", other, units.front().path);
    }
  }

  void from_kernel() {
    if (is_there(host_, "/run/systemd/system")) add("init", "systemd", "/run/systemd/system");
    const bool off = selinux_mode() == Selinux::off;
    add("selinux", off ? "no" : "yes", "/sys/fs/selinux");
  }

  // Owner and mode as the boot gives them, not as the package would.
  void runtime_directory() {
    std::string directory = fact_of(platform_, "run_dir");
    for (const auto& one : machine_.facts) {
      if (one.name == "run_dir") directory = one.value;
    }
    const auto entry = directory.empty() ? std::nullopt : made_at_boot(host_.tree(), directory);
    if (!entry) return;
    const std::string source = entry->file + " line " + std::to_string(entry->line);
    if (entry->user != "-") add("run_dir_owner", entry->user, source);
    if (entry->group != "-") add("run_dir_group", entry->group, source);
    if (entry->mode != "-") add("run_dir_mode", entry->mode, source);
  }

  Host& host_;
  const Platform& platform_;
  Machine& machine_;
};

}  // namespace

Machine look_at(Host& host, const Platforms& platforms, const std::string& asked, const std::string& shown_by_log) {
  Machine machine;
  machine.root = host.tree().root();
  const Distribution found = distribution(host.tree());
  machine.system = found.name;
  const Platform* own = platform_of(host, platforms, found);
  if (own != nullptr) {
    machine.platform = own->id;
    machine.evidence.push_back(found.name.empty() ? own->name : found.name);
  }
  const Platform* home = asked.empty() ? own : platforms.find(asked);
  if (home == nullptr) home = platforms.find(shown_by_log);
  if (home == nullptr) {
    machine.unseen.emplace_back("httpd's configuration: nothing tells the platform, so not where it is");
    return machine;
  }
  if (own != nullptr && !shown_by_log.empty() && shown_by_log != own->id && asked.empty()) {
    machine.unseen.push_back("the log looks like " + shown_by_log + ", this machine is " + own->id +
                             ": what was seen here may be another machine's");
  }
  machine.httpd_version = httpd_version(host.tree(), fact_of(*home, "binary"));
  Gatherer(host, *home, machine).gather();
  return machine;
}

}  // namespace ahdiag
