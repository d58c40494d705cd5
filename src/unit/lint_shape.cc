// What stands where: headers, sections, keys, continuation lines.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "text/ascii.h"
#include "unit/lint.h"
#include "unit/vocabulary.h"
#include "unit/words.h"

namespace ahdiag {

void UnitLint::add(std::size_t line, Fault fault, std::string id, std::string what, std::string corrected) {
  found_.push_back({unit_.path, line, fault, std::move(id), std::move(what), std::move(corrected)});
}

void UnitLint::headers() {
  for (const auto& header : unit_.headers) {
    const std::string name = header.text.substr(1, header.text.size() - 2);
    if (is_section(name) || name.starts_with("X-")) continue;
    const std::string meant = nearest_section(name);
    add(header.line, Fault::error, "unknown-section",
        fmt::format("There is no section [{}]: systemd ignores it and all lines below it.", name),
        meant.empty() ? "" : "[" + meant + "]");
  }
}

// Assignments in front of the first header, by the section that they belong to.
void UnitLint::homeless() {
  std::string section, lines;
  std::size_t first = 0;
  const auto tell = [&] {
    if (first == 0) return;
    add(first, Fault::error, "no-section", "This stands in no section: systemd ignores it. It belongs below a header.",
        "[" + section + "]" + lines);
    lines.clear();
  };
  for (const auto& one : unit_.assignments) {
    if (!one.section.empty()) break;
    const auto homes = homes_of(one.key);
    const std::string home = homes.empty() ? section.empty() ? "Unit" : section : homes.front();
    if (home != section) {
      tell();
      section = home;
      first = one.line;
    }
    lines += "\n" + one.key + "=" + one.value;
  }
  tell();
}

void UnitLint::key(const UnitAssignment& one) {
  if (one.section.empty() || !is_section(one.section) || has_key(one.section, one.key) || one.key.starts_with("X-"))
    return;
  const auto homes = homes_of(one.key);
  if (!homes.empty()) {
    add(one.line, Fault::error, "wrong-section",
        fmt::format("{}= belongs into [{}]: in [{}] systemd ignores it.", one.key, homes.front(), one.section),
        fmt::format("[{}]\n{}={}", homes.front(), one.key, one.value));
    return;
  }
  const std::string meant = nearest_key(one.section, one.key);
  add(one.line, Fault::error, "unknown-key",
      fmt::format("[{}] has no key {}=: systemd ignores the line.", one.section, one.key),
      meant.empty() ? "" : meant + "=" + one.value);
}

void UnitLint::strays() {
  for (const auto& stray : unit_.strays) {
    const std::string name(trim(stray.text.substr(stray.text.starts_with('[') ? 1 : 0, stray.text.find(']') - 1)));
    if (stray.text.starts_with('[')) {
      const std::string meant = nearest_section(name.substr(0, name.find_first_of(" \t]")));
      add(stray.line, Fault::error, "broken-header",
          "This is no section header: systemd takes the lines below it for the section before.",
          "[" + (meant.empty() ? name : meant) + "]");
      continue;
    }
    const auto colon = stray.text.find_first_of(": ");
    const std::string first = stray.text.substr(0, colon);
    const bool key = colon != std::string::npos && !homes_of(first).empty();
    add(stray.line, Fault::error, "no-assignment", "This is neither KEY=VALUE nor a comment: systemd ignores it.",
        key ? first + "=" + std::string(trim(stray.text.substr(colon + 1))) : "# " + stray.text);
  }
}

void UnitLint::continuation() {
  for (std::size_t i = 0; i < unit_.lines.size(); ++i) {
    const std::string& line = unit_.lines[i];
    if (!line.ends_with(' ') && !line.ends_with('\t')) continue;
    const auto text = trim_right(line);
    if (text.ends_with('\\') && !trim_left(text).starts_with('#'))
      add(i + 1, Fault::error, "blank-after-backslash", "A blank follows the backslash: the line does not go on.",
          std::string(text));
  }
  for (const auto& one : unit_.assignments) {
    for (std::size_t line = one.line + 1; line <= one.last && line <= unit_.lines.size(); ++line) {
      const auto text = trim(unit_.lines[line - 1]);
      const bool header = text.starts_with('[') && text.ends_with(']') && is_section(text.substr(1, text.size() - 2));
      const auto equals = text.find('=');
      const bool assignment = equals != std::string_view::npos && has_key(one.section, text.substr(0, equals));
      if (!header && !assignment) continue;
      const std::string before(trim_right(unit_.lines[line - 2]));
      add(line - 1, Fault::error, "swallowed-line",
          fmt::format("The backslash makes line {} a part of {}=: it has no effect of its own.", line, one.key),
          std::string(trim_right(before.substr(0, before.size() - (before.ends_with('\\') ? 1 : 0)))) + "\n" +
              std::string(text));
    }
  }
}

void UnitLint::shape() {
  headers();
  homeless();
  strays();
  continuation();
  for (const auto& one : unit_.assignments) key(one);
  for (std::size_t i = 0; i < unit_.lines.size(); ++i) {
    const std::string& line = unit_.lines[i];
    if (const auto straight = straight_quotes(line); straight && !trim_left(line).starts_with('#'))
      add(i + 1, Fault::error, "curly-quotes", "Typographic quotes are letters to systemd, not quotes.", *straight);
    if (contains(line, "\xc2\xa0"))
      add(i + 1, Fault::error, "invisible-blank", "The line holds a no-break space, which is no blank to systemd.", "");
  }
}

}  // namespace ahdiag
