// What a feed tells of its sources becomes entries, and how they went a row of the report.
#pragma once

#include <functional>
#include <optional>
#include <span>
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

  // `familiar`: who takes the entries, where that need not be shown again what it knows. It outlives this.
  Intake(const LogFormats& formats, const Period& period, Take take, Familiar* familiar = nullptr);

  void begin(const std::string& name);
  void line(const Line& line) { reader_->line(line); }
  // The same for lines that somebody has looked at, as EntryReader has it.
  void lines(std::span<LookedLine> all, std::span<const Recognition> recognitions) {
    reader_->lines(all, recognitions);
  }
  void end(const Reading& reading);
  // What is known of what lines say; null where each of them has to be read.
  [[nodiscard]] const KnownWords* known();
  [[nodiscard]] Listener listener();
  std::vector<InputRow> rows() { return std::move(rows_); }

 private:
  // Lets through to another what is of the period.
  class InPeriod final : public Familiar {
   public:
    explicit InPeriod(Intake& intake) : intake_(&intake) {}

    [[nodiscard]] Verdict verdict() const override { return intake_->passed_ ? intake_->familiar_->verdict() : 0; }
    void again(std::span<const LookedLine> all, std::uint32_t source) override {
      for (const auto& one : all) {
        if (intake_->filter_->passes(one.plain.time())) intake_->familiar_->again({&one, 1}, source);
      }
    }
    void recognise(const Recognition& known, const Repeat& line) override {
      intake_->passed_ = intake_->filter_->passes(line.looked.plain.time());
      if (intake_->passed_) intake_->familiar_->recognise(known, line);
    }
    void keep() override { intake_->familiar_->keep(); }

   private:
    Intake* intake_;
  };

  [[nodiscard]] Familiar* familiar();

  const LogFormats& formats_;
  const Period& period_;
  Take take_;
  Familiar* familiar_;
  InPeriod in_period_;
  bool passed_ = false;  // the last entry was of the period
  std::vector<InputRow> rows_;
  std::optional<PeriodFilter> filter_;
  std::optional<EntryReader> reader_;  // of the source that is being read
};

}  // namespace ahdiag
