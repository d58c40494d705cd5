#include "rules/pattern.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <map>

namespace ahdiag {
namespace {

constexpr int kMostMemory = 4 * 1024 * 1024;
constexpr int kMostGroups = 32;

RE2::Options options() {
  RE2::Options options(RE2::Latin1);  // logs hold arbitrary bytes
  options.set_log_errors(false);
  options.set_max_mem(kMostMemory);
  options.set_dot_nl(true);
  return options;
}

}  // namespace

const RE2& Pattern::compiled() const {
  if (!compiled_) compiled_ = std::make_shared<const RE2>(source_, options());
  return *compiled_;
}

std::optional<std::string> Pattern::error() const {
  if (!compiled().ok()) return compiled().error();
  if (compiled().NumberOfCapturingGroups() > kMostGroups) return "it has more than 32 groups";
  return std::nullopt;
}

std::vector<std::string> Pattern::groups() const {
  std::vector<std::string> names(static_cast<std::size_t>(std::max(0, compiled().NumberOfCapturingGroups())));
  for (const auto& [number, name] : compiled().CapturingGroupNames())
    names.at(static_cast<std::size_t>(number) - 1) = name;
  return names;
}

std::optional<std::vector<std::string_view>> Pattern::match(std::string_view text) const {
  if (source_.empty()) return std::vector<std::string_view>();
  if (!compiled().ok()) return std::nullopt;
  std::array<re2::StringPiece, kMostGroups + 1> groups;
  const int count = std::min(kMostGroups, compiled().NumberOfCapturingGroups()) + 1;
  const re2::StringPiece whole(text.data(), text.size());
  if (!compiled().Match(whole, 0, text.size(), RE2::ANCHOR_BOTH, groups.data(), count)) return std::nullopt;
  std::vector<std::string_view> texts;
  for (int i = 1; i < count; ++i) {
    const auto& group = groups.at(static_cast<std::size_t>(i));
    texts.emplace_back(group.data() == nullptr ? std::string_view() : std::string_view(group.data(), group.size()));
  }
  return texts;
}

}  // namespace ahdiag
