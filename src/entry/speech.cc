#include "entry/speech.h"

#include <algorithm>
#include <array>
#include <string>

#include "entry/entry.h"
#include "text/ascii.h"
#include "text/stamp.h"

namespace ahdiag {
namespace {

constexpr std::string_view kSyntaxError = "Syntax error on line ";

// How messages without header and id begin (httpd main.c, config.c, listen.c; apachectl; systemd).
constexpr std::array<std::string_view, 21> kBeginnings = {
    kSyntaxError,
    "no listening sockets available",
    "Unable to open logs",
    "Configuration Failed",
    "Pre-configuration failed",
    "Cannot load ",
    "Could not open configuration file ",
    "make_sock: ",
    "Action '",
    "The Apache error log may have",
    "httpd (pid",
    "httpd (no pid",
    "httpd not running",
    "Loaded: ",
    "Active: ",
    "Main PID: ",
    "Process: ",
    "Docs: ",
    "Failed to start ",
    "Job for ",
    "\xE2\x97\x8F ",  // the bullet of systemctl status
};

bool is_path(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || c == '/' || c == '-' || c == '_' || c == '.' || c == '\\' || c == ':';
  });
}

// "httpd: ", "apache2: ", "/usr/sbin/httpd: " in front of the words of main.c.
bool begins_with_program(std::string_view text) {
  constexpr std::size_t kLongestName = 64;
  constexpr std::array<std::string_view, 7> kWords = {kSyntaxError,     "Could not ",          "bad user name",
                                                      "bad group name", "Configuration error", "could not open",
                                                      "Cannot load "};
  const auto colon = text.substr(0, kLongestName).find(": ");
  if (colon == std::string_view::npos || colon == 0 || !is_path(text.substr(0, colon))) return false;
  const auto after = text.substr(colon + 2);
  const auto name = text.substr(0, colon).substr(text.substr(0, colon).rfind('/') + 1);
  // "conf: Cannot load …" is the rest of a path that was wrapped.
  if (after.starts_with("Cannot load ") && !name.starts_with("httpd") && !name.starts_with("apache")) return false;
  for (const auto word : kWords) {
    if (after.starts_with(word)) return true;
  }
  return false;
}

bool begins_with_header(std::string_view text) {
  std::string_view after = text;
  if (consume_ctime(after)) return after.starts_with("]");
  if (!consume(after, "[")) return false;
  std::string_view time = after;
  if (consume_ctime(time) || consume_iso_time(time)) return true;
  for (const std::string_view field : {"pid ", "client ", "remote "}) {
    if (after.starts_with(field)) return true;
  }
  const auto end = after.find(']');
  if (end == std::string_view::npos || (end + 1 < after.size() && after[end + 1] != ' ')) return false;
  return parse_entry(text.substr(0, 160)).header;
}

bool begins_with_status(std::string_view text) {
  if (!text.starts_with('(')) return false;
  return consume_status(text).has_value();
}

// "httpd.service: Main process exited, …", also behind the words of an older systemd: "Unit httpd.service: …".
bool begins_with_unit(std::string_view text) {
  consume(text, "Unit ");
  const auto unit = text.substr(0, text.find(' '));
  return unit.ends_with(".service:") || unit.ends_with(".socket:");
}

constexpr bool is_word_end(char c) { return c == ' ' || c == ':' || c == ']' || c == '\t' || c == '>'; }

// What httpd may say behind a script's words.
bool begins_words(std::string_view text) {
  switch (text.front()) {
    case 'A': return !code_at(text).empty();
    case 'S': return text.starts_with(kSyntaxError);
    case '(': return begins_with_status(text);
    case 'C': return text.starts_with("Cannot load ");
    case 'm': return text.starts_with("make_sock: ");
    default: return false;
  }
}

}  // namespace

bool begins_entry(std::string_view text) {
  text = trim_left(text);
  if (text.empty()) return false;
  if (!code_at(text).empty() || begins_with_header(text) || begins_with_status(text)) return true;
  // "Starting httpd: AH00526: …": the script begins the line, but the entry is httpd's.
  if (text.starts_with("Starting ")) return find_entry(text) == std::string_view::npos;
  for (const auto beginning : kBeginnings) {
    if (text.starts_with(beginning)) return true;
  }
  return begins_with_program(text) || begins_with_unit(text);
}

std::size_t find_entry(std::string_view text) {
  constexpr std::size_t kLongestLead = 300;
  // Behind a quotation mark a stranger speaks: the request, referer and agent of an access log.
  const auto known = text.substr(0, text.find('"'));
  const auto head = known.substr(0, kLongestLead);
  std::size_t found = std::string_view::npos;
  for (std::size_t at = 1; at < head.size() && found == std::string_view::npos; ++at) {
    if (is_word_end(text[at - 1]) && begins_words(text.substr(at))) found = at;
  }
  // Raw output without a final newline glues the next stamp to its last word, however long it is.
  for (auto at = known.find('['); at < found; at = known.find('[', at + 1)) {
    std::string_view time = text.substr(at + 1);
    if (at > 0 && consume_ctime(time)) return at;
  }
  return found;
}

bool awaits_reason(std::string_view text) {
  text = trim_right(text);
  return text.ends_with(':') && contains(text, kSyntaxError);
}

bool awaits_file(std::string_view text) {
  const auto at = text.rfind(kSyntaxError);
  return at != std::string_view::npos && trim_right(text).ends_with(" of") && text.size() - at < 40;
}

std::size_t find_second_entry(std::string_view text) {
  // Only where httpd chose every word before it: the rest of a line may be a script's or a visitor's.
  const auto code = code_at(text);
  if (code != "AH00557" && code != "AH00558" && code != "AH00112" && code != "AH00548") return std::string_view::npos;
  const auto head = text.substr(0, text.find('"'));
  for (auto at = head.find(" AH"); at != std::string_view::npos; at = head.find(" AH", at + 1)) {
    if (!code_at(text.substr(at + 1)).empty()) return at + 1;
  }
  return std::string_view::npos;
}

Awaits awaits(std::string_view text) {
  text = trim_right(text);
  if (text.empty()) return Awaits::nothing;
  const char last = text.back();  // every entry comes here: look at one byte first
  if (last == ':' && awaits_reason(text)) return Awaits::reason;
  if (last == 'f' && awaits_file(text)) return Awaits::file;
  if ((last == ':' || last == ']') && awaits_message(text)) return Awaits::message;
  return Awaits::nothing;
}

bool awaits_message(std::string_view text) {
  text = trim_right(text);
  if (!text.ends_with(':') && !text.ends_with(']')) return false;
  if (!code_at(text.substr(text.rfind(' ') + 1)).empty()) return true;
  const Entry entry = parse_entry(text);
  return (entry.header || entry.status || entry.pid) && entry.message.empty();
}

}  // namespace ahdiag
