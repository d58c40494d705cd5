// What a feed tells of its sources becomes entries, and how they went a row of the report.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "entry/period.h"
#include "entry/reader.h"
#include "input/sources.h"
#include "report/report.h"

namespace ahdiag {

class Intake {
 public:
  // Gets each entry of the period; `source` names where it stands.
  using Take = std::function<void(const Entry&, std::string_view around, const std::string& source)>;

  // `familiarity`: for who need not see again what it knows.
  Intake(const LogFormats& formats, const Period& period, Take take, Familiarity familiarity = {});

  void begin(const std::string& name);
  void line(const Line& line) { reader_->line(line); }
  // The same for a line that somebody has looked at, as EntryReader has it.
  void line(const Line& line, const std::optional<PlainLine>& plain, bool alone) { reader_->line(line, plain, alone); }
  void expect(const PlainLine& plain) const { reader_->expect(plain); }
  void end(const Reading& reading);
  [[nodiscard]] Listener listener();
  std::vector<InputRow> rows() { return std::move(rows_); }

 private:
  const LogFormats& formats_;
  const Period& period_;
  Take take_;
  Familiarity familiarity_;  // of the reader: that of who takes the entries, within the period
  bool passed_ = false;      // the last entry was of the period
  std::vector<InputRow> rows_;
  std::optional<PeriodFilter> filter_;
  std::optional<EntryReader> reader_;  // of the source that is being read
};

}  // namespace ahdiag
