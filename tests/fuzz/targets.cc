#include "targets.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>

namespace ahdiag::fuzz {
namespace {

constexpr std::array<Target, 6> kTargets = {
    {{"log", log}, {"source", source}, {"rules", rules}, {"merge", merge}, {"state", state}, {"unit", unit}}};

bool is_control(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte == '\n') return false;
  if (byte < 0x20 || byte == 0x7f) return true;
  return byte == 0xc2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xa0;  // C1
}

}  // namespace

std::span<const Target> targets() { return kTargets; }

const Target* find_target(std::string_view name) {
  const auto* const found = std::ranges::find(kTargets, name, &Target::name);
  return found == kTargets.end() ? nullptr : found;
}

void must(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "does not hold: " << what << '\n';
  std::abort();
}

void must_be_printable(std::string_view text, std::string_view what) {
  for (std::size_t i = 0; i < text.size(); ++i) must(!is_control(text, i), what);
}

}  // namespace ahdiag::fuzz
