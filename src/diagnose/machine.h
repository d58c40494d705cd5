// The machine as a whole, where --host may look: its platform and the facts that its own configuration states.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "host/host.h"
#include "rules/platform.h"

namespace ahdiag {

struct MachineFact {
  std::string name, value;
  std::string source;  // "/etc/apache2/envvars", "/etc/httpd/conf/httpd.conf line 34"
};

struct Machine {
  std::string root;           // "/" or the directory of --root
  std::string system;         // "Debian GNU/Linux 12 (bookworm)"; may be empty
  std::string httpd_version;  // "2.4.62"; may be empty
  std::string platform;       // empty: its distribution is none that is known
  std::vector<std::string> evidence;
  std::vector<MachineFact> facts;
  std::vector<std::string> unseen;  // what could not be looked at, and why
};

// `platform`: the one to take where the machine's own is not known, or that was asked for. Reads httpd's configuration
// into the host.
Machine look_at(Host& host, const Platforms& platforms, const std::string& asked, const std::string& shown_by_log);

}  // namespace ahdiag
