// A systemd unit file as it stands: every assignment with its line, and what is none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ahdiag {

struct UnitAssignment {
  std::string section;  // "Service"; empty in front of the first header
  std::string key;
  std::string value;     // continuation lines joined with a blank
  std::size_t line = 0;  // from 1
  std::size_t last = 0;  // of its continuation
};

struct UnitLine {
  std::size_t line = 0;
  std::string text;  // trimmed
};

struct UnitFile {
  std::string path;                         // as given
  std::vector<std::string> lines;           // as they stand, without the newline
  std::vector<UnitLine> headers;            // "[Service]"
  std::vector<UnitAssignment> assignments;  // in order
  std::vector<UnitLine> strays;             // neither header, comment nor assignment

  // The value that counts: the last; null where there is none or an empty assignment has reset it.
  [[nodiscard]] const UnitAssignment* find(std::string_view section, std::string_view key) const;
  [[nodiscard]] std::vector<const UnitAssignment*> all(std::string_view section, std::string_view key) const;
  [[nodiscard]] bool has_section(std::string_view section) const;
};

// Source: systemd src/shared/conf-parser.c, config_parse.
UnitFile read_unit(std::string path, std::string_view text);

}  // namespace ahdiag
