// Syslog in its two standards, and journalctl's short forms, which look like it.
#include <algorithm>
#include <array>

#include "input/peel.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

int month_of(std::string_view word) {
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (word == kMonths.at(i)) return static_cast<int>(i) + 1;
  }
  return 0;
}

// "Mar 13 07:02:11", also with the month of another language ("janv.", "Jän"): a word without digits.
std::optional<YearDay> consume_syslog_time(std::string_view& text) {
  std::string_view rest = text;
  const auto month = consume_word(rest);
  if (month.size() < 3 || month.size() > 8 || !consume_blanks(rest) || rest.empty() || !is_digit(rest.front()))
    return std::nullopt;
  if (month.find_first_of("0123456789[]():|=/") != std::string_view::npos) return std::nullopt;
  const auto day = consume_number(rest);
  if (!day || *day < 1 || *day > 31 || !consume_blanks(rest)) return std::nullopt;
  const auto micros = consume_time_of_day(rest);
  if (!micros) return std::nullopt;
  text = rest;
  return YearDay{month_of(month), static_cast<int>(*day), *micros};
}

// "Wed 2024-03-13 07:02:11 CET", as journalctl -o short-full and with-unit write it. The zone's name says nothing
// exact.
std::optional<Stamp> consume_full_time(std::string_view& text) {
  std::string_view rest = text;
  const auto day = consume_word(rest);
  if (day.size() < 2 || day.size() > 8 || !consume(rest, " ")) return std::nullopt;
  const auto time = consume_iso_time(rest);
  if (!time || !consume(rest, " ")) return std::nullopt;
  if (time->offset) {
    text = text.substr(text.size() - rest.size() - 1);
    return time;
  }
  const auto zone = consume_word(rest);
  if (zone.empty() || zone.size() > 6 || zone.find_first_of("[](){}:=") != std::string_view::npos) return std::nullopt;
  text = rest;
  return time;
}

// "1710312131.123456", of journalctl -o short-unix.
std::optional<Stamp> consume_unix_time(std::string_view& text) {
  std::string_view rest = text;
  const auto seconds = consume_number(rest);
  if (!seconds || *seconds < 100'000'000 || *seconds > 99'999'999'999 || !consume(rest, ".")) return std::nullopt;
  const auto before = rest.size();
  const auto micros = consume_number(rest);
  if (!micros || before - rest.size() != 6 || !rest.starts_with(' ')) return std::nullopt;
  text = rest;
  return Stamp{*seconds * 1'000'000 + *micros, 6, 0};
}

struct Tag {
  std::string_view host, program, unit;
  std::optional<std::int64_t> pid;
};

// "httpd[1234]:", "(httpd)[812]:", "httpd.service[1234]:" (with-unit), "app[web.1]:" (Heroku), "httpd:".
bool read_tag(Tag& tag, std::string_view word) {
  if (word.size() < 2 || word.back() != ':' || word.size() > kLongestName || word.front() == '[') return false;
  word.remove_suffix(1);
  auto name = word.substr(0, word.find('['));
  if (name.size() < word.size()) {
    if (word.back() != ']') return false;
    std::string_view inside = word.substr(name.size() + 1, word.size() - name.size() - 2);
    tag.pid = to_number(inside);
  }
  if (name.size() > 2 && name.front() == '(' && name.back() == ')') name = name.substr(1, name.size() - 2);
  if (name.empty() || name.find_first_of("([\"'=;,") != std::string_view::npos) return false;
  if (name.ends_with(".service")) {
    tag.unit = name;
    name.remove_suffix(8);
  }
  tag.program = name;
  return true;
}

bool is_level_word(std::string_view word) {
  constexpr std::array<std::string_view, 15> kLevels = {"INFO",  "WARN",   "CRIT",  "ERRO",    "DEBG",
                                                        "TRAC",  "BLAT",   "ERROR", "WARNING", "CRITICAL",
                                                        "DEBUG", "NOTICE", "info",  "error",   "warning"};
  return std::ranges::find(kLevels, word) != kLevels.end();
}

// An AH id in front is httpd's word, no program's name.
bool is_id(std::string_view word) {
  return word.size() >= 8 && word.starts_with("AH") && all_digits(word.substr(2, word.size() - 3));
}

// "host program[pid]: " after a time; the host may be missing.
std::optional<Tag> consume_host_and_tag(std::string_view& text, bool needs_pid) {
  std::string_view rest = text;
  if (!consume_blanks(rest)) return std::nullopt;
  Tag tag;
  const auto word = consume_word(rest);
  if (word.empty() || word.front() == '[' || is_level_word(word) || is_id(word)) return std::nullopt;
  const bool alone = word.back() == ':' && word.front() != '(';
  if (!alone) {
    if (word.front() == '(') return std::nullopt;
    tag.host = word;
    if (!consume_blanks(rest)) return std::nullopt;
  }
  if (!read_tag(tag, alone ? word : consume_word(rest))) return std::nullopt;
  if (needs_pid && !tag.pid && !contains(word, "[")) return std::nullopt;
  consume(rest, " ");
  text = rest;
  return tag;
}

void settle(Framed& framed, std::string_view rest, const Tag& tag) {
  framed.frame = Frame::syslog;
  framed.text = rest;
  framed.program = tag.program;
  if (!tag.host.empty()) framed.host = tag.host;
  if (!tag.unit.empty()) framed.unit = tag.unit;
  framed.pid = tag.pid;
}

// "[id name="value" …][…]", or "-". A quotation mark and a bracket inside a value are escaped.
bool consume_structured_data(std::string_view& text) {
  if (consume(text, "-")) return true;
  if (!text.starts_with('[')) return false;
  std::string_view rest = text;
  while (rest.starts_with('[')) {
    bool quoted = false;
    std::size_t at = 1;
    for (; at < rest.size() && (quoted || rest[at] != ']'); ++at) {
      if (rest[at] == '\\')
        ++at;
      else if (rest[at] == '"')
        quoted = !quoted;
    }
    if (at >= rest.size()) return false;
    rest.remove_prefix(at + 1);
  }
  text = rest;
  return true;
}

// A field of the header, "-" for none.
std::string_view consume_field(std::string_view& text) {
  const auto word = consume_word(text);
  consume(text, " ");
  return word == "-" ? std::string_view() : word;
}

}  // namespace

// RFC 5424: "<165>1 2024-03-13T07:02:11.003Z host httpd 1234 - [sd a="b"] text".
bool peel_rfc5424(Framed& framed) {
  std::string_view rest = framed.text;
  if (!consume(rest, "<") || !consume_number(rest) || !consume(rest, ">1 ")) return false;
  const auto time = consume_iso_time(rest);
  if (!time && !consume(rest, "-")) return false;
  if (!consume(rest, " ")) return false;
  Tag tag;
  tag.host = consume_field(rest);
  tag.program = consume_field(rest);
  tag.pid = to_number(consume_field(rest));
  consume_field(rest);
  if (!consume_structured_data(rest)) return false;
  consume(rest, " ");
  consume(rest, "\xEF\xBB\xBF");
  settle(framed, rest, tag);
  if (time) framed.time = time;
  return true;
}

bool peel_syslog(Framed& framed) {
  std::string_view rest = framed.text;
  if (consume(rest, "<")) {  // the priority of RFC 3164
    if (!consume_number(rest) || !consume(rest, ">")) return false;
  }
  const auto yearless = consume_syslog_time(rest);
  std::optional<Stamp> time;
  if (!yearless) time = consume_full_time(rest);
  if (!yearless && !time) time = consume_unix_time(rest);
  bool needs_pid = false;
  if (!yearless && !time) {
    time = consume_iso_time(rest);
    if (!time) return false;
    // A container's runtime writes UTC and no tag: "httpd: …" behind it is httpd's own word.
    needs_pid = time->offset == 0 && framed.text[framed.text.size() - rest.size() - 1] == 'Z';
  }
  const auto tag = consume_host_and_tag(rest, needs_pid);
  if (!tag) return false;
  settle(framed, rest, *tag);
  if (time) framed.time = time;
  if (yearless && yearless->month > 0) framed.yearless = yearless;
  return true;
}

// "[12345.678901] text" of dmesg, "[12345.678901] host program[1]: text" of journalctl -o short-monotonic.
bool peel_kernel(Framed& framed) {
  std::string_view rest = framed.text.substr(1);
  consume_blanks(rest);
  if (!consume_number(rest) || !consume(rest, ".") || !consume_number(rest) || !consume(rest, "]")) return false;
  if (const auto tag = consume_host_and_tag(rest, true)) {
    settle(framed, rest, *tag);
    return true;
  }
  if (!consume(rest, " ")) return false;
  settle(framed, rest, {{}, "kernel", {}, {}});
  return true;
}

}  // namespace ahdiag
