#include "report/report.h"

namespace ahdiag {

std::string_view status_word(const Report& report) {
  if (!report.worst || *report.worst == Severity::notice) return "ok";
  return severity_name(*report.worst);
}

}  // namespace ahdiag
