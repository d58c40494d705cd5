// What is compiled into the binary: every file below rules/. cmake/embed.cmake writes the other side.
#pragma once

#include <span>
#include <string_view>

namespace ahdiag {

struct EmbeddedFile {
  std::string_view name;  // relative to rules/: "core/AH00023.json"
  std::string_view text;
};

std::span<const EmbeddedFile> embedded_files();  // in the order of their names

// Empty where there is no such file.
std::string_view embedded_file(std::string_view name);

}  // namespace ahdiag
