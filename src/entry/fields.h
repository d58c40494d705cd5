// The single fields of an entry: what each looks like, wherever a format puts it. Source: httpd server/log.c.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "entry/entry.h"

namespace ahdiag {

// "error", "trace3"; leaves `entry` alone where the name is no level of httpd's.
bool set_level(Entry& entry, std::string_view name);

// What httpd takes for a module's name: LoadModule's identifier, whatever its author wrote.
bool is_module(std::string_view text);

// "mod_proxy.c(1467)".
bool is_where(std::string_view text);

// "0oWQCnekd2Y", or the id of mod_unique_id.
bool is_log_id(std::string_view text);

// "www.example.com", "[2001:db8::1]:443"
bool is_host(std::string_view text);

// What httpd puts between its words and the page that referred to the request; the last one, since words may hold one.
inline constexpr std::string_view kReferer = ", referer: ";
std::size_t find_referer(std::string_view text);

// As long as httpd lets a record become: 8192 bytes with its end (MAX_STRING_LEN), cut without a mark.
bool has_longest_size(std::string_view text);

// Code and second code off the front of the words, the rest as the message.
void set_message(Entry& entry, std::string_view words);

}  // namespace ahdiag
