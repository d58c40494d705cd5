#include "entry/reader.h"

#include <algorithm>

#include "entry/speech.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::size_t kLongestAround = 200;

// The status that a browser or a console cut off from its number: "No such file or directory: AH02291: …".
std::optional<Status> status_of_lead(std::string_view lead) {
  lead = trim(lead);
  return lead.ends_with(':') ? status_of_words(lead.substr(0, lead.size() - 1)) : std::nullopt;
}

// "Active: failed (Result: exit-code) since Sun 2022-02-13 09:31:15 UTC; 3s ago": the year of the lines below.
std::optional<Stamp> time_of_status(std::string_view text) {
  constexpr std::string_view kSince = " since ";
  const auto at = text.find(kSince);
  if (!text.starts_with("Active: ") || at == std::string_view::npos) return std::nullopt;
  std::string_view rest = text.substr(at + kSince.size());
  rest.remove_prefix(std::min(rest.size(), rest.find(' ') + 1));
  return consume_iso_time(rest);
}

}  // namespace

EntryReader::EntryReader(std::uint32_t source, Deliver deliver, const LogFormats* formats, Familiar* familiar)
    : source_(source),
      deliver_(std::move(deliver)),
      formats_(formats),
      familiar_(familiar),
      unframer_([this](const Line& line, const Framed& framed) { inner_line(line, framed); }),
      traces_([this](const Entry& entry, std::string_view around) { deliver_(entry, around); }) {}

bool EntryReader::has_own_format(std::string_view text) const {
  return formats_ != nullptr && !formats_->empty() && formats_->match(text).has_value();
}

void EntryReader::line(const Line& line) {
  plain_ = {};
  read(line);
}

void EntryReader::read(const Line& line) {
  if (held_.any) plain_.is_plain() ? tell_held() : read_held();
  const bool plain = plain_.is_plain();
  if (!plain && repeatable_ && line.text == pending_ && unframer_.idle()) return again(line);
  // Plain lines have no frame, and nothing to be mended.
  const bool own = !plain && has_own_format(line.text);
  if (!plain && !own) {
    unframer_.line(line);
    repeatable_ = may_come_again(line);
    return;
  }
  if (own) unframer_.finish();
  Framed unframed;
  unframed.text = line.text;
  inner_line(line, unframed);
}

void EntryReader::inner_line(const Line& line, const Framed& framed) {
  const std::string_view text = trim_right(framed.text);
  const Edge edge = edge_of(trim_right(line.text), framed.frame != Frame::none);
  Opening opening(trim_left(text));
  if (is_stamped(text) || has_own_format(text)) {  // whatever stood before, this begins an entry
    flush(edge);
    begin(line, framed, text, opening);
    return note_line(line.text, edge);
  }
  if (opening.text().empty() || text == "$") return blank_line();
  if (!pending_.empty() && !stops_at_once(text)) {
    if (edge_.sign != 0 && edge_.sign == edge.sign) settle_edge(edge);
    std::string_view inner = opening.text();
    const bool led = !lead_.empty() && consume(inner, lead_);
    if (!led) inner = text;
    Opening behind(trim_left(inner));
    const Join join = continues(text, led ? behind : opening, framed);
    if (join == Join::skip) return;
    if (join != Join::none) {
      settle_edge(edge);
      append(join == Join::glued ? inner : trim_left(inner), join);
      return note_line(line.text, edge);
    }
  }
  flush(edge);
  begin(line, framed, text, opening);
  note_line(line.text, edge);
}

// A chain of exceptions has blank lines in it.
void EntryReader::blank_line() {
  if (!trace_) flush({});
}

bool EntryReader::other_speaker(const Framed& framed) const {
  if (framed.program.empty() || origin_.program.empty()) return false;
  return framed.program != origin_.program || (framed.pid && origin_.pid && *framed.pid != *origin_.pid);
}

std::string_view EntryReader::find_words(Opening& opening, bool tagged) {
  const std::string_view text = opening.text();
  httpd_ = opening.begins_entry();
  noise_ = httpd_ ? Noise::none : opening.noise();
  trace_ = noise_ == Noise::trace && text.starts_with("Traceback (most");
  if (httpd_ || is_strangers(noise_)) return text;
  const auto at = find_entry(text);
  if (at == std::string_view::npos) {
    httpd_ = noise_ == Noise::bare;
    if (noise_ == Noise::none && tagged) noise_ = Noise::program;  // the tag names who speaks
    return text;
  }
  noise_ = Noise::none;
  httpd_ = true;
  if (status_of_lead(text.substr(0, at))) {
    status_ = at;
    return text;
  }
  lead_ = text.substr(0, at);
  return text.substr(at);
}

void EntryReader::begin(const Line& line, const Framed& framed, std::string_view text, Opening& opening) {
  indent_ = text.size() - opening.text().size();
  text = opening.text();
  lead_.clear();
  status_ = 0;
  pending_plain_ = plain_;
  stamped_ = is_stamped(text) || has_own_format(text);
  if (stamped_) {
    httpd_ = true;
    noise_ = is_jk(text) ? Noise::module : Noise::none;
    trace_ = false;
  } else {
    text = find_words(opening, !framed.program.empty());
    stamped_ = is_stamped(text);
  }
  if (!stamped_ && text.starts_with("Active: ")) status_time_ = time_of_status(text);
  count_noise();
  pending_ = text;
  repeatable_ = false;
  same_.reset();
  around_ = framed.lead;
  if (!framed.text.empty())
    around_ += framed.text.substr(0, static_cast<std::size_t>(text.data() - framed.text.data()));
  if (around_.size() > kLongestAround) around_.resize(kLongestAround);
  pieces_ = 1;
  blame_ = 0;
  after_file_ = chained_ = ended_ = false;
  first_line_ = line.number;
  remember(framed);
}

void EntryReader::count_noise() {
  if (!httpd_ && noise_ == Noise::none) ++unparsed_;
  if (noise_ != Noise::none) ++noises_.at(static_cast<std::size_t>(noise_));
}

void EntryReader::remember(const Framed& framed) {
  origin_.frame = framed.frame;
  if (framed.frame == Frame::none) {
    frame_time_.reset();
    origin_.pid.reset();
    for (std::string* one : {&origin_.host, &origin_.program, &origin_.unit}) one->clear();
    return;
  }
  origin_.host = framed.host;
  origin_.program = framed.program;
  origin_.unit = framed.unit;
  origin_.pid = framed.pid;
  frame_time_ = framed.time;
  // The year of what was read before; without any, no time.
  const auto& year = status_time_ ? status_time_ : last_;
  if (framed.yearless && year) {
    const auto& day = *framed.yearless;
    frame_time_ = stamp_in_year(year_of(*year), day.month, day.day, day.micros);
  }
}

void EntryReader::note_line(std::string_view line, const Edge& edge) {
  page_.note(line);
  edge_before_ = edge_;
  edge_ = edge;
}

void EntryReader::append(std::string_view text, Join join) {
  if (join == Join::with_blank && !pending_.ends_with(' ')) pending_ += ' ';
  if (join == Join::with_blank && awaits(pending_) == Awaits::nothing) page_.note_word_wrap();
  if (join == Join::with_break) pending_ += "\\n";
  if (trace_) {
    const auto kind = trace_line(text, false, after_file_);
    if (kind == TraceLine::blame && !after_file_) blame_ = pending_.size();
    if (kind != TraceLine::frame) ended_ = kind == TraceLine::blame || kind == TraceLine::chain;
    after_file_ = text.starts_with("File \"");
    chained_ = kind == TraceLine::chain;
  }
  pending_ += text;
  repeatable_ = false;
  ++pieces_;
}

// An editor's sign at the end of what is pending, where the lines around have it too.
void EntryReader::settle_edge(const Edge& after) {
  const auto ending = ending_of(edge_, edge_before_, after);
  if (ending == Ending::kept || pending_.empty() || pending_.back() != edge_.sign) return;
  pending_.pop_back();
  if (ending == Ending::cut) pending_ += "...";
}

void EntryReader::flush(const Edge& after) {
  if (pending_.empty()) return;
  if (edge_.sign != 0) settle_edge(after);
  flush_parts();
}

void EntryReader::flush_parts() {
  std::string_view rest = pending_;
  while (!rest.empty()) {
    const auto second = find_second_entry(rest);
    deliver(rest.substr(0, second));
    rest.remove_prefix(second == std::string_view::npos ? rest.size() : second);
  }
  pending_.clear();
  repeatable_ = trace_ = false;
}

void EntryReader::deliver(std::string_view text) {
  // What strangers wrote alone on a line is nobody's entry.
  if (noise_ == Noise::access || noise_ == Noise::object) return;
  Entry entry = entry_of(text);
  entry.plain = pending_plain_.is_plain() && pieces_ == 1 && is_told_by_words(pending_plain_, entry);
  if (!pass_on(entry) || !entry.plain) return;
  keep_verdict(pending_plain_);
  familiar_->keep();
}

Entry EntryReader::entry_of(std::string_view text) {
  const bool told = status_ == 0 && blame_ == 0 && !is_strangers(noise_);
  Entry entry = formats_ == nullptr ? parse_entry(text.substr(status_)) : formats_->parse(text.substr(status_));
  entry.text = trim(text);
  if (status_ > 0) entry.status = status_of_lead(text.substr(0, status_));
  status_ = 0;
  entry.place = {source_, first_line_};
  entry.carrier = {noise_ == Noise::none ? std::string_view() : noise_name(noise_),
                   origin_.frame == Frame::none ? std::string_view() : frame_name(origin_.frame), origin_.host,
                   origin_.program, pieces_};
  if (entry.time) stamp_ = entry.time;
  // httpd's lines without a stamp follow the one with it: at start-up its standard error is the log.
  if (!entry.time && (httpd_ || origin_.frame != Frame::none))
    entry.time = origin_.frame == Frame::none ? stamp_ : frame_time_;
  if (is_strangers(noise_)) {
    entry.speaker = Speaker::client;
    entry.config.reset();
  }
  if (blame_ > 0) entry.message = text.substr(blame_);
  entry.told = told && !entry.own_format;
  return entry;
}

EntryReader::Shape EntryReader::shape_of(const Entry& entry) {
  if (!entry.header) return kStartUp;
  return is_old_form(entry) ? kHttpd22 : kHttpd24;
}

// False where a trace keeps it.
bool EntryReader::pass_on(const Entry& entry) {
  count(shape_of(entry), origin_.frame, entry.time);
  if (traces_.take(entry, around_)) return false;
  deliver_(entry, around_);
  return true;
}

// What flush, begin and note_line do where the line that is pending comes again.
void EntryReader::again(const Line& line) {
  if (noise_ != Noise::access && noise_ != Noise::object) {
    if (!same_) same_ = entry_of(pending_);
    same_->place.line = first_line_;
    pass_on(*same_);
  }
  count_noise();
  first_line_ = line.number;
  note_line(line.text, edge_);
}

void EntryReader::finish() {
  if (held_.any) tell_held();
  unframer_.finish();
  flush({});
  traces_.finish();
}

void EntryReader::count(Shape shape, Frame frame, const std::optional<Stamp>& time) {
  ++entries_;
  ++frames_.at(static_cast<std::size_t>(frame));
  ++shapes_.at(shape);
  if (time) note_time(*time);
}

void EntryReader::note_time(const Stamp& time) {
  if (!first_ || time < *first_) first_ = time;
  if (!last_ || time > *last_) last_ = time;
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
