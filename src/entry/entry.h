// One thing that httpd said, taken apart. Source of the grammar: httpd server/log.c (do_errorlog_default), 2.2 and 2.4.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "entry/errno.h"
#include "text/stamp.h"

namespace ahdiag {

enum class Level : std::uint8_t { none, emerg, alert, crit, error, warn, notice, info, debug, trace };

// Who speaks. Where a client or a backend is named, a stranger may have chosen the words.
enum class Speaker : std::uint8_t { server, client, remote };

// What a line tells of. "ErrorLogFormat request" and "… connection" write lines that only introduce others.
enum class About : std::uint8_t { message, request, connection };

struct Place {
  std::uint32_t source = 0;  // index of the source
  std::uint64_t line = 0;    // first line, from 1
};

// The inside of a configuration error: what follows "Syntax error on line N of F:" (the innermost of a chain) or
// "/path/.htaccess:".
struct ConfigError {
  std::string_view file;  // empty where the log does not say
  std::int64_t line = 0;  // 0 where the log does not say
  std::string_view body;
  bool in_htaccess = false;  // met by a request, not by the start
};

// How an entry came to us: what syslog or a container put around it, who speaks if it is not httpd, and how many lines
// it was wrapped to.
struct Carrier {
  std::string_view noise;    // "prompt", "php" of noise.h; empty where httpd speaks, or nobody knows who
  std::string_view frame;    // "syslog", "cri"; empty where there is none
  std::string_view host;     // of syslog
  std::string_view program;  // "httpd"
  std::size_t lines = 1;
};

// All views point into `text`, which lives as long as its reader says.
struct Entry {
  std::string_view text;  // the whole entry, joined to one line, as read
  Place place;
  std::optional<Stamp> time;
  Level level = Level::none;
  std::uint8_t trace = 0;  // 1 to 8 at Level::trace
  std::string_view module;
  std::optional<std::int64_t> pid;
  std::optional<std::int64_t> tid;
  std::string_view where;  // "mod_proxy.c(1467)"
  std::optional<Status> status;
  Speaker speaker = Speaker::server;
  std::string_view peer;         // "203.0.113.9:4711", of the speaker
  std::string_view remote;       // the other end of httpd's own connection, where a client is named too
  std::string_view code;         // "AH01762"
  std::string_view second_code;  // one more that httpd itself put into the same message
  std::string_view message;
  std::string_view referer;
  std::string_view request_id, connection_id;  // of %L
  std::string_view virtual_host;               // of %v and %V
  std::optional<ConfigError> config;
  About about = About::message;
  bool header = false;      // it has a time or a level: httpd's stamped form
  bool truncated = false;   // it is as long as httpd lets an entry become
  bool own_format = false;  // it was read by a format of --log-format
  bool told = false;        // parse_entry(text) tells all that it says but, perhaps, its time
  bool plain = false;       // so, with its time: one line as httpd writes it by default, whose text stays for a while
  Carrier carrier;
};

// Takes one joined entry apart. Never fails: what is not recognised is message.
Entry parse_entry(std::string_view text);

// Of httpd 2.2, or of a line like one of its: it tells neither module nor process.
inline bool is_old_form(const Entry& entry) { return entry.module.empty() && !entry.pid; }

// "AH01762" or "AH010033" at the front of `text` with its colon; empty if there is none.
std::string_view code_at(std::string_view text);

// Such an id as a number, to be compared at once; 0 for none. It has eight letters at most.
inline std::uint64_t letters_of(std::string_view code) {
  std::uint64_t letters = 0;
  if (!code.empty()) std::memcpy(&letters, code.data(), std::min(code.size(), sizeof letters));
  return letters;
}

// Offset of the first one behind a blank; npos if there is none.
std::size_t find_inner_code(std::string_view text);

// "error", "trace" whatever its number; of an entry with its number: "trace3".
std::string_view level_name(Level level);
std::string_view level_name(const Entry& entry);
// The level of a name, "error" or "trace3"; nothing for one that is none of httpd's.
std::optional<Level> level_from(std::string_view name);

}  // namespace ahdiag
