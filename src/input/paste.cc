#include "input/paste.h"

#include <algorithm>
#include <array>

#include "input/framing.h"
#include "text/ascii.h"
#include "text/beginnings.h"

namespace ahdiag {
namespace {

constexpr char kEscape = '\x1b';

// What is replaced, and by what.
using Replacement = Beginning<std::string_view>;

constexpr Beginnings kEntities(std::to_array<Replacement>({{"&lt;", "<"},
                                                           {"&gt;", ">"},
                                                           {"&quot;", "\""},
                                                           {"&#34;", "\""},
                                                           {"&#39;", "'"},
                                                           {"&apos;", "'"},
                                                           {"&nbsp;", " "},
                                                           {"&amp;", "&"}}));  // last: "&amp;lt;" is the text "&lt;"

// Typography by word processors and input methods. httpd escapes every byte above ASCII, so none of them is its own.
constexpr Beginnings kSigns(std::to_array<Replacement>(
    {{"\xE2\x80\x98", "'"},  {"\xE2\x80\x99", "'"},  {"\xE2\x80\x9A", "'"},   {"\xE2\x80\x9C", "\""},
     {"\xE2\x80\x9D", "\""}, {"\xE2\x80\x9E", "\""}, {"\xE2\x80\xA6", "..."}, {"\xC2\xA0", " "},
     {"\xE3\x80\x80", " "},  {"\xEF\xBC\xBB", "["},  {"\xEF\xBC\xBD", "]"},   {"\xE3\x80\x90", "["},
     {"\xE3\x80\x91", "]"},  {"\xEF\xBC\x88", "("},  {"\xEF\xBC\x89", ")"},   {"\xEF\xBC\x9A", ":"},
     {"\xEF\xBC\x8C", ","},  {"\xEF\xBC\x8F", "/"},  {"\xEF\xBC\x8E", "."},   {"\xEF\xBC\x87", "'"},
     {"\xEF\xBC\x82", "\""}, {"\xEF\xBB\xBF", ""}}));

struct Marks {
  bool high = false, escape = false, entity = false, star = false;
};

// One pass without a branch per byte, so that the compiler makes it wide.
Marks marks_of(std::string_view line) {
  char high = 0, escape = 0, entity = 0, star = 0;
  for (const char c : line) {
    high = static_cast<char>(high | c);
    escape = static_cast<char>(escape | (c == kEscape ? 1 : 0));
    entity = static_cast<char>(entity | (c == '&' ? 1 : 0));
    star = static_cast<char>(star | (c == '*' ? 1 : 0));
  }
  return {(static_cast<unsigned char>(high) & 0x80U) != 0, escape != 0, entity != 0, star != 0};
}

// "\x1b[0;31m", "\x1b]8;;…\x07" and two-character sequences; how long the one at `text`'s front is.
std::size_t escape_length(std::string_view text) {
  if (text.size() < 2) return text.size();
  if (text[1] == '[') {
    std::size_t at = 2;
    while (at < text.size() && text[at] >= 0x20 && text[at] < 0x40) ++at;
    return at < text.size() ? at + 1 : at;
  }
  if (text[1] == ']') {
    const auto end = text.find_first_of("\x07\x1b", 2);
    if (end == std::string_view::npos) return text.size();
    return text[end] == '\x07' ? end + 1 : end + 2;
  }
  return 2;
}

// "[0;31m", where the escape byte itself was lost on the way.
std::size_t bare_colour_length(std::string_view text) {
  std::size_t at = 1;
  while (at < text.size() && at < 10 && (is_digit(text[at]) || text[at] == ';')) ++at;
  return at < text.size() && text[at] == 'm' ? at + 1 : 0;
}

void strip_colours(std::string& line, bool bare) {
  const std::string_view view = line;
  std::size_t to = 0;
  for (std::size_t at = 0; at < view.size();) {
    std::size_t skip = 0;
    if (view[at] == kEscape)
      skip = escape_length(view.substr(at));
    else if (bare && view[at] == '[')
      skip = bare_colour_length(view.substr(at));
    if (skip == 0) line[to++] = view[at++];
    at += skip;
  }
  line.resize(to);
}

bool holds_entity(std::string_view line) {
  for (auto at = line.find('&'); at != std::string_view::npos; at = line.find('&', at + 1)) {
    if (kEntities.find(line.substr(at)) != nullptr) return true;
  }
  return false;
}

// In place, in one pass: no replacement is longer than what it replaces.
template <std::size_t N>
void replace_all(std::string& line, const Beginnings<std::string_view, N>& table) {
  const std::string_view view = line;
  std::size_t to = 0;
  for (std::size_t at = 0; at < view.size();) {
    const auto* const row = table.find(view.substr(at));
    if (row == nullptr) {
      line[to++] = view[at++];
      continue;
    }
    line.replace(to, row->value.size(), row->value);
    to += row->value.size();
    at += row->text.size();
  }
  line.resize(to);
}

// Two stars, no more: "*** stack smashing detected ***" is glibc's.
std::size_t find_bold(std::string_view line, std::size_t from) {
  for (auto at = line.find("**", from); at != std::string_view::npos; at = line.find("**", at)) {
    std::size_t end = at;
    while (end < line.size() && line[end] == '*') ++end;
    if (end - at == 2) return at;
    at = end;
  }
  return std::string_view::npos;
}

bool has_bold(std::string_view line) {
  const auto open = find_bold(line, 0);
  return open != std::string_view::npos && find_bold(line, open + 2) != std::string_view::npos;
}

// Markdown's bold comes in pairs that hug what they mark.
void strip_bold(std::string& line) {
  constexpr int kMostPairs = 8;
  std::size_t from = 0;
  for (int pairs = 0; pairs < kMostPairs; ++pairs) {
    const auto open = find_bold(line, from);
    const auto close = open == std::string::npos ? open : find_bold(line, open + 2);
    if (close == std::string::npos) return;
    from = close;
    if (line[open + 2] == ' ' || line[close - 1] == ' ' || line[open + 2] == '/') continue;
    line.erase(close, 2);
    line.erase(open, 2);
    from = close - 2;
  }
}

// Fences, and a pair of backticks or quotation marks around the whole of what httpd says. An indented line in quotation
// marks is a list's of JSON, and not ours to unquote.
std::string_view strip_code_marks(std::string_view line) {
  std::string_view text = trim(line);
  if (text.empty() || (text.back() != '`' && text.back() != '"' && text.front() != '`')) return line;
  const bool fenced = text.starts_with("```") || text.ends_with("```");
  if (text.size() > 3 && text.starts_with("```")) text.remove_prefix(3);
  if (text.size() > 3 && text.ends_with("```")) text.remove_suffix(3);
  if (fenced) return text;
  const bool pair = text.size() > 2 && (text.front() == '`' || line.front() == '"') && text.back() == text.front();
  const bool code = pair && speaks(text.substr(1));
  return code ? text.substr(1, text.size() - 2) : line;
}

// cat -A and cat -v: "^M$", "^M", "^I".
std::string_view strip_visible_ends(std::string_view line) {
  const bool dollar = line.ends_with('$');
  const auto rest = line.substr(0, line.size() - (dollar ? 1 : 0));
  return rest.ends_with('M') && rest.ends_with("^M") ? rest.substr(0, rest.size() - 2) : line;
}

// Where a lost bracket may have been.
constexpr std::size_t kLongestHead = 40;

// "core:error] [pid 1] …", "error] …": the mouse began one character too late.
bool lost_bracket(std::string_view line) {
  const auto end = line.substr(0, kLongestHead).find(']');
  if (end == std::string_view::npos || line.front() == '[' ||
      line.substr(0, end).find_first_of(" [(\"") != std::string_view::npos)
    return false;
  const auto colon = line.substr(0, end).rfind(':');
  const auto level = line.substr(colon == std::string_view::npos ? 0 : colon + 1, end - (colon + 1));
  for (const std::string_view name : {"error", "warn", "notice", "emerg", "crit", "alert", "info", "debug"}) {
    if (level == name) return line.substr(end).starts_with("] ");
  }
  return false;
}

// "ent 203.0.113.9:4711] words": what a picture or a narrow copy left of "[client 203.0.113.9:4711]". The address, or
// nothing.
std::string_view lost_client(std::string_view line) {
  const auto end = line.substr(0, kLongestHead).find("] ");
  if (end == std::string_view::npos) return {};
  const auto head = line.substr(0, end);
  const auto blank = head.rfind(' ');
  const auto left = blank == std::string_view::npos ? head.substr(0, 0) : head.substr(0, blank);
  const auto address = head.substr(blank + 1);  // the whole head without a blank: npos + 1 is 0
  if (left.size() > 6 || !std::all_of(left.begin(), left.end(), is_alpha)) return {};
  const auto fits = [](char c) { return is_digit(c) || c == '.' || c == ':'; };
  const bool whole = std::count(address.begin(), address.end(), '.') == 3 &&
                     std::count(address.begin(), address.end(), ':') == 1 &&
                     std::all_of(address.begin(), address.end(), fits);
  return whole ? address : std::string_view();
}

}  // namespace

std::string_view mend(std::string_view line, std::string& scratch) {
  const Marks marks = marks_of(line);
  const bool bare_colour = !is_stamped(line) && contains(line, "[0m");
  // A client's words stay as they were: an entity there is what it sent.
  const bool stranger = (marks.entity || marks.star) && contains(line, "[client ");
  // "Invalid command '&lt;Directory'": there the configuration itself holds the entity, and that is what is wrong.
  const bool quoted = marks.entity && contains(line, "command '&");
  const bool entity = marks.entity && !stranger && !quoted && holds_entity(line);
  const bool bold = marks.star && !stranger && has_bold(line);
  if (marks.escape || bare_colour || entity || marks.high || bold) {
    scratch.assign(line);
    if (marks.escape || bare_colour) strip_colours(scratch, bare_colour);
    if (entity) replace_all(scratch, kEntities);
    if (marks.high) replace_all(scratch, kSigns);
    if (bold) strip_bold(scratch);
    line = scratch;
  }
  if (is_stamped(line)) return strip_visible_ends(line);
  line = strip_code_marks(strip_visible_ends(line));
  if (line.empty() || line.front() == '[' || !contains(line.substr(0, kLongestHead), "]")) return line;
  const auto address = lost_client(line);
  if (address.empty() && !lost_bracket(line)) return line;
  std::string whole = address.empty() ? "[" : "[client ";
  whole += address.empty() ? line : line.substr(static_cast<std::size_t>(address.data() - line.data()));
  scratch = std::move(whole);
  return scratch;
}

}  // namespace ahdiag
