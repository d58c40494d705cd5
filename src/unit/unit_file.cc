#include "unit/unit_file.h"

#include <algorithm>

#include "text/ascii.h"

namespace ahdiag {
namespace {

bool is_comment(std::string_view line) { return line.starts_with('#') || line.starts_with(';'); }

void take_statement(std::string_view text, std::size_t first, std::size_t last, std::string& section, UnitFile& unit) {
  if (text.starts_with('[') && text.ends_with(']')) {
    section = text.substr(1, text.size() - 2);
    unit.headers.push_back({first, std::string(text)});
    return;
  }
  const auto equals = text.find('=');
  if (text.starts_with('[') || equals == std::string_view::npos || equals == 0) {
    unit.strays.push_back({first, std::string(text)});
    return;
  }
  unit.assignments.push_back(
      {section, std::string(trim(text.substr(0, equals))), std::string(trim(text.substr(equals + 1))), first, last});
}

}  // namespace

const UnitAssignment* UnitFile::find(std::string_view section, std::string_view key) const {
  const UnitAssignment* found = nullptr;
  for (const auto& one : assignments) {
    if (one.section == section && one.key == key) found = one.value.empty() ? nullptr : &one;
  }
  return found;
}

std::vector<const UnitAssignment*> UnitFile::all(std::string_view section, std::string_view key) const {
  std::vector<const UnitAssignment*> found;
  for (const auto& one : assignments) {
    if (one.section != section || one.key != key) continue;
    if (one.value.empty()) {
      found.clear();
    } else {
      found.push_back(&one);
    }
  }
  return found;
}

bool UnitFile::has_section(std::string_view section) const {
  return std::ranges::any_of(headers,
                             [&](const UnitLine& one) { return one.text == "[" + std::string(section) + "]"; });
}

UnitFile read_unit(std::string path, std::string_view text) {
  UnitFile unit;
  unit.path = std::move(path);
  std::string section, pending;
  std::size_t number = 0, first = 0;
  bool going_on = false;
  for (auto line : split(text, '\n')) {
    ++number;
    if (number == 1) consume(line, "\xef\xbb\xbf");
    if (line.ends_with('\r')) line.remove_suffix(1);
    unit.lines.emplace_back(line);
    const auto words = trim(line);
    // A comment does not end a continuation: it is left out of it.
    if (is_comment(words) || (words.empty() && !going_on)) continue;
    if (!going_on) first = number;
    const bool goes_on = line.ends_with('\\') && !line.ends_with("\\\\");  // a blank behind it ends the line
    pending += (going_on && !pending.empty() ? " " : "");
    pending += goes_on ? trim_right(words.substr(0, words.size() - 1)) : words;
    going_on = goes_on;
    if (goes_on) continue;
    if (!pending.empty()) take_statement(pending, first, number, section, unit);
    pending.clear();
  }
  if (!pending.empty()) take_statement(pending, first, number, section, unit);
  return unit;
}

}  // namespace ahdiag
