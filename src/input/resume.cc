#include "input/resume.h"

#include <algorithm>
#include <filesystem>
#include <memory>

#include "input/clock.h"
#include "input/encoding.h"
#include "input/log_text.h"
#include "input/rotation.h"
#include "text/bytes.h"

namespace ahdiag {
namespace {

constexpr int kMostAttempts = 5;
constexpr std::size_t kMostFiles = 3;                       // children that still finish write to the file before
constexpr std::size_t kLongestRest = std::size_t{1} << 20;  // without a newline; more is no line
constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kRest = 60 * kSecond;     // a rotated file that nobody wrote to since then is finished
constexpr std::int64_t kSlack = 3600 * kSecond;  // clocks are set back

// Reads one file from where it was left.
class Segment {
 public:
  Segment(LogText& text, Trail trail) : text_(&text), trail_(std::move(trail)) {}

  // Lets whole lines pass; `finished`: the last one needs no newline. False where the time is over.
  bool read(const Listener& listener, bool finished, const OutOfTime& out_of_time);
  [[nodiscard]] Bookmark bookmark() const;
  [[nodiscard]] const LogText& text() const { return *text_; }

 private:
  void lines(Splitter& splitter, std::string_view bytes);

  LogText* text_;
  Trail trail_;
};

Bookmark Segment::bookmark() const {
  Bookmark bookmark = trail_.bookmark();
  bookmark.device = text_->status().device;
  bookmark.inode = text_->status().inode;
  return bookmark;
}

void Segment::lines(Splitter& splitter, std::string_view bytes) {
  splitter.block(bytes);
  trail_.add(bytes);
}

bool Segment::read(const Listener& listener, bool finished, const OutOfTime& out_of_time) {
  const std::uint64_t lines_before = trail_.lines(), bytes_before = trail_.offset();
  const std::function<void(const Line&)> deliver = [&](const Line& line) {
    listener.line({line.text, lines_before + line.number, line.cut});
  };
  Splitter splitter(deliver);
  std::string rest;
  bool over = false;
  listener.begin(text_->path());
  const auto next = text_->from(trail_.offset());
  for (auto block = next(); !block.empty() && !over; block = next()) {
    const auto end = rfind_byte(block, '\n');
    if (end != std::string_view::npos) {
      lines(splitter, rest);
      lines(splitter, block.substr(0, end + 1));
      rest.clear();
      block.remove_prefix(end + 1);
    }
    rest += block;
    if (rest.size() > kLongestRest) {
      lines(splitter, rest);
      splitter.finish();
      rest.clear();
    }
    over = out_of_time();
  }
  if (finished && !over && !rest.empty()) {
    lines(splitter, rest);
    splitter.finish();
  }
  trail_.set_lines(lines_before + splitter.lines());
  listener.end({trail_.offset() - bytes_before, splitter.lines(), text_->trouble()});
  return !over;
}

// ---- which files, from where

// A file of the log's family. It is opened only where its text is asked for.
struct Member {
  std::string path;
  FileStatus status;
  std::unique_ptr<LogText> text;
  std::optional<Trail> trail;  // to the bookmark that lies in it

  [[nodiscard]] bool is_file_of(const Bookmark& bookmark) const {
    return status.device == bookmark.device && status.inode == bookmark.inode;
  }
};

class Resumer {
 public:
  Resumer(const std::string& path, Start start, const Listener& listener, const OutOfTime& out_of_time)
      : path_(path), start_(start), listener_(listener), out_of_time_(out_of_time) {}

  Resumed run(const std::optional<LogProgress>& known);

 private:
  void skip_to_end(LogText& current);
  bool plan(const LogProgress& known);
  using Listing = std::vector<std::pair<std::string, FileStatus>>;
  Listing list();
  bool list_family(const LogProgress& known);
  bool open(Member& member);
  std::optional<std::size_t> find(const Bookmark& bookmark);
  bool choose(std::int64_t written, std::optional<std::size_t> newest);
  void read();
  void keep(const Segment& segment, bool done_with);
  void fail(Problem trouble);

  const std::string& path_;
  Start start_;
  const Listener& listener_;
  const OutOfTime& out_of_time_;
  Resumed result_;
  std::unique_ptr<LogText> current_;
  std::vector<Member> family_;         // oldest first; the last is the log itself
  std::optional<Problem> unreadable_;  // a member of it
  bool moved_ = false;                 // it was rotated while it was looked at
  std::vector<Segment> segments_;
};

// No log is packed while it is written, and a binary one is none.
std::optional<Problem> unfit(LogText& text) {
  if (text.trouble()) return text.trouble();
  if (text.is_packed()) return Problem{"is packed", text.path(), "", "name the log that httpd writes"};
  std::string sample(text.from(0)().substr(0, kSample));
  return binary_problem(sample, text.path());
}

bool is_absent(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::status(path, ignored).type() == std::filesystem::file_type::not_found;
}

Resumed Resumer::run(const std::optional<LogProgress>& known) {
  if (known) result_.progress = *known;
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    current_ = std::make_unique<LogText>(path_);
    if (auto trouble = unfit(*current_)) {
      result_.known = known || is_absent(path_);  // one that is not there yet is read from its begin when it comes
      fail(std::move(*trouble));
    } else if (!known && start_ == Start::end) {
      skip_to_end(*current_);
    } else if (!plan(known.value_or(LogProgress{}))) {
      continue;
    } else if (!result_.trouble) {
      read();
    }
    return std::move(result_);
  }
  fail({"is rotated all the time", path_, "", "try again"});
  return std::move(result_);
}

void Resumer::fail(Problem trouble) {
  result_.trouble = std::move(trouble);
  listener_.begin(path_);
  listener_.end({0, 0, result_.trouble});
}

void Resumer::keep(const Segment& segment, bool done_with) {
  auto& [files, written] = result_.progress;
  if (!done_with) files.push_back(segment.bookmark());
  written = std::min(std::max(written, segment.text().status().modified), now_micros());  // clocks go wrong
}

void Resumer::skip_to_end(LogText& current) {
  const Listener nobody = {[](const std::string&) {}, [](const Line&) {}, [](const Reading&) {}};
  Segment segment(current, {});
  result_.known = segment.read(nobody, false, out_of_time_);
  if (result_.known) {
    keep(segment, false);
  } else {
    result_.trouble = Problem{"its end was not reached in time", path_, "", "give the first call more time with -t"};
  }
  listener_.begin(path_);
  listener_.end({0, 0, result_.trouble});
}

// The names of the log's predecessors and what they stand for at this moment.
Resumer::Listing Resumer::list() {
  Listing all;
  for (auto& name : predecessors_of(path_, unreadable_)) {
    if (const auto status = status_of(name)) all.emplace_back(std::move(name), *status);
  }
  return all;
}

// A file that was not written to since the last call holds nothing new, whatever its name says; nor is it what was read
// last, packed, for packing keeps the time. False where the log is being rotated: a file that gets another name between
// two looks may not be seen under either, so that two listings have to agree.
bool Resumer::list_family(const LogProgress& known) {
  unreadable_.reset();
  moved_ = false;
  family_.clear();
  const Listing all = list(), again = list();
  const auto agrees = [](const auto& a, const auto& b) {
    return a.first == b.first && a.second.is_same_file(b.second);
  };
  if (!std::ranges::equal(all, again, agrees)) return false;
  for (const auto& [name, status] : all) {
    if (status.is_same_file(current_->status())) continue;  // a link to the one that is written
    Member member{name, status, nullptr, std::nullopt};
    const bool was_read = std::ranges::any_of(known.files, [&](const Bookmark& one) { return member.is_file_of(one); });
    if (was_read || status.modified >= known.written - kSlack) family_.push_back(std::move(member));
  }
  const FileStatus status = current_->status();
  family_.push_back({path_, status, std::move(current_), std::nullopt});
  return true;
}

bool Resumer::open(Member& member) {
  if (member.text) return true;
  auto text = std::make_unique<LogText>(member.path);
  if (text->trouble()) {
    moved_ = moved_ || is_absent(member.path);
    if (!is_absent(member.path)) unreadable_ = text->trouble();
    return false;
  }
  moved_ = moved_ || !text->status().is_same_file(member.status);
  member.text = std::move(text);
  return true;
}

// The member in which a bookmark lies. Its own file rather than one that begins alike, of others the newest: while a
// log is copied, it is there twice.
std::optional<std::size_t> Resumer::find(const Bookmark& bookmark) {
  for (const bool same : {true, false}) {
    if (!same && bookmark.offset == 0) break;
    for (std::size_t i = family_.size(); i-- > 0;) {
      Member& member = family_[i];
      if (member.is_file_of(bookmark) != same || member.trail || !open(member)) continue;
      member.trail = member.text->holds(bookmark);
      if (member.trail) return i;
      if (i + 1 < family_.size()) member.text.reset();
    }
  }
  return std::nullopt;
}

// Finds out what is to be read; false where the log was rotated in the meantime.
bool Resumer::plan(const LogProgress& known) {
  segments_.clear();
  if (known.files.empty()) {
    segments_.emplace_back(*current_, Trail());
    return true;
  }
  const Bookmark& last = known.files.back();
  if (known.files.size() == 1 && last.offset > 0 && current_->is_file_of(last)) {
    if (auto trail = current_->holds(last)) {
      segments_.emplace_back(*current_, std::move(*trail));
      return true;
    }
  }
  if (!list_family(known)) return false;
  const auto newest = find(last);
  for (std::size_t i = known.files.size() - 1; i-- > 0;) find(known.files[i]);
  // Of a file that nothing was read of, an inode alone says too little: it may have been filled, copied and truncated.
  const bool empty = last.offset == 0;
  const bool complete = choose(known.written, empty ? std::nullopt : newest);
  if (moved_) return false;
  if (unreadable_ && (!newest || !complete)) {
    fail(std::move(*unreadable_));  // what was read, or what was not, may lie in what cannot be opened
    return true;
  }
  if (!newest && !empty) {
    result_.gap = Problem{"what was read before is gone (truncated, replaced or removed)", path_, "",
                          "what was written to it since the last call, if anything, was not seen"};
  }
  return true;
}

// Known files from where they were left. All of those that are newer than the last of them: they were rotated away
// between the calls. False where one of them cannot be opened.
bool Resumer::choose(std::int64_t written, std::optional<std::size_t> newest) {
  for (std::size_t i = 0; i < family_.size(); ++i) {
    Member& member = family_[i];
    const bool is_new =
        newest ? i > *newest && member.status.modified >= written - kSlack : member.status.modified > written;
    const bool wanted = member.trail || is_new || i + 1 == family_.size();
    if (!wanted) continue;
    if (!open(member)) return false;
    segments_.emplace_back(*member.text, member.trail.value_or(Trail()));
  }
  return true;
}

void Resumer::read() {
  result_.progress.files.clear();
  bool in_time = true;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    Segment& segment = segments_[i];
    const LogText& text = segment.text();
    const bool last = i + 1 == segments_.size(), was_over = !in_time;
    const bool at_rest = text.is_packed() || text.status().modified < now_micros() - kRest;
    if (in_time) in_time = segment.read(listener_, !last && at_rest, out_of_time_);
    if (text.trouble() && !result_.trouble) result_.trouble = text.trouble();
    const bool left_out = was_over && segment.bookmark().offset == 0;  // found again, for it is newer than the others
    const bool done_with = text.is_packed() && in_time && !last;
    if (!left_out) keep(segment, done_with);
  }
  if (!in_time && !result_.trouble) {
    result_.trouble = Problem{"not read to its end in time", path_, "", "the next call goes on there"};
  }
  auto& kept = result_.progress.files;
  if (kept.size() > kMostFiles) kept.erase(kept.begin(), kept.end() - kMostFiles);
}

}  // namespace

Resumed resume(const std::string& path, const std::optional<LogProgress>& known, Start start, const Listener& listener,
               const OutOfTime& out_of_time) {
  return Resumer(path, start, listener, out_of_time).run(known);
}

}  // namespace ahdiag
