#include "runtime/tls/self_signed.hpp"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/x509v3.h>

#include "runtime/tls/handles.hpp"
#include "runtime/tls/private_file.hpp"
#include "runtime/tls/x509_parts.hpp"

namespace garita::runtime::tls {
namespace {

constexpr long ten_years_in_seconds = 3653L * 24 * 3600;
constexpr long clock_slack_in_seconds = 24L * 3600;  // a peer's clock may be behind ours

bool is_address(const std::string& name) {
    unsigned char bytes[16];
    return inet_pton(AF_INET, name.c_str(), bytes) == 1 || inet_pton(AF_INET6, name.c_str(), bytes) == 1;
}

/// "DNS:hub.example,IP:192.0.2.1", or nothing where a name could smuggle further entries into the list.
std::string alternative_names(const std::vector<std::string>& names) {
    std::string list;
    for (const auto& name : names) {
        const bool plain =
            !name.empty() && name.size() < 254 &&
            name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._*:") ==
                std::string::npos;
        if (!plain || (name.find(':') != std::string::npos && !is_address(name))) return {};
        if (!list.empty()) list += ',';
        list += (is_address(name) ? "IP:" : "DNS:") + name;
    }
    return list;
}

CertificatePtr make_certificate(EVP_PKEY* key, const std::string& common_name,
                                const std::string& alternatives) {
    CertificatePtr certificate(X509_new());
    if (!certificate) return nullptr;
    X509* const raw = certificate.get();
    X509_NAME* const name = X509_get_subject_name(raw);
    const bool made = X509_set_version(raw, X509_VERSION_3) == 1 && set_random_serial(raw) &&
                      X509_gmtime_adj(X509_getm_notBefore(raw), -clock_slack_in_seconds) != nullptr &&
                      X509_gmtime_adj(X509_getm_notAfter(raw), ten_years_in_seconds) != nullptr &&
                      set_common_name(name, common_name) && X509_set_issuer_name(raw, name) == 1 &&
                      X509_set_pubkey(raw, key) == 1 &&
                      add_extension(raw, raw, NID_basic_constraints, "critical,CA:FALSE") &&
                      add_extension(raw, raw, NID_key_usage, "critical,digitalSignature") &&
                      add_extension(raw, raw, NID_ext_key_usage, "serverAuth,clientAuth") &&
                      add_extension(raw, raw, NID_subject_alt_name, alternatives) &&
                      add_extension(raw, raw, NID_subject_key_identifier, "hash") &&
                      X509_sign(raw, key, EVP_sha256()) != 0;
    if (!made) return nullptr;
    return certificate;
}

}  // namespace

Result<void> make_self_signed(const KeyPaths& paths, const std::vector<std::string>& names) {
    const std::string alternatives = alternative_names(names);
    if (alternatives.empty()) {
        return fail(ErrorCode::invalid,
                    "a certificate needs at least one name, each a host name or an IP address");
    }
    const KeyPtr key(EVP_EC_gen("P-256"));
    if (!key) return openssl_failed("make a P-256 key");
    const CertificatePtr certificate = make_certificate(key.get(), names.front(), alternatives);
    if (!certificate) return openssl_failed("make a certificate for " + names.front());
    const std::string key_text = pem_of(key.get());
    const std::string certificate_text = pem_of(certificate.get());
    if (key_text.empty() || certificate_text.empty())
        return openssl_failed("write the certificate for " + names.front());
    if (const auto written = write_private_file(paths.key, key_text); !written) return written;
    return write_private_file(paths.certificate, certificate_text);
}

}  // namespace garita::runtime::tls
