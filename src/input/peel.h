// The peelers of framing.cc, one per frame; each says whether it took something off the front of `framed.text`.
#pragma once

#include <cstddef>
#include <string_view>

#include "input/framing.h"

namespace ahdiag {

inline constexpr std::size_t kLongestName = 64;

bool peel_syslog(Framed& framed);   // syslog.cc
bool peel_rfc5424(Framed& framed);  // syslog.cc
bool peel_kernel(Framed& framed);   // syslog.cc: "[12345.678901] "
bool peel_cri(Framed& framed);      // container.cc
bool peel_compose(Framed& framed);  // container.cc
bool peel_pod(Framed& framed);      // container.cc
bool peel_clock(Framed& framed);    // container.cc: supervisors
bool peel_ci(Framed& framed);       // container.cc
bool peel_jenkins(Framed& framed);  // container.cc

// The word at the front (no blanks), removed from `text`; empty if there is none.
std::string_view consume_word(std::string_view& text);
bool consume_blanks(std::string_view& text);
// "07:02:11", with or without a fraction: microseconds of the day.
std::optional<std::int64_t> consume_time_of_day(std::string_view& text);
bool all_digits(std::string_view text);
// Letters, digits and the marks that names of hosts, containers and units have.
bool is_name(std::string_view text);

}  // namespace ahdiag
