#include "entry/speech.h"

#include <algorithm>
#include <array>
#include <string>

#include "entry/entry.h"
#include "text/ascii.h"
#include "text/beginnings.h"
#include "text/bytes.h"
#include "text/stamp.h"

namespace ahdiag {
namespace {

constexpr std::string_view kSyntaxError = "Syntax error on line ";

// How messages without header and id begin (httpd main.c, config.c, listen.c; apachectl; systemd).
constexpr auto kBeginnings = beginnings(std::to_array<std::string_view>({
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
}));

bool is_path(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || c == '/' || c == '-' || c == '_' || c == '.' || c == '\\' || c == ':';
  });
}

constexpr auto kProgramWords =
    beginnings(std::to_array<std::string_view>({kSyntaxError, "Could not ", "bad user name", "bad group name",
                                                "Configuration error", "could not open", "Cannot load "}));

// "httpd: ", "apache2: ", "/usr/sbin/httpd: " in front of the words of main.c.
bool begins_with_program(std::string_view text) {
  constexpr std::size_t kLongestName = 64;
  const auto colon = text.substr(0, kLongestName).find(": ");
  if (colon == std::string_view::npos || colon == 0) return false;
  const auto after = text.substr(colon + 2);
  if (kProgramWords.find(after) == nullptr || !is_path(text.substr(0, colon))) return false;
  const auto name = text.substr(0, colon).substr(text.substr(0, colon).rfind('/') + 1);
  // "conf: Cannot load …" is the rest of a path that was wrapped.
  return !after.starts_with("Cannot load ") || name.starts_with("httpd") || name.starts_with("apache");
}

bool begins_with_header(std::string_view text) {
  std::string_view after = text;
  if (consume_ctime(after)) return after.starts_with(']');
  if (!consume(after, "[")) return false;
  std::string_view time = after;
  if (consume_ctime(time) || consume_iso_time(time)) return true;
  if (begins_with(after, "pid ") || begins_with(after, "client ") || begins_with(after, "remote ")) return true;
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
  return unit.ends_with(':') && (unit.ends_with(".service:") || unit.ends_with(".socket:"));
}

// What stands in front of httpd's words where they follow a script's, and how those begin.
// 0 or 1, in the one form of which GCC makes compares of many bytes at once.
constexpr char is_one(char c, char other) { return c == other ? 1 : 0; }
constexpr char is_word_end(char c) {
  return static_cast<char>(is_one(c, ' ') | is_one(c, ':') | is_one(c, ']') | is_one(c, '\t') | is_one(c, '>'));
}
constexpr char is_first(char c) {
  return static_cast<char>(is_one(c, 'A') | is_one(c, 'S') | is_one(c, '(') | is_one(c, 'C') | is_one(c, 'm'));
}

// What httpd may say behind a script's words.
bool begins_words(std::string_view text) {
  switch (text.front()) {
    case 'A': return !code_at(text).empty();
    case 'S': return begins_with(text, kSyntaxError);
    case '(': return begins_with_status(text);
    case 'C': return begins_with(text, "Cannot load ");
    case 'm': return begins_with(text, "make_sock: ");
    default: return false;
  }
}

// Where httpd's words may begin, from `at` on: the end of the text if nowhere. Blocks are looked at without a branch a
// byte, so that the compiler makes it wide.
std::size_t next_word(std::string_view text, std::size_t at) {
  constexpr std::size_t kBlock = 32;
  for (; at + kBlock <= text.size(); at += kBlock) {
    const char* const block = text.data() + at;
    const char* const before = block - 1;
    char any = 0;
    for (std::size_t i = 0; i < kBlock; ++i)
      any = static_cast<char>(any | (is_word_end(before[i]) & is_first(block[i])));
    if (any != 0) break;
  }
  while (at < text.size() && (is_first(text[at]) == 0 || is_word_end(text[at - 1]) == 0)) ++at;
  return at;
}

}  // namespace

bool begins_entry(std::string_view text) {
  text = trim_left(text);
  if (text.empty()) return false;
  if (!code_at(text).empty() || begins_with_header(text) || begins_with_status(text)) return true;
  // "Starting httpd: AH00526: …": the script begins the line, but the entry is httpd's.
  if (begins_with(text, "Starting ")) return find_entry(text) == std::string_view::npos;
  return kBeginnings.find(text) != nullptr || begins_with_program(text) || begins_with_unit(text);
}

std::size_t find_entry(std::string_view text) {
  constexpr std::size_t kLongestLead = 300;
  // Behind a quotation mark a stranger speaks: the request, referer and agent of an access log.
  const auto known = text.substr(0, text.find('"'));
  const auto head = known.substr(0, kLongestLead);
  const auto colon = rfind_byte(text, ':');  // no status is behind the last
  std::size_t found = std::string_view::npos;
  for (auto at = next_word(head, 1); at < head.size(); at = next_word(head, at + 1)) {
    const bool may = text[at] != '(' || (colon != std::string_view::npos && colon > at);
    if (!may || !begins_words(text.substr(at))) continue;
    found = at;
    break;
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
  const auto at = find_inner_code(text);
  return at == std::string_view::npos || contains(text.substr(0, at), "\"") ? std::string_view::npos : at;
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
