// Certificates and keys: dates, names, and whether the two belong together. Of a private key only the public half is
// ever compared; nothing of it is kept or shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ahdiag {

struct Certificate {
  std::int64_t begins = 0, ends = 0;  // seconds since 1970, UTC
  std::vector<std::string> names;     // DNS names and addresses that it is for; the common name where there are none
};

// The first certificate of a PEM file.
std::optional<Certificate> read_certificate(std::string_view pem);

// Of the first certificate and the first private key in these files.
enum class Pair { match, mismatch, no_certificate, no_key, locked };
Pair compare(std::string_view certificate_pem, std::string_view key_pem);

// RFC 6125: a wildcard stands for one label, at the left.
bool is_for(const Certificate& certificate, std::string_view host);

}  // namespace ahdiag
