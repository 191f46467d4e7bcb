#include "adapters/service_probe/certificate.hpp"

#include <array>
#include <ctime>
#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "runtime/tls/handles.hpp"
#include "runtime/tls/openssl_error.hpp"

namespace garita::service_probe {
namespace {

using runtime::tls::BioPtr;
using runtime::tls::CertificatePtr;
using runtime::tls::Releaser;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, Releaser<GENERAL_NAMES_free>>;

constexpr std::size_t longest_name = 512;
constexpr int most_names = 256;

std::string cut(std::string_view text) {
    return std::string(text.substr(0, longest_name));
}

/// RFC 2253: the most telling part first.
std::string name_text(const X509_NAME* name) {
    const BioPtr out(BIO_new(BIO_s_mem()));
    constexpr unsigned long form = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
    if (!out || name == nullptr || X509_NAME_print_ex(out.get(), name, 0, form) < 0) return {};
    char* data = nullptr;
    const long length = BIO_get_mem_data(out.get(), &data);
    return length > 0 ? cut({data, static_cast<std::size_t>(length)}) : std::string();
}

std::string_view bytes_of(const ASN1_STRING* string) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
            static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string address_text(std::string_view bytes) {
    if (bytes.size() == 4) {
        std::array<std::uint8_t, 4> v4{};
        std::copy(bytes.begin(), bytes.end(), v4.begin());
        return IpAddress::from_v4(v4).text();
    }
    std::array<std::uint8_t, 16> v6{};
    if (bytes.size() != v6.size()) return {};
    std::copy(bytes.begin(), bytes.end(), v6.begin());
    return IpAddress::from_v6(v6).text();
}

std::vector<std::string> alternative_names(X509* certificate) {
    std::vector<std::string> all;
    const NamesPtr names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    if (!names) return all;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()) && i < most_names; ++i) {
        const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
        std::string text;
        if (name->type == GEN_DNS) text = cut(bytes_of(name->d.dNSName));
        if (name->type == GEN_IPADD) text = address_text(bytes_of(name->d.iPAddress));
        if (!text.empty()) all.push_back(std::move(text));
    }
    return all;
}

/// Nothing: no time at all.
std::optional<Time> time_of(const ASN1_TIME* written) {
    std::tm parts{};
    if (written == nullptr || ASN1_TIME_to_tm(written, &parts) != 1) return std::nullopt;
    using namespace std::chrono;
    const year_month_day day{year{parts.tm_year + 1900}, month{static_cast<unsigned>(parts.tm_mon + 1)},
                             std::chrono::day{static_cast<unsigned>(parts.tm_mday)}};
    if (!day.ok()) return std::nullopt;
    return Time{sys_days{day}} + hours{parts.tm_hour} + minutes{parts.tm_min} + seconds{parts.tm_sec};
}

std::string sha256_text(std::span<const unsigned char> der) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, 32> hash{};
    if (EVP_Digest(der.data(), der.size(), hash.data(), nullptr, EVP_sha256(), nullptr) != 1) return {};
    std::string text;
    for (const unsigned char byte : hash) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

}  // namespace

Result<scan::Certificate> read_certificate(std::span<const unsigned char> der) {
    const unsigned char* at = der.data();
    const CertificatePtr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (!certificate)
        return fail(ErrorCode::invalid, "no certificate: " + runtime::tls::take_openssl_error());
    const auto from = time_of(X509_get0_notBefore(certificate.get()));
    const auto until = time_of(X509_get0_notAfter(certificate.get()));
    if (!from || !until) return fail(ErrorCode::invalid, "a certificate without dates");
    scan::Certificate facts;
    facts.subject = name_text(X509_get_subject_name(certificate.get()));
    facts.issuer = name_text(X509_get_issuer_name(certificate.get()));
    facts.names = alternative_names(certificate.get());
    facts.not_before = *from;
    facts.not_after = *until;
    facts.sha256 = sha256_text(der.first(static_cast<std::size_t>(at - der.data())));
    return facts;
}

}  // namespace garita::service_probe
