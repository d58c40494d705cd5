// What httpd's own configuration says, read with tolerance: which file and line gives what. It is no httpd: it follows
// includes, variables and the sections that switch lines off, and judges nothing.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "host/tree.h"
#include "text/problem.h"

namespace ahdiag {

struct HttpdDirective {
  std::string name;  // in lower case
  std::vector<std::string> arguments;
  std::string file;
  std::size_t line = 0;
  bool in_host = false;  // inside <VirtualHost>
};

struct HttpdConfig {
  std::vector<HttpdDirective>
      directives;  // those in effect, in the order of httpd; only the names that tell about the host
  std::string server_root;
  Problems unseen;  // files that could not be read

  // The last line of the main server with this name: it wins.
  [[nodiscard]] const HttpdDirective* last(std::string_view name) const;
  [[nodiscard]] std::vector<const HttpdDirective*> all(std::string_view name) const;
  // A path as httpd resolves it: relative ones lie under ServerRoot.
  [[nodiscard]] std::string path_of(std::string_view argument) const;
};

using Variables = std::map<std::string, std::string, std::less<>>;

// The variables that a shell file such as Debian's /etc/apache2/envvars exports: plain assignments only.
Variables read_envvars(std::string_view text);

// `server_root`: what is compiled in. `variables`: the environment of httpd.
HttpdConfig read_httpd_config(const Tree& tree, const std::string& file, const std::string& server_root,
                              const Variables& variables);

}  // namespace ahdiag
