#include "entry/fields.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "text/ascii.h"
#include "text/bytes.h"

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

constexpr std::array<std::string_view, 8> kTraces = {"trace1", "trace2", "trace3", "trace4",
                                                     "trace5", "trace6", "trace7", "trace8"};

constexpr bool is_host_byte(char c) { return is_alnum(c) || c == '.' || c == '-' || c == '_' || c == ':'; }

// Ids under which httpd logs what a script wrote.
bool is_of_a_script(std::string_view code) { return is(code, "AH01071") || is(code, "AH01215"); }

// Some functions of httpd put the id of their own message behind that of another: "AH02997: AH02198: xlate filter",
// "AH02277: Proxy client certificate callback: (vhost) AH02278: …".
void set_second_code(Entry& entry) {
  if (entry.code.empty() || is_of_a_script(entry.code)) return;
  entry.second_code = code_at(entry.message);
  if (!entry.second_code.empty() || entry.speaker == Speaker::client) return;
  const auto at = find_inner_code(entry.message);
  if (at != std::string_view::npos) entry.second_code = code_at(entry.message.substr(at));
}

}  // namespace

bool set_level(Entry& entry, std::string_view name) {
  // Nine of ten entries.
  if (is(name, "error")) {
    entry.level = Level::error;
    return true;
  }
  if (const auto* const row = std::ranges::find(kLevels, name, &LevelName::name); row != kLevels.end()) {
    if (row->level == Level::trace) return false;
    entry.level = row->level;
    return true;
  }
  const auto* const trace = std::ranges::find(kTraces, name);
  if (trace == kTraces.end()) return false;
  entry.level = Level::trace;
  entry.trace = static_cast<std::uint8_t>(trace - kTraces.begin() + 1);
  return true;
}

bool is_module(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  static constexpr CharSet kOthers(":[]\"");
  const auto fits = [&](char c) { return static_cast<unsigned char>(c) > ' ' && !kOthers.has(c); };
  return text.size() <= kLongest && std::ranges::all_of(text, fits);
}

bool is_where(std::string_view text) {
  static constexpr std::array<std::string_view, 5> kEndings = {".c", ".cc", ".cpp", ".cxx", ".h"};
  const auto open = text.rfind('(');
  if (open == std::string_view::npos || !text.ends_with(')') || contains(text, " ")) return false;
  const auto file = text.substr(0, open);
  const auto line = text.substr(open + 1, text.size() - open - 2);
  return !line.empty() && std::ranges::all_of(line, is_digit) &&
         std::ranges::any_of(kEndings, [&](std::string_view ending) { return file.ends_with(ending); });
}

bool is_log_id(std::string_view text) {
  constexpr std::size_t kShortest = 11, kLongest = 64;
  const auto fits = [](char c) { return is_alnum(c) || c == '+' || c == '/' || c == '@' || c == '-' || c == '_'; };
  return text.size() >= kShortest && text.size() <= kLongest && std::ranges::all_of(text, fits);
}

bool is_host(std::string_view text) {
  constexpr std::size_t kLongest = 255 + 6;
  if (consume(text, "[")) {
    const auto end = text.find(']');
    if (end == std::string_view::npos || end == 0) return false;
    const auto port = text.substr(end + 1);
    return std::ranges::all_of(text.substr(0, end), is_host_byte) && std::ranges::all_of(port, is_host_byte);
  }
  return !text.empty() && text.size() <= kLongest && std::ranges::all_of(text, is_host_byte);
}

void set_message(Entry& entry, std::string_view words) {
  // "[AH00023: … ]": a page that puts each field into brackets.
  if (words.starts_with('[') && words.ends_with(']') && !code_at(words.substr(1)).empty())
    words = words.substr(1, words.size() - 2);
  if (const auto code = code_at(words); !code.empty()) {
    entry.code = code;
    words = trim_left(words.substr(code.size() + 1));
  }
  entry.message = trim_right(words);
  set_second_code(entry);
}

// From the end, by the rare byte that it begins with.
std::size_t find_referer(std::string_view text) {
  for (auto at = rfind_byte(text, kReferer.front()); at != std::string_view::npos;
       at = rfind_byte(text.substr(0, at), kReferer.front())) {
    if (text.size() - at >= kReferer.size() && std::memcmp(text.data() + at, kReferer.data(), kReferer.size()) == 0)
      return at;
  }
  return std::string_view::npos;
}

bool has_longest_size(std::string_view text) {
  // An escape is never cut in half, and Windows ends its lines with two bytes.
  constexpr std::size_t kLongest = 8190, kLongestEscape = 4;
  return text.size() >= kLongest - kLongestEscape && text.size() <= kLongest;
}

std::string_view code_at(std::string_view text) {
  constexpr std::size_t kPrefix = 2, kShortest = 5, kLongest = 6;
  if (!begins_with(text, "AH")) return {};
  std::size_t end = kPrefix;
  while (end < text.size() && is_digit(text[end])) ++end;
  const std::size_t digits = end - kPrefix;
  if (digits < kShortest || digits > kLongest || end >= text.size() || text[end] != ':') return {};
  return text.substr(0, end);
}

std::size_t find_inner_code(std::string_view text) {
  for (auto at = text.find('A'); at != std::string_view::npos; at = text.find('A', at + 1)) {
    if (at > 0 && text[at - 1] == ' ' && !code_at(text.substr(at)).empty()) return at;
  }
  return std::string_view::npos;
}

std::optional<Level> level_from(std::string_view name) {
  Entry entry;
  return set_level(entry, name) ? std::optional(entry.level) : std::nullopt;
}

std::string_view level_name(Level level) {
  const auto* const row = std::ranges::find(kLevels, level, &LevelName::level);
  return row == kLevels.end() ? std::string_view() : row->name;
}

std::string_view level_name(const Entry& entry) {
  const bool numbered = entry.level == Level::trace && entry.trace > 0;
  return numbered ? kTraces.at(entry.trace - 1U) : level_name(entry.level);
}

}  // namespace ahdiag
