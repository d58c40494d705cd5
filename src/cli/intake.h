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

  Intake(const LogFormats& formats, const Period& period, Take take)
      : formats_(formats), period_(period), take_(std::move(take)) {}

  [[nodiscard]] Listener listener();
  std::vector<InputRow> rows() { return std::move(rows_); }

 private:
  void begin(const std::string& name);
  void end(const Reading& reading);

  const LogFormats& formats_;
  const Period& period_;
  Take take_;
  std::vector<InputRow> rows_;
  std::optional<PeriodFilter> filter_;
  std::optional<EntryReader> reader_;  // of the source that is being read
};

}  // namespace ahdiag
