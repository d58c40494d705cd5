#include "text/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace ahdiag {

std::size_t hash_of(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

}  // namespace ahdiag
