// Times in the forms that an ErrorLogFormat can give them.
#pragma once

#include <optional>
#include <string_view>

#include "text/stamp.h"

namespace ahdiag {

// %t with each of httpd's options (ctime, ISO, with or without fraction and zone), and the form of access logs,
// "22/Nov/2026:15:20:05 +0100"; at the front of `text`, removed from it.
std::optional<Stamp> consume_log_time(std::string_view& text);

// A time that strftime(3) wrote with `format`, in the C locale.
std::optional<Stamp> consume_time(std::string_view& text, std::string_view format);

// Whether consume_time can read what `format` writes.
bool is_time_format(std::string_view format);

}  // namespace ahdiag
