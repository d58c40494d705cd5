#include "report/writer.h"

namespace ahdiag {

std::string_view phase_title(Phase phase) {
  switch (phase) {
    case Phase::inspect: return "Look first";
    case Phase::repair: return "Repair";
    case Phase::persist: return "Make it last";
    case Phase::verify: return "Verify";
    case Phase::undo: return "To take it all back";
  }
  return "";
}

}  // namespace ahdiag
