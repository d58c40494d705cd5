#include "input/framing.h"

#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::size_t kLongestName = 64;

// The word at the front (no blanks), removed from `text`; empty if there is none.
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

bool consume_clock(std::string_view& text) {
  std::string_view rest = text;
  for (int i = 0; i < 3; ++i) {
    if (i > 0 && !consume(rest, ":")) return false;
    if (rest.size() < 2 || !is_digit(rest[0]) || !is_digit(rest[1])) return false;
    rest.remove_prefix(2);
  }
  if (consume(rest, ".")) consume_number(rest);
  text = rest;
  return true;
}

// "Mar 13 07:02:11", also with the month of another language ("janv.", "Jän"): a word without digits.
bool consume_syslog_time(std::string_view& text) {
  std::string_view rest = text;
  const auto month = consume_word(rest);
  if (month.size() < 3 || month.size() > 8 || month.find_first_of("0123456789[]():|=/") != std::string_view::npos) {
    return false;
  }
  if (!consume_blanks(rest)) return false;
  const auto day = consume_number(rest);
  if (!day || *day < 1 || *day > 31 || !consume_blanks(rest) || !consume_clock(rest)) return false;
  text = rest;
  return true;
}

struct HostAndProgram {
  std::string_view host, program;
};

// "host program[pid]: " after a time.
std::optional<HostAndProgram> consume_host_and_tag(std::string_view& text) {
  std::string_view rest = text;
  if (!consume_blanks(rest)) return std::nullopt;
  const auto host = consume_word(rest);
  if (host.empty() || host.front() == '[' || host.front() == '(' || !consume_blanks(rest)) return std::nullopt;
  const auto tag = consume_word(rest);
  if (tag.size() < 2 || tag.back() != ':' || tag.size() > kLongestName) return std::nullopt;
  if (tag.front() == '[' || tag.front() == '(') return std::nullopt;
  consume(rest, " ");
  text = rest;
  return HostAndProgram{host, tag.substr(0, tag.find_first_of("[:"))};
}

bool peel_syslog(Framed& framed) {
  std::string_view rest = framed.text;
  if (consume(rest, "<")) {  // the priority of RFC 3164
    if (!consume_number(rest) || !consume(rest, ">")) return false;
  }
  std::optional<Stamp> time;
  if (!consume_syslog_time(rest)) {
    time = consume_iso_time(rest);
    if (!time) return false;
  }
  const auto from = consume_host_and_tag(rest);
  if (!from) return false;
  framed = {Frame::syslog, rest, from->program, from->host, time};
  return true;
}

// CRI: "2024-03-13T07:02:11.000000001Z stderr F text"; docker logs -t: the same without stream and flag.
bool peel_cri(Framed& framed) {
  std::string_view rest = framed.text;
  const auto time = consume_iso_time(rest);
  if (!time || !consume(rest, " ")) return false;
  const bool stream = consume(rest, "stderr ") || consume(rest, "stdout ");
  if (stream && !consume(rest, "F ") && !consume(rest, "P ")) return false;
  if (!stream && !(time->offset && time->digits > 0 && framed.text.find('T') == 10)) return false;
  framed = {Frame::cri, rest, framed.program, framed.host, time};
  return true;
}

// "web_1  | text", also with the name lost.
bool peel_compose(Framed& framed) {
  const auto bar = framed.text.find("| ");
  if (bar == std::string_view::npos || bar > kLongestName) return false;
  const auto name = trim(framed.text.substr(0, bar));
  if (name.size() < bar && bar > 0 && framed.text[bar - 1] != ' ') return false;
  for (const char c : name) {
    if (!is_alnum(c) && c != '-' && c != '_' && c != '.') return false;
  }
  framed = {Frame::compose, framed.text.substr(bar + 2), framed.program, framed.host, framed.time};
  return true;
}

// "==> default: text" of vagrant, "> text" of a mail.
bool peel_prompt(Framed& framed) {
  std::string_view rest = framed.text;
  if (consume(rest, "==> ")) {
    const auto end = rest.find(": ");
    if (end == std::string_view::npos || end > kLongestName) return false;
    rest.remove_prefix(end + 2);
  } else if (!consume(rest, "> ")) {
    return false;
  }
  framed = {Frame::prompt, rest, framed.program, framed.host, framed.time};
  return true;
}

}  // namespace

Framed unframe(std::string_view line) {
  Framed framed;
  framed.text = line;
  for (int depth = 0; depth < 4; ++depth) {
    if (framed.text.empty() || framed.text.front() == '[') break;
    if (!peel_syslog(framed) && !peel_cri(framed) && !peel_compose(framed) && !peel_prompt(framed)) break;
  }
  return framed;
}

std::string_view frame_name(Frame frame) {
  switch (frame) {
    case Frame::none: return "none";
    case Frame::syslog: return "syslog";
    case Frame::journal: return "journal-short";
    case Frame::compose: return "compose";
    case Frame::cri: return "cri";
    case Frame::prompt: return "quoted";
  }
  return "none";
}

}  // namespace ahdiag
