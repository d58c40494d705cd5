#include "entry/entry.h"

#include <array>

#include "text/ascii.h"

namespace ahdiag {
namespace {

struct LevelName {
  std::string_view name;
  Level level;
};

constexpr std::array<LevelName, 9> kLevels = {{{"emerg", Level::emerg},
                                               {"alert", Level::alert},
                                               {"crit", Level::crit},
                                               {"error", Level::error},
                                               {"warn", Level::warn},
                                               {"notice", Level::notice},
                                               {"info", Level::info},
                                               {"debug", Level::debug},
                                               {"trace", Level::trace}}};

Level level_of(std::string_view name) {
  if (name.size() == 6 && name.starts_with("trace") && name[5] >= '1' && name[5] <= '8') return Level::trace;
  for (const auto& row : kLevels) {
    if (row.name == name) return row.level;
  }
  return Level::none;
}

constexpr bool is_module_byte(char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.'; }

// "core:error", ":emerg" (no module), "error" (2.2).
bool read_level(Entry& entry, std::string_view inside) {
  if (entry.level != Level::none) return false;
  const auto colon = inside.rfind(':');
  const auto level = level_of(colon == std::string_view::npos ? inside : inside.substr(colon + 1));
  if (level == Level::none) return false;
  const auto module = colon == std::string_view::npos ? std::string_view() : inside.substr(0, colon);
  for (const char c : module) {
    if (!is_module_byte(c)) return false;
  }
  entry.level = level;
  entry.module = module;
  return true;
}

// "pid 11716", "pid 11716:tid 139836926555164".
bool read_ids(Entry& entry, std::string_view inside) {
  if (entry.pid || !consume(inside, "pid ")) return false;
  entry.pid = consume_number(inside);
  if (consume(inside, ":tid ")) entry.tid = consume_number(inside);
  return true;  // also "[pid ***]", as people make logs anonymous
}

bool read_peer(Entry& entry, std::string_view inside) {
  if (entry.speaker != Speaker::server) return false;
  const bool client = consume(inside, "client ");
  if (!client && !consume(inside, "remote ")) return false;
  entry.speaker = client ? Speaker::client : Speaker::remote;
  entry.peer = inside;
  return true;
}

bool read_time(Entry& entry, std::string_view inside) {
  if (entry.time || entry.level != Level::none) return false;
  auto time = consume_ctime(inside);
  if (!time) time = consume_iso_time(inside);
  if (!time || !inside.empty()) return false;
  entry.time = time;
  return true;
}

// "[util_mutex.c(394):]", as ErrorLogFormat "[%F]" writes it.
bool read_where_bracket(Entry& entry, std::string_view inside) {
  const auto open = inside.find(".c(");
  if (!entry.where.empty() || open == std::string_view::npos) return false;
  if (inside.ends_with(':')) inside.remove_suffix(1);
  if (!inside.ends_with(')') || contains(inside, " ")) return false;
  entry.where = inside;
  return true;
}

// One "[…] " of the header. What stands in brackets but is none of its fields begins the message.
bool read_bracket(Entry& entry, std::string_view& rest) {
  if (!rest.starts_with('[')) return false;
  const auto end = rest.find(']');
  if (end == std::string_view::npos) return false;
  const auto inside = rest.substr(1, end - 1);
  const bool known = read_time(entry, inside) || read_level(entry, inside) || read_ids(entry, inside) ||
                     read_peer(entry, inside) || read_where_bracket(entry, inside);
  if (!known) return false;
  rest = trim_left(rest.substr(end + 1));
  return true;
}

// A header that lost its first bracket to the mouse: "Fri Aug 01 13:32:32.570047 2025] [ssl:error] …".
void read_bare_time(Entry& entry, std::string_view& rest) {
  std::string_view after = rest;
  const auto time = consume_ctime(after);
  if (!time || !consume(after, "]")) return;
  entry.time = time;
  rest = trim_left(after);
}

// "mod_proxy.c(1467): ", at level debug and finer.
bool read_where(Entry& entry, std::string_view& rest) {
  constexpr std::size_t kLongestName = 80;
  if (!entry.where.empty()) return false;
  const auto open = rest.substr(0, kLongestName).find('(');
  if (open == std::string_view::npos) return false;
  const auto file = rest.substr(0, open);
  if (contains(file, " ") || (!file.ends_with(".c") && !file.ends_with(".cpp"))) return false;
  std::string_view after = rest.substr(open + 1);
  if (!consume_number(after) || !consume(after, "): ")) return false;
  entry.where = rest.substr(0, rest.size() - after.size() - 2);
  rest = after;
  return true;
}

bool read_status(Entry& entry, std::string_view& rest) {
  if (entry.status || !rest.starts_with('(')) return false;
  entry.status = consume_status(rest);
  return entry.status.has_value();
}

void read_message(Entry& entry, std::string_view rest) {
  // "[AH00023: … ]": a page that puts each field into brackets.
  if (rest.starts_with('[') && rest.ends_with(']') && !code_at(rest.substr(1)).empty())
    rest = rest.substr(1, rest.size() - 2);
  if (const auto code = code_at(rest); !code.empty()) {
    entry.code = code;
    rest = trim_left(rest.substr(code.size() + 1));
  }
  if (entry.speaker == Speaker::client) {
    if (const auto at = rest.rfind(", referer: "); at != std::string_view::npos) {
      entry.referer = rest.substr(at + 11);
      rest = rest.substr(0, at);
    }
  }
  entry.message = trim_right(rest);
}

// ---- configuration errors

constexpr std::string_view kSyntaxError = "Syntax error on line ";
constexpr std::size_t kLongestLead = 120;  // "Starting httpd: ", "/usr/local/sbin/httpd: "

// "12 of /etc/httpd/conf/httpd.conf: rest".
bool read_syntax_error(ConfigError& error, std::string_view& rest) {
  std::string_view after = rest;
  if (!consume(after, kSyntaxError)) return false;
  const auto line = consume_number(after);
  if (!line || !consume(after, " of ")) return false;
  auto end = after.find(": ");
  if (end == std::string_view::npos) end = after.ends_with(':') ? after.size() - 1 : after.size();
  error.file = after.substr(0, end);
  error.line = *line;
  rest = trim_left(after.substr(end == after.size() ? end : end + 1));
  return true;
}

// "/etc/x.conf:12: <VirtualHost> was not closed."
void read_section_place(ConfigError& error) {
  if (!error.body.ends_with("was not closed.")) return;
  const auto end = error.body.find(": ");
  const auto colon = error.body.rfind(':', end == std::string_view::npos ? end : end - 1);
  if (end == std::string_view::npos || colon == std::string_view::npos) return;
  const auto line = to_number(error.body.substr(colon + 1, end - colon - 1));
  if (!line) return;
  error.file = error.body.substr(0, colon);
  error.line = *line;
  error.body = error.body.substr(end + 2);
}

std::optional<ConfigError> open_chain(std::string_view message) {
  const auto at = message.substr(0, kLongestLead + kSyntaxError.size()).find(kSyntaxError);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view rest = message.substr(at);
  ConfigError error;
  if (!read_syntax_error(error, rest)) return std::nullopt;
  while (read_syntax_error(error, rest)) {
  }
  error.body = rest;
  read_section_place(error);
  return error;
}

// Told to one client at level alert: an absolute path in front of a colon. AccessFileName may rename .htaccess; without
// the client (a log made anonymous) only that name tells.
std::optional<ConfigError> open_htaccess(const Entry& entry) {
  if (entry.level != Level::alert || !entry.code.empty() || !entry.message.starts_with('/')) return std::nullopt;
  const auto end = entry.message.find(": ");
  if (end == std::string_view::npos) return std::nullopt;
  if (entry.speaker != Speaker::client && !entry.message.substr(0, end).ends_with("/.htaccess")) return std::nullopt;
  return ConfigError{entry.message.substr(0, end), 0, entry.message.substr(end + 2), true};
}

// A chain whose beginning was not pasted, and what httpd says where no file was read yet.
std::optional<ConfigError> open_bare(const Entry& entry) {
  if (!entry.code.empty() || entry.header || entry.speaker != Speaker::server) return std::nullopt;
  std::string_view body = entry.message;
  const auto colon = body.substr(0, 40).find(": ");
  if (colon != std::string_view::npos && !contains(body.substr(0, colon), " ")) body = body.substr(colon + 2);
  if (body.starts_with("Cannot load ") || body.starts_with("Could not open configuration file ") ||
      body.starts_with("Invalid command ")) {
    return ConfigError{{}, 0, body, false};
  }
  return std::nullopt;
}

std::optional<ConfigError> open_config_error(const Entry& entry) {
  const bool may = entry.code.empty() || entry.code == "AH00526";
  if (!may) return std::nullopt;
  if (auto htaccess = open_htaccess(entry)) return htaccess;
  if (entry.speaker != Speaker::server) return std::nullopt;
  if (auto chain = open_chain(entry.message)) return chain;
  return open_bare(entry);
}

}  // namespace

std::string_view code_at(std::string_view text) {
  constexpr std::size_t kPrefix = 2, kShortest = 5, kLongest = 6;
  if (!text.starts_with("AH")) return {};
  std::size_t end = kPrefix;
  while (end < text.size() && is_digit(text[end])) ++end;
  const std::size_t digits = end - kPrefix;
  if (digits < kShortest || digits > kLongest || end >= text.size() || text[end] != ':') return {};
  return text.substr(0, end);
}

Entry parse_entry(std::string_view text) {
  Entry entry;
  entry.text = trim(text);
  std::string_view rest = entry.text;
  read_bare_time(entry, rest);
  while (read_bracket(entry, rest)) {
  }
  entry.header = entry.time || entry.level != Level::none;
  // 2.4 writes where, status, peer; 2.2 writes peer, status.
  while (read_where(entry, rest) || read_status(entry, rest) || read_bracket(entry, rest)) {
  }
  read_message(entry, rest);
  entry.config = open_config_error(entry);
  if (entry.config && !entry.status) entry.status = status_at_end(entry.config->body);
  return entry;
}

std::string_view level_name(Level level) {
  if (level == Level::none) return {};
  for (const auto& row : kLevels) {
    if (row.level == level) return row.name;
  }
  return {};
}

}  // namespace ahdiag
