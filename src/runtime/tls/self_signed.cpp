#include "runtime/tls/self_signed.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "runtime/tls/handles.hpp"
#include "runtime/tls/openssl_error.hpp"

namespace garita::runtime::tls {
namespace {

constexpr long ten_years_in_seconds = 3653L * 24 * 3600;
constexpr long clock_slack_in_seconds = 24L * 3600;  // a peer's clock may be behind ours

tl::unexpected<Error> openssl_failed(const std::string& doing) {
    return fail(ErrorCode::unavailable, "cannot " + doing + ": " + take_openssl_error());
}

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

bool add_extension(X509* certificate, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    if (extension == nullptr) return false;
    const bool added = X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

bool set_serial(X509* certificate) {
    std::array<unsigned char, 16> random{};
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) return false;
    random[0] &= 0x7f;  // positive
    BIGNUM* number = BN_bin2bn(random.data(), static_cast<int>(random.size()), nullptr);
    const bool set =
        number != nullptr && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
    BN_free(number);
    return set;
}

CertificatePtr make_certificate(EVP_PKEY* key, const std::string& common_name,
                                const std::string& alternatives) {
    CertificatePtr certificate(X509_new());
    if (!certificate) return nullptr;
    X509* const raw = certificate.get();
    X509_NAME* const name = X509_get_subject_name(raw);
    const std::string shown = common_name.substr(0, 64);  // the most a common name may have
    const bool made = X509_set_version(raw, X509_VERSION_3) == 1 && set_serial(raw) &&
                      X509_gmtime_adj(X509_getm_notBefore(raw), -clock_slack_in_seconds) != nullptr &&
                      X509_gmtime_adj(X509_getm_notAfter(raw), ten_years_in_seconds) != nullptr &&
                      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                                 reinterpret_cast<const unsigned char*>(shown.data()),
                                                 static_cast<int>(shown.size()), -1, 0) == 1 &&
                      X509_set_issuer_name(raw, name) == 1 && X509_set_pubkey(raw, key) == 1 &&
                      add_extension(raw, NID_basic_constraints, "critical,CA:FALSE") &&
                      add_extension(raw, NID_key_usage, "critical,digitalSignature") &&
                      add_extension(raw, NID_ext_key_usage, "serverAuth,clientAuth") &&
                      add_extension(raw, NID_subject_alt_name, alternatives) &&
                      add_extension(raw, NID_subject_key_identifier, "hash") &&
                      X509_sign(raw, key, EVP_sha256()) != 0;
    if (!made) return nullptr;
    return certificate;
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long length = BIO_get_mem_data(bio, &data);
    return length > 0 ? std::string(data, static_cast<std::size_t>(length)) : std::string();
}

Result<void> write_private(const std::filesystem::path& path, const std::string& text) {
    const std::string aside = path.string() + ".new";
    ::unlink(aside.c_str());
    const int fd = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool written = fd >= 0;
    if (written) {
        written = ::fchmod(fd, 0600) == 0 &&
                  ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                  ::fsync(fd) == 0;
        written = ::close(fd) == 0 && written;
    }
    if (written && ::rename(aside.c_str(), path.c_str()) == 0) return {};
    const std::string why = std::strerror(errno);
    ::unlink(aside.c_str());
    return fail(ErrorCode::io, "cannot write " + path.string() + ": " + why);
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
    const BioPtr key_text(BIO_new(BIO_s_mem()));
    const BioPtr certificate_text(BIO_new(BIO_s_mem()));
    if (!key_text || !certificate_text ||
        PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
        PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1) {
        return openssl_failed("write the certificate for " + names.front());
    }
    const auto key_written = write_private(paths.key, text_of(key_text.get()));
    if (!key_written) return key_written;
    return write_private(paths.certificate, text_of(certificate_text.get()));
}

}  // namespace garita::runtime::tls
