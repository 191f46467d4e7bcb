#include "runtime/tls/authority.hpp"

#include <array>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "runtime/tls/certificate_key.hpp"
#include "runtime/tls/handles.hpp"
#include "runtime/tls/openssl_error.hpp"
#include "runtime/tls/private_file.hpp"
#include "runtime/tls/x509_parts.hpp"

namespace garita::runtime::tls {
namespace {

constexpr std::size_t largest_request = 8 * 1024;
constexpr std::size_t largest_file = 64 * 1024;
constexpr long authority_lifetime_in_seconds = 2L * 3653 * 24 * 3600;
constexpr std::chrono::hours clock_slack{24};  // a peer's clock may be behind ours

BioPtr reading(std::string_view text) {
    return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

bool is_p256(const EVP_PKEY* key) {
    std::array<char, 64> group{};
    std::size_t length = 0;
    return key != nullptr && EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1 &&
           std::string_view(group.data(), length) == "prime256v1";
}

/// Hubs have different authorities: a name of its own keeps them apart in logs and in a peer's choice.
std::string authority_name() {
    std::array<unsigned char, 4> random{};
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) return {};
    static constexpr char digits[] = "0123456789abcdef";
    std::string name = "Garita agents ";
    for (const unsigned char byte : random)
        (name += digits[byte >> 4]) += digits[byte & 15];
    return name;
}

CertificatePtr make_authority(EVP_PKEY* key) {
    CertificatePtr certificate(X509_new());
    if (!certificate) return nullptr;
    X509* const raw = certificate.get();
    X509_NAME* const name = X509_get_subject_name(raw);
    const bool made = X509_set_version(raw, X509_VERSION_3) == 1 && set_random_serial(raw) &&
                      X509_gmtime_adj(X509_getm_notBefore(raw), -24L * 3600) != nullptr &&
                      X509_gmtime_adj(X509_getm_notAfter(raw), authority_lifetime_in_seconds) != nullptr &&
                      set_common_name(name, authority_name()) && X509_set_issuer_name(raw, name) == 1 &&
                      X509_set_pubkey(raw, key) == 1 &&
                      add_extension(raw, raw, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                      add_extension(raw, raw, NID_key_usage, "critical,keyCertSign") &&
                      add_extension(raw, raw, NID_subject_key_identifier, "hash") &&
                      X509_sign(raw, key, EVP_sha256()) != 0;
    return made ? std::move(certificate) : nullptr;
}

Result<void> make_files(const KeyPaths& paths) {
    const KeyPtr key(EVP_EC_gen("P-256"));
    const CertificatePtr certificate = key ? make_authority(key.get()) : nullptr;
    if (!certificate) return openssl_failed("make the authority of the agents");
    if (const auto written = write_private_file(paths.key, pem_of(key.get())); !written) return written;
    return write_private_file(paths.certificate, pem_of(certificate.get()));
}

std::string serial_of(const X509* certificate) {
    BIGNUM* const number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr);
    char* const hex = number == nullptr ? nullptr : BN_bn2hex(number);
    std::string text = hex == nullptr ? "" : hex;
    OPENSSL_free(hex);
    BN_free(number);
    return text;
}

bool set_times(X509* certificate, Time from, Time until) {
    const auto seconds = [](Time t) { return static_cast<time_t>(to_micros(t) / 1'000'000); };
    return ASN1_TIME_set(X509_getm_notBefore(certificate), seconds(from)) != nullptr &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), seconds(until)) != nullptr;
}

}  // namespace

CertificateRequest::CertificateRequest(std::unique_ptr<X509_req_st, Deleter> request, const Fingerprint& key)
    : request_(std::move(request)), key_(key) {}
CertificateRequest::~CertificateRequest() = default;
CertificateRequest::CertificateRequest(CertificateRequest&& other) noexcept = default;
CertificateRequest& CertificateRequest::operator=(CertificateRequest&& other) noexcept = default;

void CertificateRequest::Deleter::operator()(X509_req_st* request) const {
    X509_REQ_free(request);
}

Result<CertificateRequest> CertificateRequest::parse(std::string_view pem) {
    if (pem.size() > largest_request)
        return fail(ErrorCode::invalid, "the certificate request is larger than 8 KiB");
    const BioPtr text = reading(pem);
    std::unique_ptr<X509_REQ, Deleter> request(
        text ? PEM_read_bio_X509_REQ(text.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!request)
        return fail(ErrorCode::invalid, "not a certificate request in PEM: " + take_openssl_error());
    EVP_PKEY* const key = X509_REQ_get0_pubkey(request.get());
    if (!is_p256(key)) return fail(ErrorCode::invalid, "the certificate request must have an EC P-256 key");
    if (X509_REQ_verify(request.get(), key) != 1)
        return fail(ErrorCode::invalid,
                    "the certificate request is not signed by its own key: " + take_openssl_error());
    const auto fingerprint = fingerprint_of(static_cast<const EVP_PKEY*>(key));
    if (!fingerprint) return tl::unexpected(fingerprint.error());
    return CertificateRequest(std::move(request), *fingerprint);
}

struct Authority::Parts {
    KeyPtr key;
    CertificatePtr certificate;
    std::string pem;
};

Authority::Authority(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
Authority::~Authority() = default;
Authority::Authority(Authority&& other) noexcept = default;
Authority& Authority::operator=(Authority&& other) noexcept = default;

const std::string& Authority::pem() const {
    return parts_->pem;
}

Result<Authority> Authority::open(const KeyPaths& paths) {
    std::error_code ignored;
    // The key is written first: without a certificate nothing was ever signed with it.
    if (!std::filesystem::exists(paths.certificate, ignored))
        if (const auto made = make_files(paths); !made) return tl::unexpected(made.error());
    const auto certificate_text = read_small_file(paths.certificate, largest_file);
    if (!certificate_text) return tl::unexpected(certificate_text.error());
    auto key_text = read_small_file(paths.key, largest_file);
    if (!key_text)
        return fail(key_text.error().code,
                    key_text.error().text +
                        ": it signs the certificates of agents; bring it back from a backup, "
                        "or remove " +
                        paths.certificate.string() + " too and enrol every agent anew");
    auto parts = std::make_unique<Parts>();
    const BioPtr certificate = reading(*certificate_text);
    const BioPtr key = reading(*key_text);
    parts->certificate.reset(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
    parts->key.reset(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr));
    OPENSSL_cleanse(key_text->data(), key_text->size());
    parts->pem = *certificate_text;
    if (!parts->certificate || !parts->key ||
        X509_check_private_key(parts->certificate.get(), parts->key.get()) != 1)
        return fail(ErrorCode::invalid, paths.certificate.string() + " and " + paths.key.string() +
                                            " are not a certificate and its key: " + take_openssl_error());
    return Authority(std::move(parts));
}

Result<IssuedCertificate> Authority::issue(const CertificateRequest& request, const std::string& name,
                                           Time now, Duration lifetime) const {
    const CertificatePtr made(X509_new());
    X509* const raw = made.get();
    X509* const issuer = parts_->certificate.get();
    const Time expires_at = std::chrono::floor<std::chrono::seconds>(now + lifetime);
    const bool done = raw != nullptr && X509_set_version(raw, X509_VERSION_3) == 1 &&
                      set_random_serial(raw) && set_times(raw, now - clock_slack, expires_at) &&
                      set_common_name(X509_get_subject_name(raw), name) &&
                      X509_set_issuer_name(raw, X509_get_subject_name(issuer)) == 1 &&
                      X509_set_pubkey(raw, X509_REQ_get0_pubkey(const_cast<X509_REQ*>(request.get()))) == 1 &&
                      add_extension(raw, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
                      add_extension(raw, issuer, NID_key_usage, "critical,digitalSignature") &&
                      add_extension(raw, issuer, NID_ext_key_usage, "clientAuth") &&
                      add_extension(raw, issuer, NID_subject_key_identifier, "hash") &&
                      add_extension(raw, issuer, NID_authority_key_identifier, "keyid:always") &&
                      X509_sign(raw, parts_->key.get(), EVP_sha256()) != 0;
    if (!done) return openssl_failed("make a certificate for " + name);
    IssuedCertificate issued{pem_of(raw), serial_of(raw), request.key(), expires_at};
    if (issued.pem.empty() || issued.serial.empty()) return openssl_failed("write a certificate for " + name);
    return issued;
}

}  // namespace garita::runtime::tls
