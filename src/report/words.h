// Sentences that the forms for people have in common. All of them are printable; none is escaped for any form.
#pragma once

#include <string>
#include <vector>

#include "report/report.h"

namespace ahdiag {

// "error.log, line 3"
std::string place_of(const Report& report, const Evidence& evidence);

// "error.log, line 3, and 4 more, 2024-03-13T07:02:11 to 2024-03-13T08:00:00"
std::string when_and_where(const Report& report, const Incident& incident);

// "2024-03-13T07:02:11 to 2024-03-13T08:00:00", or one moment; empty where the log states no time.
std::string period_of(const Incident& incident);

// "exit status 1, 'text'"; empty where success is all that is expected.
std::string expectation(const Step& step);

// What is typed for a step: the command, or one that writes the file, ending without a newline. Empty for words.
std::string typed(const Step& step);

// "AH01760 (2 times): the module's own summary"
std::string consequence_in_words(const Diagnosis& diagnosis, const Consequence& one);

// What --host saw: of the cause, then of those that it ruled out.
struct LabelledText {
  std::string label;  // empty: as the one before
  std::string text;
};
std::vector<LabelledText> seen_in_words(const Diagnosis& diagnosis);

// "3 times AH02087, mod_heartmonitor (heartbeats of a cluster, the receiver), crit"
std::string unmatched_in_words(const Unmatched& one);

// "Looked at: this machine, Debian GNU/Linux 12 (bookworm), httpd 2.4.62."
std::string machine_in_words(const Machine& machine);

// "14 lines read; plans are for rhel (…)."
std::string closing_words(const Report& report);

}  // namespace ahdiag
