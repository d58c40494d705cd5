// A number of a text for tables in memory: quick, the same within a run, and no secret.
#pragma once

#include <cstddef>
#include <string_view>

namespace ahdiag {

std::size_t hash_of(std::string_view text);

}  // namespace ahdiag
