#include "entry/address.h"

#include <algorithm>

#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::int64_t kLastPort = 65535;

bool is_ipv4(std::string_view text) {
  for (int i = 0; i < 4; ++i) {
    if (i > 0 && !consume(text, ".")) return false;
    const auto before = text.size();
    const auto part = consume_number(text);
    if (!part || *part > 255 || before - text.size() > 3) return false;
  }
  return text.empty();
}

constexpr bool is_hex(char c) { return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f'); }

// A group of hexadecimal digits, or the dotted end of an IPv4-mapped address, which counts for two.
std::size_t groups_of(std::string_view part, bool last) {
  if (last && is_ipv4(part)) return 2;
  return !part.empty() && part.size() <= 4 && std::ranges::all_of(part, is_hex) ? 1 : 0;
}

// Groups on one side of "::"; nothing where one is none.
std::optional<std::size_t> count_groups(std::string_view text, bool last) {
  std::size_t count = 0;
  while (!text.empty()) {
    const auto end = text.find(':');
    const std::size_t groups = groups_of(text.substr(0, end), last && end == std::string_view::npos);
    if (groups == 0 || end + 1 == text.size()) return std::nullopt;
    count += groups;
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return count;
}

bool is_ipv6(std::string_view text) {
  constexpr std::size_t kGroups = 8;
  text = text.substr(0, text.find('%'));  // the zone: "fe80::1%eth0"
  const auto gap = text.find("::");
  if (gap == std::string_view::npos) return count_groups(text, true) == kGroups;
  const auto left = count_groups(text.substr(0, gap), false);
  const auto right = count_groups(text.substr(gap + 2), true);
  return left && right && *left + *right < kGroups;
}

std::optional<std::int64_t> to_port(std::string_view text) {
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  const auto port = to_number(text);
  return port && *port <= kLastPort ? port : std::nullopt;
}

}  // namespace

bool is_ip(std::string_view text) { return is_ipv4(text) || is_ipv6(text); }

Address split_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return {text, std::nullopt};
  auto host = text.substr(0, colon);
  const auto port = to_port(text.substr(colon + 1));
  const bool cut_short = contains(host, ":") && !host.starts_with('[') && !is_ipv6(host) && is_ipv6(text);
  if (!port || host.empty() || cut_short) return {text, std::nullopt};
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {host, port};
}

}  // namespace ahdiag
