// Entries as JSON, one object a line: what `ahdiag entries` prints.
#pragma once

#include <string>
#include <string_view>

#include "entry/entry.h"
#include "input/clock.h"

namespace ahdiag {

// Appends the entry and a newline. What an entry does not tell is null. Always valid UTF-8: any other byte becomes the
// four characters \xNN.
void append_entry(std::string& out, const Entry& entry, std::string_view source);

// The same with the field names of Elastic Common Schema; what an entry does not tell is left out. A time without a
// zone is taken as one of `zone`, and event.timezone says so.
void append_ecs(std::string& out, const Entry& entry, std::string_view source, const TimeZone& zone);

}  // namespace ahdiag
