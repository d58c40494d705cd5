// "203.0.113.9:4711" taken apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ahdiag {

struct Address {
  std::string_view host;
  std::optional<std::int64_t> port;
};

// Splits at the last colon, for httpd writes IPv6 without brackets; where no port stands there (2.2), there is none.
Address split_address(std::string_view text);

bool is_ip(std::string_view text);

}  // namespace ahdiag
