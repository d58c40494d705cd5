#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "cli/intake.h"
#include "cli/run.h"
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

}  // namespace

int run_entries(const Options& options) {
  if (lacks_input(options)) return kUsage;
  Problems notes;
  std::vector<InputRow> rows;
  try {
    Printer printer(options);
    Intake intake(
        options.log_formats, options.period,
        [&](const Entry& entry, std::string_view, const std::string& source) { printer.entry(entry, source); });
    feed_of(options, notes)(intake.listener());
    printer.flush();
    rows = intake.rows();
  } catch (const CannotWrite& failure) {
    return failure.exit;
  }
  complain(notes);
  return complain_of(rows) ? kIncomplete : kNothingFound;
}

}  // namespace ahdiag
