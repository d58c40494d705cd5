// Names with dots: which of them are hosts, and which are files, versions or packages.
#pragma once

#include <string_view>

namespace ahdiag {

// "www.example.com": dotted labels that end in a domain of the top that a file's name does not end in. A name with two
// dots may end in one that a file's name ends in, too: "www.example.pl", but not "env.pl".
bool is_host_name(std::string_view text);

// "php-fpm@7.4.service": has the form of a mail address, but is a unit of systemd.
bool is_systemd_unit(std::string_view text);

}  // namespace ahdiag
