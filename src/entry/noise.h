// What stands between httpd's words: other programs, terminals, scripts, people. Named, so that what is left is
// unknown.
#pragma once

#include <cstdint>
#include <string_view>

namespace ahdiag {

enum class Noise : std::uint8_t {
  none,
  mark,        // fences, dashes, ellipses
  pager,       // what less, more and journalctl write into the page
  prompt,      // a shell's prompt, with or without a command
  script,      // init scripts, control scripts, installers
  service,     // systemctl status, journalctl -x
  source,      // the name of the file that follows
  access,      // an access log's line
  object,      // another program's JSON
  php,         // PHP outside httpd's records, FPM's own log
  module,      // logs of modules: mod_jk, suexec, ModSecurity's audit log, Passenger
  output,      // a request's program speaks: CGI, FastCGI, applications
  trace,       // a stack trace
  linker,      // the dynamic linker
  runtime,     // libc, sanitizers, libraries
  audit,       // SELinux and the audit daemon
  kernel,      // out of memory, crashes
  supervisor,  // supervisord, container runtimes
  program,     // "name: words" of some other program
  bare,        // httpd's words without their header
  kNoises
};

// Of a line without frame and indentation that begins no entry of httpd's.
Noise noise_of(std::string_view text);

std::string_view noise_name(Noise noise);

// The words may be a visitor's: they are no server's word, and nothing is searched in them.
bool is_strangers(Noise noise);

// A line that ends what stood before it; the weak ones may as well be its wrapped rest.
bool ends_entry(Noise noise);

// A stamped line of mod_jk's own log: "[Wed Mar 13 07:02:11.123 2024] [812:140] [error] …", older ones without blanks.
bool is_jk(std::string_view text);

// Message texts that httpd and its modules write without an id (httpd 2.2, and 2.4's own exceptions).
bool begins_bare(std::string_view text);

}  // namespace ahdiag
