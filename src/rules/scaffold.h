// The beginning of a rule file, filled with what the catalogue knows. What a person has to write says TODO, and the
// linter refuses it as long as it does.
#pragma once

#include <string>
#include <string_view>

namespace ahdiag {

inline constexpr std::string_view kToWrite = "TODO";

// `id`: an id of httpd, or a name of one's own.
std::string scaffold(std::string_view id);

// Where the file belongs below rules/: "core/AH00023.json".
std::string place_of_rule(std::string_view id);

}  // namespace ahdiag
