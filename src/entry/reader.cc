#include "entry/reader.h"

#include <algorithm>

#include "entry/speech.h"
#include "text/ascii.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

constexpr std::size_t kMostPieces = 24;  // lines joined to one entry
constexpr std::size_t kLongestEntry = 64 * 1024;
constexpr std::size_t kLongestAround = 200;
constexpr std::size_t kNarrowestPage = 40;  // a page wraps no line that is shorter

std::size_t indent_of(std::string_view line) { return line.size() - trim_left(line).size(); }

bool is_fence(std::string_view text) {
  return text.starts_with("```") || text.starts_with("--") || text.starts_with("$ ") || text.starts_with("# ") ||
         text == "[FAILED]" || text == "[fail]" || text == "failed!" || text.starts_with("...");
}

// A line that cannot stand alone: it goes on in lower case or with a path or quote, as wrapped prose does.
bool looks_wrapped(std::string_view text) {
  const char c = text.front();
  return is_lower(c) || c == '/' || c == '\'' || c == '(' || c == ',' || c == '.';
}

bool has_time(std::string_view text) { return parse_entry(text).time.has_value(); }

}  // namespace

EntryReader::EntryReader(std::uint32_t source, Deliver deliver, const LogFormats* formats)
    : source_(source), deliver_(std::move(deliver)), formats_(formats) {}

bool EntryReader::has_own_format(std::string_view text) const {
  return formats_ != nullptr && !formats_->empty() && formats_->match(text).has_value();
}

void EntryReader::line(const Line& line) {
  Framed framed;
  framed.text = line.text;
  bool own = has_own_format(line.text);
  if (!own) framed = unframe(line.text);
  if (framed.frame != Frame::none) own = has_own_format(framed.text);
  std::string_view text = trim_right(framed.text);
  if (trim_left(text).empty()) return flush();
  if (!pending_.empty() && !own) {
    std::string_view inner = text;
    if (!lead_.empty()) consume(inner, lead_);
    const Join join = continues(text, trim_left(inner));
    if (join != Join::none) {
      append(trim_left(inner), join);
      note_width(line.text);
      return;
    }
  }
  flush();
  own_format_ = own;
  begin(line, framed, text);
}

EntryReader::Join EntryReader::continues(std::string_view line, std::string_view text) const {
  if (pieces_ >= kMostPieces || pending_.size() + text.size() > kLongestEntry || text.empty()) return Join::none;
  const bool fresh = text.starts_with('[') || !code_at(text).empty();
  if (awaits_reason(pending_)) return fresh ? Join::none : Join::with_blank;
  if (awaits_file(pending_)) return Join::with_blank;
  if (awaits_message(pending_)) return begins_entry(text) && text.starts_with('[') ? Join::none : Join::with_blank;
  if (begins_entry(text) || is_fence(text) || own_format_) return Join::none;
  const bool httpd = begins_entry(pending_);
  if (!httpd) return Join::none;
  if (indent_of(line) > indent_ && frame_ == Frame::none) return Join::with_blank;
  // Text from a page of fixed width, without the stamps that a log would have.
  if (has_time(pending_) || last_width_ < kNarrowestPage) return Join::none;
  if (last_width_ == 80 || last_width_ == 79) return last_blank_ ? Join::with_blank : Join::glued;
  if (last_width_ < 100 && looks_wrapped(text)) return Join::with_blank;
  return Join::none;
}

void EntryReader::begin(const Line& line, const Framed& framed, std::string_view text) {
  indent_ = indent_of(text);
  text = trim_left(text);
  lead_.clear();
  if (!own_format_ && !begins_entry(text)) {
    if (const auto at = find_entry(text); at != std::string_view::npos) {
      lead_ = text.substr(0, at);
      text.remove_prefix(at);
    } else {
      ++unparsed_;
    }
  }
  pending_ = text;
  around_ = line.text.substr(0, std::min(kLongestAround, static_cast<std::size_t>(text.data() - line.text.data())));
  pieces_ = 1;
  first_line_ = line.number;
  note_width(line.text);
  frame_ = framed.frame;
  frame_time_ = framed.time;
  host_ = framed.host;
  program_ = framed.program;
}

void EntryReader::note_width(std::string_view line) {
  last_width_ = columns(line);
  last_blank_ = line.ends_with(' ');
}

void EntryReader::append(std::string_view text, Join join) {
  if (join == Join::with_blank && !pending_.ends_with(' ')) pending_ += ' ';
  pending_ += text;
  ++pieces_;
}

void EntryReader::flush() {
  std::string_view rest = pending_;
  while (!rest.empty()) {
    const auto second = find_second_entry(rest);
    deliver(rest.substr(0, second));
    rest.remove_prefix(second == std::string_view::npos ? rest.size() : second);
  }
  pending_.clear();
}

void EntryReader::deliver(std::string_view text) {
  Entry entry = formats_ == nullptr ? parse_entry(text) : formats_->parse(text);
  entry.place = {source_, first_line_};
  entry.carrier = {frame_ == Frame::none ? std::string_view() : frame_name(frame_), host_, program_, pieces_};
  if (!entry.time) entry.time = frame_time_;
  count(entry);
  deliver_(entry, around_);
}

void EntryReader::finish() { flush(); }

void EntryReader::count(const Entry& entry) {
  ++entries_;
  ++frames_.at(static_cast<std::size_t>(frame_));
  if (entry.header) {
    ++shapes_.at(entry.module.empty() && !entry.pid ? kHttpd22 : kHttpd24);
  } else {
    ++shapes_.at(kStartUp);
  }
  if (!entry.time) return;
  if (!first_ || *entry.time < *first_) first_ = entry.time;
  if (!last_ || *entry.time > *last_) last_ = entry.time;
}

std::string EntryReader::format() const {
  if (entries_ == 0) return "empty";
  for (std::size_t i = 1; i < frames_.size(); ++i) {
    if (frames_.at(i) * 2 > entries_) return std::string(frame_name(static_cast<Frame>(i)));
  }
  if (shapes_[kHttpd24] > 0 && shapes_[kHttpd24] >= shapes_[kHttpd22]) return "httpd-2.4";
  if (shapes_[kHttpd22] > 0) return "httpd-2.2";
  return "start-up";
}

}  // namespace ahdiag
