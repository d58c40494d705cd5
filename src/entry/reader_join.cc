// Whether a line goes on with the entry before it.
#include <algorithm>
#include <array>

#include "entry/reader.h"
#include "entry/speech.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::size_t kMostPieces = 24;   // lines joined to one entry
constexpr std::size_t kMostFrames = 200;  // of a trace
constexpr std::size_t kLongestEntry = 64 * 1024;
constexpr std::size_t kNarrowestPage = 40;    // a page wraps no line that is shorter
constexpr std::size_t kNarrowestColumn = 10;  // unless it has wrapped this entry before
constexpr std::size_t kDeepestTag = 20;       // "Mar 13 07:02:11 host ": what stands above is deeper
constexpr std::size_t kWidestText = 100;      // a page of words

// A line that cannot stand alone: it goes on in lower case or with a path or quote, as wrapped prose does.
bool looks_wrapped(std::string_view text) {
  const char c = text.front();
  return is_lower(c) || c == '/' || c == '\'' || c == '(' || c == ',' || c == '.';
}

// No message of httpd's ends like this: the rest was wrapped. A client's or a script's may, and then says nothing.
bool dangles(std::string_view entry) {
  static constexpr std::array<std::string_view, 16> kWords = {"for",  "of",  "to", "in", "at",  "on", "by",  "from",
                                                              "with", "the", "a",  "is", "and", "or", "not", "be"};
  entry = trim_right(entry);
  const auto word = entry.substr(entry.rfind(' ') + 1);
  const bool open = entry.ends_with(',') || std::find(kWords.begin(), kWords.end(), word) != kWords.end();
  return open && parse_entry(entry).speaker == Speaker::server;
}

std::size_t indent_of(std::string_view line) { return line.size() - trim_left(line).size(); }

// "/etc/httpd/conf.d/very/lo" and "ng/x.conf:": no path begins in the middle of a name.
bool splits_path(std::string_view before, std::string_view after) {
  const auto last = before.substr(before.rfind(' ') + 1);
  const auto next = after.substr(0, after.find(' '));
  const bool open = last.starts_with('/') || last.starts_with("'/") || last.starts_with("\"/");
  return open && is_alnum(last.back()) && is_alnum(next.front()) && contains(next, "/");
}

// What PHP and Java write below the first line of an exception.
bool is_trace_part(std::string_view text) {
  if (text.starts_with("Stack trace:") || text.starts_with("thrown in ") || text.starts_with("Caused by: "))
    return true;
  if (text.starts_with("PHP Stack trace:") || text.starts_with("PHP   ")) return true;
  if (text.size() > 2 && text[0] == '#' && is_digit(text[1])) return true;
  return (text.starts_with("at ") && text.ends_with(')')) || (text.starts_with("... ") && text.ends_with(" more"));
}

}  // namespace

// What stands at the bottom of a page that more or less shows is no part of the log.
bool EntryReader::stops_at_once(std::string_view text) const {
  return pieces_ >= (trace_ ? kMostFrames : kMostPieces) || pending_.size() + text.size() > kLongestEntry;
}

EntryReader::Join EntryReader::continues(std::string_view line, Opening& opening, const Framed& framed) const {
  const std::string_view text = opening.text();
  if (text.empty() || other_speaker(framed)) return Join::none;
  if (trace_) return continues_trace(line, opening);
  if (const Awaits awaited = awaits(pending_); awaited != Awaits::nothing) {
    if (opening.noise() == Noise::pager) return Join::skip;
    return continues_awaited(awaited, opening);
  }
  if (opening.begins_entry()) return Join::none;
  const Noise noise = opening.noise();
  if (noise == Noise::pager && httpd_) return Join::skip;
  if (noise == Noise::trace && is_trace_part(text)) {
    const bool open = contains(pending_, "PHP ") || contains(pending_, "xception") || contains(pending_, "Error");
    return open ? Join::with_break : Join::none;
  }
  // journalctl puts the further lines of a text below its first.
  const bool below = framed.frame == Frame::none && origin_.frame == Frame::syslog && indent_of(line) > kDeepestTag;
  if (below && noise_ == Noise::program) return Join::with_break;
  if (ends_entry(noise) || !httpd_) return Join::none;
  if (indent_of(line) > indent_ && framed.frame == Frame::none &&
      (!stamped_ || pieces_ > 1 || page_.width() <= kWidestText))
    return Join::with_blank;
  // A journal's own lines all have the tag in front.
  if (framed.frame == Frame::none && origin_.frame == Frame::syslog && page_.is_full() && !pending_.ends_with('.'))
    return continues_tagged(text);
  return continues_page(line, text);
}

// The line was pending as it stands, and what it makes of the same line behind it does not depend on the page around:
// neither goes on with the other.
bool EntryReader::may_come_again(const Line& line) const {
  const bool alone = pieces_ == 1 && first_line_ == line.number && origin_.frame == Frame::none && edge_.sign == 0;
  if (!alone || stamped_ || !lead_.empty() || status_ > 0 || pending_ != line.text) return false;
  if (httpd_ ? noise_ != Noise::none : noise_ == Noise::trace) return false;
  return awaits(pending_) == Awaits::nothing && find_second_entry(pending_) == std::string_view::npos;
}

EntryReader::Join EntryReader::continues_tagged(std::string_view text) const {
  if (page_.ends_with_blank()) return Join::with_blank;
  const bool glued = page_.at_edge() ? !page_.wraps_words() : splits_path(pending_, text);
  return glued ? Join::glued : Join::with_blank;
}

EntryReader::Join EntryReader::continues_awaited(Awaits awaited, Opening& opening) {
  const std::string_view text = opening.text();
  const bool fresh = text.starts_with('[') || !code_at(text).empty();
  if (awaited == Awaits::reason) return fresh ? Join::none : Join::with_blank;
  if (awaited == Awaits::file) return Join::with_blank;
  return fresh && text.starts_with('[') && opening.begins_entry() ? Join::none : Join::with_blank;
}

EntryReader::Join EntryReader::continues_trace(std::string_view line, Opening& opening) const {
  const auto kind = trace_line(opening.text(), indent_of(line) > indent_, after_file_);
  if (kind == TraceLine::chain) return Join::with_break;
  if (kind == TraceLine::head) return chained_ ? Join::with_break : Join::none;
  if (ended_ || kind == TraceLine::other) return Join::none;
  return opening.begins_entry() ? Join::none : Join::with_break;
}

// Text from a page of fixed width. A stamped line is joined only where the page is certain: behind it in a real log
// stands what a script wrote.
EntryReader::Join EntryReader::continues_page(std::string_view line, std::string_view text) const {
  const std::size_t width = page_.width();
  const Join edge = page_.wraps_words() ? Join::with_blank : Join::glued;
  if (stamped_) {
    const bool blank = page_.ends_with_blank() && width >= 60 && width <= kWidestText;
    if (blank) return Join::with_blank;
    if (page_.at_certain_edge()) return edge;
    if (width >= kNarrowestPage && width <= Page::kWidestPage && dangles(pending_)) return Join::with_blank;
    return pieces_ > 1 && looks_wrapped(text) ? Join::with_blank : Join::none;
  }
  if (width < (pieces_ > 1 ? kNarrowestColumn : kNarrowestPage)) return Join::none;
  if (page_.ends_with_blank()) return Join::with_blank;
  if (page_.at_edge()) return line.starts_with(' ') ? Join::with_blank : edge;
  if (width < kWidestText && looks_wrapped(text)) return Join::with_blank;
  return Join::none;
}

}  // namespace ahdiag
