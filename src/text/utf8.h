// What may be shown: logs hold arbitrary bytes, reports and terminals must not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ahdiag {

// Length of the valid UTF-8 sequence at the front of `text`, 0 if there is none.
// Source: Unicode 15, table 3-7 (no overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t utf8_length(std::string_view text);

// Appends a character by its number in Unicode.
void append_utf8(std::uint32_t code, std::string& to);

// `text` as valid UTF-8: each byte that is not part of a valid sequence becomes the four characters \xNN.
std::string to_utf8(std::string_view text);

// Also without anything that steers a terminal or reorders what is read: C0 and C1 controls, DEL, and the
// bidirectional and invisible format characters become \xNN of their bytes. Tab becomes a blank.
std::string printable(std::string_view text);

// No byte of it is part of a longer sequence.
bool is_ascii(std::string_view text);

// Number of columns that a printable() text takes, one a code point.
std::size_t columns(std::string_view text);

// The bytes behind httpd's log escapes (\n, \t, \\, \", \xhh). What is no escape stays as it is.
// Source: httpd server/util.c, ap_escape_errorlog_item.
std::string unescape_log(std::string_view text);

}  // namespace ahdiag
