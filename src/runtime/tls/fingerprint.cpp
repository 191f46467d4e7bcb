#include "runtime/tls/fingerprint.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "runtime/tls/certificate_key.hpp"
#include "runtime/tls/handles.hpp"
#include "runtime/tls/openssl_error.hpp"

namespace garita::runtime::tls {
namespace {

constexpr std::string_view prefix = "sha256:";

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

tl::unexpected<Error> not_a_fingerprint() {
    return fail(
        ErrorCode::invalid,
        "not a fingerprint: expected \"sha256:\" followed by 64 hexadecimal digits, as the hub shows it");
}

}  // namespace

std::string to_text(const Fingerprint& fingerprint) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text(prefix);
    for (const unsigned char byte : fingerprint.sha256) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

Result<Fingerprint> parse_fingerprint(std::string_view text) {
    if (!text.starts_with(prefix)) return not_a_fingerprint();
    text.remove_prefix(prefix.size());
    Fingerprint fingerprint;
    std::size_t at = 0;
    for (std::size_t i = 0; i < fingerprint.sha256.size(); ++i) {
        if (i > 0 && at < text.size() && text[at] == ':') ++at;
        if (at + 2 > text.size()) return not_a_fingerprint();
        const int high = hex_value(text[at]);
        const int low = hex_value(text[at + 1]);
        if (high < 0 || low < 0) return not_a_fingerprint();
        fingerprint.sha256[i] = static_cast<unsigned char>(high * 16 + low);
        at += 2;
    }
    if (at != text.size()) return not_a_fingerprint();
    return fingerprint;
}

std::string to_curl_pin(const Fingerprint& fingerprint) {
    std::array<unsigned char, 4 * ((32 + 2) / 3) + 1> base64{};
    const int length = EVP_EncodeBlock(base64.data(), fingerprint.sha256.data(),
                                       static_cast<int>(fingerprint.sha256.size()));
    return "sha256//" + std::string(base64.begin(), base64.begin() + length);
}

/// Takes the encoded key, which OpenSSL has allocated.
static Result<Fingerprint> digest_of(unsigned char* der, int length) {
    if (length <= 0) return fail(ErrorCode::invalid, "not a usable public key: " + take_openssl_error());
    Fingerprint fingerprint;
    const int done = EVP_Digest(der, static_cast<std::size_t>(length), fingerprint.sha256.data(), nullptr,
                                EVP_sha256(), nullptr);
    OPENSSL_free(der);
    if (done != 1) return fail(ErrorCode::invalid, "SHA-256 is not available: " + take_openssl_error());
    return fingerprint;
}

Result<Fingerprint> fingerprint_of(const X509* certificate) {
    unsigned char* der = nullptr;
    const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    return digest_of(der, length);
}

Result<Fingerprint> fingerprint_of(const EVP_PKEY* key) {
    unsigned char* der = nullptr;
    const int length = i2d_PUBKEY(key, &der);
    return digest_of(der, length);
}

Result<Fingerprint> fingerprint_sha256(const std::filesystem::path& certificate_pem) {
    const BioPtr file(BIO_new_file(certificate_pem.c_str(), "r"));
    if (!file) {
        return fail(ErrorCode::io,
                    "cannot read certificate " + certificate_pem.string() + ": " + take_openssl_error());
    }
    const CertificatePtr certificate(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
    if (!certificate) {
        return fail(ErrorCode::invalid,
                    "no PEM certificate in " + certificate_pem.string() + ": " + take_openssl_error());
    }
    return fingerprint_of(certificate.get());
}

}  // namespace garita::runtime::tls
