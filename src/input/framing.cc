#include "input/framing.h"

#include <algorithm>
#include <array>

#include "input/peel.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr int kDeepest = 6;  // frames around frames

bool is_code(std::string_view text) {
  if (!consume(text, "AH")) return false;
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  return digits >= 5 && digits <= 6 && digits < text.size() && text[digits] == ':';
}

// "[core:error] ", "[error] ", "[pid 1:tid 2] ".
bool is_level(std::string_view text) {
  constexpr std::size_t kLongestLevel = 40;
  if (!consume(text, "[")) return false;
  if (text.starts_with("pid ")) return true;
  const auto inside = text.substr(0, text.substr(0, kLongestLevel).find("] "));
  const auto level = inside.substr(inside.rfind(':') + 1);
  constexpr std::array<std::string_view, 8> kLevels = {"error", "warn",  "notice", "emerg",
                                                       "crit",  "alert", "info",   "debug"};
  return std::ranges::find(kLevels, level) != kLevels.end();
}

bool is_status(std::string_view text) {
  if (!consume(text, "(")) return false;
  if (!consume(text, "EAI ")) consume(text, "OS ");
  return consume_number(text) && text.starts_with(')');
}

// The event's text has places for more words than httpd gives: "…     .", in an export with a quotation mark.
std::string_view strip_event_end(std::string_view text) {
  std::string_view rest = text;
  if (rest.ends_with('"')) rest.remove_suffix(1);
  if (!rest.ends_with("  .")) return text;
  rest.remove_suffix(1);
  return trim_right(rest);
}

// "==> default: text" of vagrant, "> text" of a mail.
bool peel_prompt(Framed& framed) {
  std::string_view rest = framed.text;
  Frame frame = Frame::prompt;
  if (consume(rest, "==> ")) {
    const auto end = rest.find(": ");
    if (end == std::string_view::npos || end > kLongestName) return false;
    framed.host = rest.substr(0, end);
    rest.remove_prefix(end + 2);
  } else if (consume(rest, ">>> ")) {
    frame = Frame::event;
    rest = strip_event_end(rest);
  } else if (!consume(rest, "> ")) {
    return false;
  }
  framed.frame = frame;
  framed.text = rest;
  return true;
}

// "12: ", "12-", "   12<TAB>".
bool consume_line_number(std::string_view& text) {
  std::string_view rest = text;
  if (!consume_number(rest)) return false;
  if (!consume(rest, ":") && !consume(rest, "-") && !consume(rest, "\t") && !consume(rest, " ")) return false;
  text = rest;
  return true;
}

// "error.log:" of grep: what it names has no blank and, to be told from a program's name, a dot or a slash.
bool consume_file(std::string_view& text, std::string_view& file) {
  constexpr std::size_t kLongestFile = 200;
  const auto colon = text.substr(0, kLongestFile).find(':');
  const auto name = text.substr(0, colon == std::string_view::npos ? 0 : colon);
  static constexpr CharSet kOfNames("./"), kOfOthers(" \t\"'([");
  if (std::ranges::none_of(name, [](char c) { return kOfNames.has(c); })) return false;
  if (std::ranges::any_of(name, [](char c) { return kOfOthers.has(c); })) return false;
  file = name;
  text.remove_prefix(colon + 1);
  return true;
}

bool peel(Framed& framed) {
  const char first = framed.text.front();
  if (first == '[') return peel_pod(framed) || peel_kernel(framed) || peel_jenkins(framed);
  const bool digit = is_digit(first);
  return (first == '<' && peel_rfc5424(framed)) || peel_syslog(framed) || (digit && peel_cri(framed)) ||
         ((digit || first == '@') && peel_clock(framed)) || peel_ci(framed) || peel_compose(framed) ||
         ((first == '=' || first == '>') && peel_prompt(framed));
}

}  // namespace

std::string_view consume_word(std::string_view& text) {
  const auto word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

bool consume_blanks(std::string_view& text) {
  const auto before = text.size();
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text.size() < before;
}

std::optional<std::int64_t> consume_time_of_day(std::string_view& text) {
  std::string_view rest = text;
  std::int64_t seconds = 0;
  for (int i = 0; i < 3; ++i) {
    if (i > 0 && !consume(rest, ":")) return std::nullopt;
    if (rest.size() < 2 || !is_digit(rest[0]) || !is_digit(rest[1])) return std::nullopt;
    seconds = seconds * 60 + (rest[0] - '0') * 10 + (rest[1] - '0');
    rest.remove_prefix(2);
  }
  std::int64_t micros = seconds * 1'000'000;
  if (rest.size() > 1 && rest[0] == '.' && is_digit(rest[1])) {
    rest.remove_prefix(1);
    for (std::int64_t unit = 100'000; !rest.empty() && is_digit(rest.front()); rest.remove_prefix(1), unit /= 10)
      micros += (rest.front() - '0') * unit;
  }
  text = rest;
  return micros;
}

bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

bool is_name(std::string_view text) {
  const auto fits = [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '@'; };
  return std::all_of(text.begin(), text.end(), fits);
}

bool is_stamped(std::string_view text) {
  return text.size() > 24 && text[0] == '[' && is_upper(text[1]) && is_lower(text[2]) && text[4] == ' ' &&
         is_upper(text[5]) && text[8] == ' ' && text[11] == ' ' && text[14] == ':' && text[17] == ':';
}

bool speaks(std::string_view text) { return is_stamped(text) || is_code(text) || is_level(text) || is_status(text); }

bool peel_number(Framed& framed, std::string_view& file) {
  std::string_view rest = trim_left(framed.text);
  if (!consume_line_number(rest)) {
    if (!consume_file(rest, file)) return false;
    consume_line_number(rest);
  }
  if (!speaks(trim_left(rest))) return false;
  framed.frame = Frame::numbered;
  framed.text = trim_left(rest);
  return true;
}

Framed unframe(std::string_view line) {
  Framed framed;
  framed.text = line;
  for (int depth = 0; depth < kDeepest; ++depth) {
    if (framed.text.empty() || is_stamped(framed.text) || !peel(framed)) break;
  }
  framed.lead = line.substr(0, static_cast<std::size_t>(framed.text.data() - line.data()));
  return framed;
}

std::string_view frame_name(Frame frame) {
  switch (frame) {
    case Frame::none:
    case Frame::kFrames: break;
    case Frame::syslog: return "syslog";
    case Frame::journal: return "journal";
    case Frame::compose: return "compose";
    case Frame::cri: return "cri";
    case Frame::docker: return "docker-json";
    case Frame::kubernetes: return "kubernetes";
    case Frame::supervisor: return "supervisor";
    case Frame::ci: return "ci";
    case Frame::prompt: return "quoted";
    case Frame::numbered: return "numbered";
    case Frame::event: return "event-log";
    case Frame::result: return "provisioner";
  }
  return "none";
}

}  // namespace ahdiag
