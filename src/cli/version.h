#pragma once

#include <string>
#include <string_view>

namespace ahdiag {

std::string_view version();
// "ahdiag 0.1.0\n61 rules …": what --version prints.
std::string version_text();

}  // namespace ahdiag
