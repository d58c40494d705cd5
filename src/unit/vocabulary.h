// Which keys a section of a unit file has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ahdiag {

bool is_section(std::string_view name);
// The section of that name but for its case and a slip or two; empty where there is none.
std::string nearest_section(std::string_view name);

bool has_key(std::string_view section, std::string_view key);
bool takes_boolean(std::string_view section, std::string_view key);
// The key of the section that was probably meant; empty where there is none.
std::string nearest_key(std::string_view section, std::string_view key);
// The sections that have the key; the service's before others.
std::vector<std::string> homes_of(std::string_view key);

// The word of `choices` that was probably meant; empty where there is none.
std::string nearest(std::string_view word, const std::vector<std::string_view>& choices);

}  // namespace ahdiag
