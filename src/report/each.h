// What each finding is in a report, written in its order, and made by several threads.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "report/report.h"
#include "text/threads.h"

namespace ahdiag {

// `form` gives the text of a finding.
template <typename Form>
void write_each(std::span<const Finding> findings, unsigned threads, const Sink& sink, const Form& form) {
  constexpr std::size_t kAtOnce = 512;  // more would take too much memory
  std::vector<std::string> texts;
  for (; !findings.empty(); findings = findings.subspan(texts.size())) {
    texts.assign(std::min(findings.size(), threads > 1 ? kAtOnce : 1), {});
    for_each_of(texts.size(), threads, [&](std::size_t i) { texts[i] = form(findings[i]); });
    for (const auto& text : texts) sink(text);
  }
}

}  // namespace ahdiag
