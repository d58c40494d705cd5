#include "input/sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

#include "input/codec.h"
#include "input/encoding.h"
#include "input/file.h"
#include "input/log_name.h"
#include "input/tar.h"

namespace ahdiag {
namespace {

constexpr int kDeepest = 3;                 // packed in packed, as error.log.gz in bundle.tar.gz; more is a trick
constexpr std::size_t kMostMembers = 1000;  // logs of one archive

// A log in an archive.
struct Member {
  LogName log;
  std::size_t index;  // among the archive's files
  std::string path;
  bool operator<(const Member& other) const { return std::tie(log, index) < std::tie(other.log, other.index); }
};

// Bytes of all files, for who shows how far it is.
class Meter {
 public:
  explicit Meter(const Tick& tick) : tick_(tick) {}

  void expect(std::optional<std::uint64_t> size) {
    known_ = known_ && size;
    total_ += size.value_or(0);
  }
  void add(std::uint64_t bytes) {
    done_ += bytes;
    if (tick_) tick_(done_, known_ ? total_ : 0);
  }

 private:
  const Tick& tick_;
  std::uint64_t done_ = 0, total_ = 0;
  bool known_ = true;
};

// What a source says, as UTF-8.
class Text {
 public:
  // `file`: whose bytes the stream has, as they are; null where they are another's or packed.
  Text(Stream& stream, const TextShape& shape, File* file) : stream_(stream), decoder_(shape), file_(file) {}

  std::string_view pull(Buffer& buffer);
  // Of the stream, so far.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  void decode_next();

  Stream& stream_;
  TextDecoder decoder_;
  File* file_;
  std::string_view rest_;  // of what was decoded
  std::uint64_t bytes_ = 0;
  bool ended_ = false;
};

bool lies_in(std::string_view bytes, const Buffer& buffer) {
  const std::less<> before;  // of any two pointers
  const char* const begin = buffer ? buffer->block() : nullptr;
  return begin != nullptr && !before(bytes.data(), begin) && before(bytes.data(), begin + kBlock);
}

// A file is read to where the text is wanted.
std::string_view Text::pull(Buffer& buffer) {
  while (rest_.empty() && !ended_) {
    const bool direct = file_ != nullptr && stream_.is_dry();
    if (direct) file_->exchange(buffer);
    decode_next();
    if (direct) file_->exchange(buffer);
    if (direct && lies_in(rest_, buffer)) return std::exchange(rest_, {});
  }
  const auto bytes = rest_.substr(0, kBlock);
  if (bytes.empty()) return {};
  if (!buffer) buffer = make_buffer();
  std::memcpy(buffer->block(), bytes.data(), bytes.size());
  rest_.remove_prefix(bytes.size());
  return {buffer->block(), bytes.size()};
}

void Text::decode_next() {
  const auto block = stream_.take();
  bytes_ += block.size();
  ended_ = block.empty();
  rest_ = ended_ ? decoder_.finish() : decoder_.decode(block);
}

// One file or archive, from its first byte to the report of how it went.
class SourceReader {
 public:
  SourceReader(const std::string& name, const Listener& listener, Meter& meter, Problems& notes)
      : flow_{name, budget_, std::nullopt},
        file_(name, flow_),
        size_(size_of(name)),
        listener_(listener),
        meter_(meter),
        notes_(notes) {}

  void read();
  static void report(const Listener& listener, const std::string& name, Problem error);

 private:
  enum class Archive { none, listed, read };

  void pass();
  void packed(Stream& stream, Flow& flow, int depth);
  void text(Stream& stream, Flow& flow, File* file);
  void pass_on(Text& text, Reading& reading);
  void archive(Tar& tar);
  void list(Tar& tar);
  void read_listed(Tar& tar);
  void read_as_it_comes(Tar& tar);
  std::optional<LogName> select(const std::string& path);
  void member(Tar& tar, const std::string& path);
  void close_archive();

  Budget budget_;
  Flow flow_;
  File file_;
  std::optional<std::uint64_t> size_;
  const Listener& listener_;
  Meter& meter_;
  Problems& notes_;

  // Of an archive only.
  Archive archive_ = Archive::none;
  std::vector<Member> members_;  // in the order in which they are to be read
  std::size_t selected_ = 0, read_ = 0, journals_ = 0;
  std::optional<Problem> trouble_;  // what none of its members told
  bool told_ = false;               // a member told what ended the archive
};

void SourceReader::report(const Listener& listener, const std::string& name, Problem error) {
  listener.begin(name);
  listener.end({0, 0, std::move(error)});
}

// A whole line without a NUL: neither a tar's header nor UTF-16.
bool is_plainly_text(std::string_view head) {
  return head.find('\n') != std::string_view::npos && head.find('\0') == std::string_view::npos;
}

void SourceReader::read() {
  pass();
  // A tar that can be read again is: once for its list, then, oldest log first, as often as its order asks for.
  while (archive_ == Archive::listed && read_ < members_.size() && !budget_.spent()) {
    const std::size_t before = read_;
    flow_.trouble.reset();
    if (file_.rewind()) pass();
    if (read_ > before) continue;
    trouble_ = Problem{"the archive changed while it was read", flow_.name, "", "try again"};
    break;
  }
  if (archive_ != Archive::none) close_archive();
}

void SourceReader::pass() {
  std::uint64_t read = 0;
  Stream stream([&] {
    const auto block = file_.next();
    read += block.size();
    meter_.add(block.size());
    return block;
  });
  packed(stream, flow_, 0);
  if (size_ && *size_ > read) meter_.add(*size_ - read);  // left out, but no longer to come
}

void SourceReader::packed(Stream& stream, Flow& flow, int depth) {
  const auto codec = codec_of(stream.peek(kCodecHead));
  if (codec && depth == kDeepest) {
    flow.fail({"packed too often", flow.name, "", "unpack it by hand"});
    return report(listener_, flow.name, *flow.trouble);
  }
  if (codec) {
    Unpacker unpacker(*codec, stream, flow);
    Stream inside([&] { return unpacker.next(); });
    return packed(inside, flow, depth + 1);
  }
  File* const file = depth == 0 && &flow == &flow_ ? &file_ : nullptr;
  if (&flow != &flow_ || is_plainly_text(stream.ahead()) || !is_tar(stream.peek(kTarBlock)))
    return text(stream, flow, file);
  Tar tar(stream, flow);
  archive(tar);
}

// A damaged block of bzip2 gives rubbish first and says so only at its end: then that is the trouble to tell.
void look_for_damage(Stream& stream) {
  constexpr std::size_t kLargestBlock = std::size_t{4} << 20;
  for (std::size_t seen = 0; seen < kLargestBlock;) {
    const auto block = stream.take();
    if (block.empty()) return;
    seen += block.size();
  }
}

// `file`: as Text has it.
void SourceReader::text(Stream& stream, Flow& flow, File* file) {
  listener_.begin(flow.name);
  Reading reading;
  // What is at hand: a log that is followed through a pipe is not kept waiting for a full sample.
  const auto sample = is_plainly_text(stream.ahead()) ? stream.ahead().substr(0, kSample) : stream.peek(kSample);
  if (auto binary = binary_problem(sample, flow.name)) {
    if (flow.budget.unpacked > 0) look_for_damage(stream);
    flow.fail(std::move(*binary));
  } else {
    Text text(stream, text_shape(sample), file);
    pass_on(text, reading);
    reading.bytes = text.bytes();
  }
  reading.error = flow.trouble;
  listener_.end(reading);
}

void SourceReader::pass_on(Text& text, Reading& reading) {
  const Pull pull = [&](Buffer& buffer) { return text.pull(buffer); };
  if (listener_.text) return listener_.text(pull);
  Splitter splitter(listener_.line);
  Buffer buffer;
  for (auto bytes = pull(buffer); !bytes.empty(); bytes = pull(buffer)) splitter.block(bytes);
  splitter.finish();
  reading.lines = splitter.lines();
}

// ---- archives

void SourceReader::archive(Tar& tar) {
  if (archive_ == Archive::listed) return read_listed(tar);
  if (size_) {
    archive_ = Archive::listed;
    list(tar);
  } else {
    archive_ = Archive::read;
    read_as_it_comes(tar);
  }
  if (!told_) trouble_ = flow_.trouble;
}

std::optional<LogName> SourceReader::select(const std::string& path) {
  if (path.ends_with(".journal") || path.ends_with(".journal~")) ++journals_;
  auto log = bundle_log_name(path);
  if (log && ++selected_ > kMostMembers) return std::nullopt;
  return log;
}

void SourceReader::list(Tar& tar) {
  std::size_t index = 0;
  for (auto path = tar.next(); path; path = tar.next(), ++index) {
    if (auto log = select(*path)) members_.push_back({std::move(*log), index, std::move(*path)});
  }
  tar.drain();
  std::sort(members_.begin(), members_.end());
  bool first = true;
  std::size_t last = 0;
  for (const auto& one : members_) {
    if (first || one.index < last) meter_.expect(size_);
    first = false;
    last = one.index;
  }
}

void SourceReader::read_listed(Tar& tar) {
  std::size_t index = 0;
  while (read_ < members_.size() && members_[read_].index >= index && !budget_.spent()) {
    const auto path = tar.next();
    if (!path) return;
    if (members_[read_].index == index && members_[read_].path == *path) {
      member(tar, *path);
      ++read_;
    }
    ++index;
  }
}

// From a pipe, there is no going back.
void SourceReader::read_as_it_comes(Tar& tar) {
  for (auto path = tar.next(); path && !budget_.spent(); path = tar.next()) {
    if (select(*path)) member(tar, *path);
  }
  if (!budget_.spent()) tar.drain();
}

void SourceReader::member(Tar& tar, const std::string& path) {
  Flow inside{flow_.name + ":" + (path.starts_with("./") ? path.substr(2) : path), budget_, std::nullopt};
  Stream stream([&] {
    const auto block = tar.content();
    if (block.empty() && flow_.trouble) {
      inside.fail(*flow_.trouble);
      inside.trouble->where = inside.name;
      told_ = true;
    }
    return block;
  });
  packed(stream, inside, 0);
}

void SourceReader::close_archive() {
  if (told_) trouble_.reset();
  if (budget_.spent() && !trouble_)
    trouble_ = Problem{"the rest of the archive was not read", flow_.name, "", "unpack it by hand"};
  if (selected_ > kMostMembers && !trouble_) {
    trouble_ =
        Problem{fmt::format("{} of the {} logs in the archive were left out", selected_ - kMostMembers, selected_),
                flow_.name, "", "unpack it and name those that matter"};
  }
  if (selected_ == 0 && !trouble_) {
    trouble_ = Problem{"no error log in this archive", flow_.name, "", "unpack it and name the file"};
  }
  if (trouble_) report(listener_, flow_.name, *trouble_);
  if (journals_ > 0) {
    notes_.push_back({fmt::format("{} systemd journal{} in it left out", journals_, journals_ == 1 ? "" : "s"),
                      flow_.name, "", "unpack, then journalctl --directory DIR -u httpd -o short-iso | ahdiag"});
  }
}

// ---- names

struct Job {
  std::string path;
  std::optional<Problem> error;  // instead of it
};

std::vector<Job> jobs_of(const std::vector<std::string>& names) {
  std::vector<Job> jobs;
  for (const auto& name : names) {
    if (!is_directory(name)) {
      jobs.push_back({name, std::nullopt});
      continue;
    }
    std::optional<Problem> problem;
    for (auto& path : error_logs_in(name, problem)) jobs.push_back({std::move(path), std::nullopt});
    if (problem) jobs.push_back({name, std::move(problem)});
  }
  return jobs;
}

}  // namespace

Problems read_sources(const std::vector<std::string>& names, const Listener& listener, const Tick& tick) {
  Problems notes;
  Meter meter(tick);
  const auto jobs = jobs_of(names);
  for (const auto& job : jobs) {
    if (!job.error) meter.expect(size_of(job.path));
  }
  for (const auto& job : jobs) {
    if (job.error) {
      SourceReader::report(listener, job.path, *job.error);
    } else {
      SourceReader(job.path, listener, meter, notes).read();
    }
  }
  return notes;
}

}  // namespace ahdiag
