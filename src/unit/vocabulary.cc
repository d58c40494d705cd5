#include "unit/vocabulary.h"

#include <algorithm>
#include <array>
#include <utility>

#include "text/ascii.h"
#include "text/suggest.h"

namespace ahdiag {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kVocabulary = {{
#include "unit/vocabulary.inc"
}};
constexpr std::string_view kProcesses = "*";

bool starts_processes(std::string_view section) {
  return section == "Service" || section == "Socket" || section == "Mount" || section == "Swap";
}

// The key as the list has it: "Type", or "RemainAfterExit?".
std::string_view find_key(std::string_view section, std::string_view key) {
  for (const auto& [name, text] : kVocabulary) {
    if (name != section && !(name == kProcesses && starts_processes(section))) continue;
    for (const auto line : split(text, '\n')) {
      for (const auto word : split(line, ' ')) {
        if (word == key || (word.ends_with('?') && word.substr(0, word.size() - 1) == key)) return word;
      }
    }
  }
  return {};
}

std::vector<std::string_view> keys_of(std::string_view section) {
  std::vector<std::string_view> keys;
  for (const auto& [name, text] : kVocabulary) {
    if (name != section && !(name == kProcesses && starts_processes(section))) continue;
    for (const auto line : split(text, '\n')) {
      for (const auto word : split(line, ' '))
        keys.push_back(word.substr(0, word.size() - (word.ends_with('?') ? 1 : 0)));
    }
  }
  return keys;
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string_view>& choices) {
  // A short word is near to anything: "Uses" is no slip of "User" and of "Use".
  const std::size_t limit = word.size() < 5 ? 1 : 2;
  std::string best;
  std::size_t least = limit + 1;
  for (const auto choice : choices) {
    const std::size_t apart = distance(word, choice, limit);
    if (apart >= least) continue;
    least = apart;
    best = choice;
  }
  return best;
}

bool is_section(std::string_view name) {
  return name != kProcesses && std::ranges::any_of(kVocabulary, [&](const auto& row) { return row.first == name; });
}

std::string nearest_section(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& [section, keys] : kVocabulary) {
    if (section != kProcesses) names.push_back(section);
  }
  return nearest(name, names);
}

bool has_key(std::string_view section, std::string_view key) { return !find_key(section, key).empty(); }

bool takes_boolean(std::string_view section, std::string_view key) { return find_key(section, key).ends_with('?'); }

std::string nearest_key(std::string_view section, std::string_view key) { return nearest(key, keys_of(section)); }

std::vector<std::string> homes_of(std::string_view key) {
  std::vector<std::string> homes;
  for (const std::string_view section : {"Unit", "Service", "Install"}) {
    if (has_key(section, key)) homes.emplace_back(section);
  }
  for (const auto& [section, keys] : kVocabulary) {
    const bool known = std::ranges::find(homes, section) != homes.end();
    if (section != kProcesses && !known && has_key(section, key)) homes.emplace_back(section);
  }
  return homes;
}

}  // namespace ahdiag
