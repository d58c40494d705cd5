#include "entry/config_error.h"

#include "text/ascii.h"

namespace ahdiag {
namespace {

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
  error.file = trim_left(after.substr(0, end));  // what was pasted may be indented where it was wrapped
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

bool is_absolute(std::string_view path) {
  if (path.starts_with('/')) return true;
  return path.size() > 2 && is_alpha(path[0]) && path[1] == ':' && (path[2] == '/' || path[2] == '\\');
}

// Told to one client at level alert: an absolute path in front of a colon. AccessFileName may rename .htaccess; without
// the client (a log made anonymous) or without all that stood before it (a reason quoted alone) only that name tells.
std::optional<ConfigError> open_htaccess(const Entry& entry) {
  if ((entry.header && entry.level != Level::alert) || !entry.code.empty() || !is_absolute(entry.message))
    return std::nullopt;
  const auto end = entry.message.find(": ");
  if (end == std::string_view::npos) return std::nullopt;
  const bool named = entry.message.substr(0, end).ends_with("/.htaccess");
  if (!named && (!entry.header || entry.speaker != Speaker::client)) return std::nullopt;
  ConfigError error{entry.message.substr(0, end), 0, entry.message.substr(end + 2), true};
  read_section_place(error);
  return error;
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

}  // namespace

std::optional<ConfigError> open_config_error(const Entry& entry) {
  const bool may = entry.code.empty() || entry.code == "AH00526";
  if (!may) return std::nullopt;
  if (auto htaccess = open_htaccess(entry)) return htaccess;
  if (entry.speaker != Speaker::server) return std::nullopt;
  if (auto chain = open_chain(entry.message)) return chain;
  return open_bare(entry);
}

}  // namespace ahdiag
