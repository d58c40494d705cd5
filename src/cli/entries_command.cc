#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "cli/run.h"
#include "entry/reader.h"
#include "report/entries_json.h"

namespace ahdiag {
namespace {

constexpr std::size_t kBlock = 64 * 1024;

// Ends the reading of sources that have no end of their own.
struct CannotWrite {
  int exit;
};

bool is_file(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

bool reads_stdin(const std::vector<std::string>& files) {
  return files.empty() || std::find(files.begin(), files.end(), "-") != files.end();
}

class Printer {
 public:
  explicit Printer(const Options& options)
      : options_(&options), at_once_(reads_stdin(options.files) && !is_file(STDIN_FILENO)) {}

  void entry(const Entry& entry, std::string_view source) {
    if (options_->ecs) {
      append_ecs(buffer_, entry, source, options_->period.zone());
    } else {
      append_entry(buffer_, entry, source);
    }
    if (at_once_ || buffer_.size() >= kBlock) flush();
  }

  void flush() {
    const WriteResult result = write_out(buffer_);
    buffer_.clear();
    if (result != WriteResult::done) throw CannotWrite{result == WriteResult::closed ? kNothingFound : kIncomplete};
  }

 private:
  const Options* options_;
  bool at_once_;  // somebody may be watching
  std::string buffer_;
};

bool print_source(const NamedFeed& source, std::uint32_t index, const Options& options, Printer& printer) {
  PeriodFilter filter(options.period);
  const auto take = [&](const Entry& entry, std::string_view) {
    if (filter.passes(entry)) printer.entry(entry, source.name);
  };
  EntryReader reader(index, take, &options.log_formats);
  const Reading reading = source.feed([&](const Line& line) { reader.line(line); });
  reader.finish();
  if (reading.error) complain({*reading.error});
  return !reading.error;
}

}  // namespace

int run_entries(const Options& options) {
  if (lacks_input(options)) return kUsage;
  bool whole = true;
  try {
    Printer printer(options);
    std::uint32_t index = 0;
    for (const auto& source : feeds_of(options.files)) whole = print_source(source, index++, options, printer) && whole;
    printer.flush();
  } catch (const CannotWrite& failure) {
    return failure.exit;
  }
  return whole ? kNothingFound : kIncomplete;
}

}  // namespace ahdiag
