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
constexpr std::array<std::string_view, 22> kBeginnings = {
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
    "Starting ",
    "\xE2\x97\x8F ",  // the bullet of systemctl status
};

// "httpd: ", "apache2: ", "/usr/sbin/httpd: " in front of the words of main.c.
bool begins_with_program(std::string_view text) {
  constexpr std::size_t kLongestName = 64;
  constexpr std::array<std::string_view, 7> kWords = {kSyntaxError,     "Could not ",          "bad user name",
                                                      "bad group name", "Configuration error", "could not open",
                                                      "Cannot load "};
  const auto colon = text.substr(0, kLongestName).find(": ");
  if (colon == std::string_view::npos || colon == 0 || contains(text.substr(0, colon), " ")) return false;
  const auto after = text.substr(colon + 2);
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
  return parse_entry(text.substr(0, 160)).header || after.starts_with("pid ");
}

bool begins_with_status(std::string_view text) {
  if (!text.starts_with('(')) return false;
  return consume_status(text).has_value();
}

constexpr bool is_word_end(char c) { return c == ' ' || c == ':' || c == ']' || c == '\t' || c == '>'; }

}  // namespace

bool begins_entry(std::string_view text) {
  text = trim_left(text);
  if (text.empty()) return false;
  if (!code_at(text).empty() || begins_with_header(text) || begins_with_status(text)) return true;
  for (const auto beginning : kBeginnings) {
    if (text.starts_with(beginning)) return true;
  }
  return begins_with_program(text) || contains(text.substr(0, 200), ".service: ");
}

std::size_t find_entry(std::string_view text) {
  constexpr std::size_t kLongestLead = 300;
  // Behind a quotation mark a stranger speaks: the request, referer and agent of an access log.
  const auto head = text.substr(0, std::min(kLongestLead, text.find('"')));
  for (std::size_t at = 1; at < head.size(); ++at) {
    const auto rest = text.substr(at);
    std::string_view time = rest;
    // Raw output without a final newline glues the next stamp to its last word.
    if (consume(time, "[") && consume_ctime(time)) return at;
    if (!is_word_end(text[at - 1])) continue;
    if (!code_at(rest).empty() || rest.starts_with(kSyntaxError)) return at;
    if (rest.starts_with('(') && begins_with_status(rest)) return at;
    if (rest.starts_with("Cannot load ") || rest.starts_with("make_sock: ")) return at;
  }
  return std::string_view::npos;
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
  if (code_at(text).empty()) return std::string_view::npos;
  for (auto at = text.find(" AH"); at != std::string_view::npos; at = text.find(" AH", at + 1)) {
    if (!code_at(text.substr(at + 1)).empty()) return at + 1;
  }
  return std::string_view::npos;
}

bool awaits_message(std::string_view text) {
  text = trim_right(text);
  if (!text.ends_with(':') && !text.ends_with(']')) return false;
  const Entry entry = parse_entry(text);
  return (entry.header || entry.status || entry.pid) && entry.message.empty();
}

}  // namespace ahdiag
