#include "report/steps.h"

#include <algorithm>

namespace ahdiag {

std::string heading_of(const Diagnosis& diagnosis) {
  std::string text = std::string(severity_name(diagnosis.severity)) + ": " + diagnosis.title;
  if (!diagnosis.incident.code.empty()) text += " [" + diagnosis.incident.code + "]";
  return text;
}

std::string why_of(const Step& step) {
  switch (step.risk) {
    case Risk::service_interruption: return step.why + " (interrupts the service)";
    case Risk::data: return step.why + " (may lose data: decide)";
    default: return step.why;
  }
}

std::vector<std::string> install_words(const FileWrite& file) {
  return {"install", "-o", file.owner(), "-g", file.group(), "-m", file.mode(), "--", "/dev/stdin", file.path()};
}

const FileWrite* removed_by(const Step& undo, const std::vector<Step>& all) {
  const auto* command = std::get_if<Command>(&undo.action);
  if (undo.phase != Phase::undo || command == nullptr) return nullptr;
  for (const auto& step : all) {
    const auto* file = std::get_if<FileWrite>(&step.action);
    if (file == nullptr) continue;
    const Command removal = file->removal();
    if (std::ranges::equal(removal.argv(), command->argv())) return file;
  }
  return nullptr;
}

}  // namespace ahdiag
