// What container runtimes, supervisors and build servers put in front of a line.
#include "input/peel.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

void settle(Framed& framed, Frame frame, std::string_view rest) {
  framed.frame = frame;
  framed.text = rest;
}

// GitLab's time is followed by the stream: "00O " (stdout), "01E " (stderr); a "+" in place of the blank goes on.
bool consume_gitlab_stream(std::string_view& text) {
  const bool stream = text.size() >= 4 && is_digit(text[0]) && is_alnum(text[1]) &&
                      (text[2] == 'O' || text[2] == 'E') && (text[3] == ' ' || text[3] == '+');
  if (stream) text.remove_prefix(4);
  return stream;
}

bool consume_short_date(std::string_view& text) {
  std::string_view rest = text;
  if (rest.size() < 9 || !is_digit(rest[0]) || rest[2] != '/' || rest[5] != '/') return false;
  const auto word = consume_word(rest);
  if (word.size() > 10 || word.find_first_not_of("0123456789/") != std::string_view::npos || !consume(rest, " "))
    return false;
  text = rest;
  return true;
}

// "@4000000065f1…" of multilog and s6-log.
bool consume_tai(std::string_view& text) {
  constexpr std::size_t kLabel = 25;
  if (text.size() < kLabel + 1 || !text.starts_with("@40000000") || text[kLabel] != ' ') return false;
  text.remove_prefix(kLabel + 1);
  return true;
}

}  // namespace

// CRI: "2024-03-13T07:02:11.000000001Z stderr F text"; docker logs -t and GitHub: the same without stream and flag.
bool peel_cri(Framed& framed) {
  std::string_view rest = framed.text;
  const auto time = consume_iso_time(rest);
  if (!time || !consume(rest, " ")) return false;
  const bool error_stream = consume(rest, "stderr ");
  if (error_stream || consume(rest, "stdout ")) {
    const bool partial = consume(rest, "P ");
    if (!partial && rest != "F" && !consume(rest, "F ")) return false;
    if (rest == "F") rest = {};
    framed.partial = partial;
    framed.error_stream = error_stream;
  } else {
    if (!time->offset || time->digits == 0 || framed.text.find('T') != 10) return false;
    if (consume_gitlab_stream(rest)) {
      settle(framed, Frame::ci, rest);
      framed.time = time;
      return true;
    }
  }
  settle(framed, Frame::cri, rest);
  framed.time = time;
  return true;
}

// "web_1  | text", also with the name lost; supervisord's "httpd stderr | text".
bool peel_compose(Framed& framed) {
  const auto bar = framed.text.substr(0, kLongestName + 2).find('|');
  if (bar == std::string_view::npos || bar > kLongestName) return false;
  if (bar + 1 < framed.text.size() && framed.text[bar + 1] != ' ') return false;
  auto name = trim(framed.text.substr(0, bar));
  if (name.size() < bar && bar > 0 && framed.text[bar - 1] != ' ') return false;
  Frame frame = Frame::compose;
  if (name.ends_with(" stderr") || name.ends_with(" stdout")) {
    frame = Frame::supervisor;
    framed.error_stream = name.ends_with("err");
    name.remove_suffix(7);
  }
  if (!is_name(name)) return false;
  settle(framed, frame, framed.text.substr(std::min(bar + 2, framed.text.size())));
  if (!name.empty()) (frame == Frame::supervisor ? framed.program : framed.host) = name;
  return true;
}

// "[pod/web-5c9/httpd] text" of kubectl logs --prefix.
bool peel_pod(Framed& framed) {
  constexpr std::size_t kLongestPod = 300;
  std::string_view rest = framed.text;
  if (!consume(rest, "[pod/")) return false;
  const auto end = rest.substr(0, kLongestPod).find("] ");
  const auto slash = rest.find('/');
  if (end == std::string_view::npos || slash > end) return false;
  const auto pod = rest.substr(0, slash), container = rest.substr(slash + 1, end - slash - 1);
  if (!is_name(pod) || !is_name(container)) return false;
  framed.host = pod;
  framed.program = container;
  settle(framed, Frame::kubernetes, rest.substr(end + 2));
  return true;
}

// "02:49:02 text", "14:08:17 30/08/14 text", "@40000000… text".
bool peel_clock(Framed& framed) {
  std::string_view rest = framed.text;
  if (!consume_tai(rest)) {
    if (!consume_time_of_day(rest) || !consume_blanks(rest)) return false;
    consume_short_date(rest);
  }
  settle(framed, Frame::supervisor, rest);
  return true;
}

// "##[error]text" of GitHub and Azure; "job<TAB>step<TAB>2024-…Z text" of gh run view --log.
bool peel_ci(Framed& framed) {
  std::string_view rest = framed.text;
  if (consume(rest, "##[")) {
    const auto end = rest.substr(0, 12).find(']');
    if (end == std::string_view::npos) return false;
    settle(framed, Frame::ci, rest.substr(end + 1));
    return true;
  }
  constexpr std::size_t kLongestStep = 200;
  const auto first = rest.substr(0, kLongestStep).find('\t');
  if (first == std::string_view::npos) return false;
  const auto second = rest.substr(0, kLongestStep).find('\t', first + 1);
  if (second == std::string_view::npos) return false;
  rest.remove_prefix(second + 1);
  consume(rest, "\xEF\xBB\xBF");
  const auto time = consume_iso_time(rest);
  if (!time || !time->offset || !consume(rest, " ")) return false;
  settle(framed, Frame::ci, rest);
  framed.time = time;
  return true;
}

// "[2024-03-13T07:02:11.123Z] text" of Jenkins' timestamper, which looks like a log format of httpd's own: only before
// words that httpd says without such a stamp.
bool peel_jenkins(Framed& framed) {
  std::string_view rest = framed.text.substr(1);
  const auto time = consume_iso_time(rest);
  if (!time || !time->offset || !consume(rest, "] ")) return false;
  if (rest.starts_with('[') ? !is_stamped(rest) : !speaks(rest)) return false;
  settle(framed, Frame::ci, rest);
  framed.time = time;
  return true;
}

}  // namespace ahdiag
