#include "host/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <limits>
#include <memory>

#include "text/ascii.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* one) const {
    Free(one);
  }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using X509Handle = std::unique_ptr<X509, Deleter<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Deleter<GENERAL_NAMES_free>>;

Bio bio_of(std::string_view text) {
  const auto size = std::min<std::size_t>(text.size(), std::numeric_limits<int>::max());
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(size)));
}

// Instead of asking on the terminal; says that it was asked.
int no_pass_phrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

X509Handle certificate_of(std::string_view pem) {
  bool asked = false;
  X509Handle found(PEM_read_bio_X509(bio_of(pem).get(), nullptr, no_pass_phrase, &asked));
  ERR_clear_error();
  return found;
}

std::int64_t seconds_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return 0;
  return static_cast<std::int64_t>(::timegm(&parts));
}

std::string text_of(const ASN1_STRING* text) {
  const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(text));  // NOLINT: bytes of the library
  return printable(std::string_view(data, static_cast<std::size_t>(ASN1_STRING_length(text))));
}

std::string address_of(const ASN1_OCTET_STRING* bytes) {
  constexpr int kFour = 4;
  if (ASN1_STRING_length(bytes) != kFour) return {};  // IPv6 has many spellings: not compared
  const unsigned char* data = ASN1_STRING_get0_data(bytes);
  std::string text;
  for (int i = 0; i < kFour; ++i) text += (i == 0 ? "" : ".") + std::to_string(data[i]);  // NOLINT: of that length
  return text;
}

std::vector<std::string> names_of(X509* certificate) {
  std::vector<std::string> names;
  const Names all(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    int type = 0;
    const auto* value = static_cast<ASN1_STRING*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(all.get(), i), &type));
    if (type == GEN_DNS) names.push_back(lower(text_of(value)));
    if (type == GEN_IPADD) names.push_back(address_of(value));
  }
  if (!names.empty()) return names;
  X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at >= 0) names.push_back(lower(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)))));
  return names;
}

}  // namespace

std::optional<Certificate> read_certificate(std::string_view pem) {
  const X509Handle found = certificate_of(pem);
  if (!found) return std::nullopt;
  return Certificate{seconds_of(X509_get0_notBefore(found.get())), seconds_of(X509_get0_notAfter(found.get())),
                     names_of(found.get())};
}

Pair compare(std::string_view certificate_pem, std::string_view key_pem) {
  const X509Handle certificate = certificate_of(certificate_pem);
  if (!certificate) return Pair::no_certificate;
  bool asked = false;
  const Key key(PEM_read_bio_PrivateKey(bio_of(key_pem).get(), nullptr, no_pass_phrase, &asked));
  ERR_clear_error();
  if (!key) return asked ? Pair::locked : Pair::no_key;
  const EVP_PKEY* its_own = X509_get0_pubkey(certificate.get());
  if (its_own == nullptr) return Pair::no_certificate;
  const bool equal = EVP_PKEY_eq(its_own, key.get()) == 1;
  ERR_clear_error();
  return equal ? Pair::match : Pair::mismatch;
}

bool is_for(const Certificate& certificate, std::string_view host) {
  const std::string wanted = lower(host);
  const auto rest = wanted.find('.');
  return std::ranges::any_of(certificate.names, [&](const std::string& name) {
    const bool wild = name.starts_with("*.") && rest != std::string::npos && wanted.substr(rest) == name.substr(1);
    return wild || name == wanted;
  });
}

}  // namespace ahdiag
