#pragma once
// What all certificates that Garita makes have in common. OpenSSL's types: for this folder's .cpp files only.

#include <string>

#include "model/result.hpp"
#include "runtime/tls/handles.hpp"

namespace garita::runtime::tls {

[[nodiscard]] tl::unexpected<Error> openssl_failed(const std::string& doing);

/// `issuer` is the certificate itself when it is self-signed.
[[nodiscard]] bool add_extension(X509* certificate, X509* issuer, int kind, const std::string& value);
/// 127 random bits.
[[nodiscard]] bool set_random_serial(X509* certificate);
/// Sets CN alone; at most 64 bytes of it, the most a common name may have.
[[nodiscard]] bool set_common_name(X509_NAME* name, const std::string& text);

/// What was written into a memory BIO.
[[nodiscard]] std::string text_of(BIO* bio);
/// Empty when OpenSSL fails.
[[nodiscard]] std::string pem_of(X509* certificate);
[[nodiscard]] std::string pem_of(EVP_PKEY* private_key);

}  // namespace garita::runtime::tls
