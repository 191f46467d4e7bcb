#pragma once
// The fingerprint of a loaded certificate; apart from fingerprint.hpp so that others need no OpenSSL headers.

#include <openssl/x509.h>

#include "runtime/tls/fingerprint.hpp"

namespace garita::runtime::tls {

[[nodiscard]] Result<Fingerprint> fingerprint_of(const X509* certificate);
[[nodiscard]] Result<Fingerprint> fingerprint_of(const EVP_PKEY* key);

}  // namespace garita::runtime::tls
