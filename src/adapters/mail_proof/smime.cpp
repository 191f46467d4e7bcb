#include "adapters/mail_proof/smime.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <optional>
#include <utility>

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "access/letter_fields.hpp"
#include "adapters/mail_proof/signed_part.hpp"
#include "runtime/tls/handles.hpp"
#include "runtime/tls/openssl_error.hpp"

namespace garita::mail_proof {

namespace {

using runtime::tls::BioPtr;
using runtime::tls::Releaser;
using CmsPtr = std::unique_ptr<CMS_ContentInfo, Releaser<CMS_ContentInfo_free>>;
using Sha256 = std::array<unsigned char, 32>;

tl::unexpected<Error> no_proof(const std::string& why) {
    return fail(ErrorCode::forbidden, "S/MIME: " + why);
}

std::string hex(const Sha256& digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const unsigned byte : digest) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

std::string digest_of(std::string_view text) {
    Sha256 digest{};
    EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    return hex(digest);
}

std::string key_of(const X509* certificate) {
    Sha256 digest{};
    if (X509_digest(certificate, EVP_sha256(), digest.data(), nullptr) != 1) return {};
    return "smime:" + hex(digest);
}

/// Behind a filter that does nothing: CMS_verify makes a second reader of a plain one in memory, and
/// OpenSSL 3.0 forgets to free that where the signature cannot be read.
BioPtr reader(std::string_view text) {
    BioPtr memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    BioPtr filter(BIO_new(BIO_f_null()));
    if (!memory || !filter) return nullptr;
    BIO_push(filter.get(), memory.release());
    return filter;
}

struct Signed {
    CmsPtr cms;
    std::optional<std::string_view> content;  ///< where it is beside the signature
};

CmsPtr parse(std::string_view der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    CmsPtr cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
    if (cms && at != reinterpret_cast<const unsigned char*>(der.data()) + der.size()) return nullptr;
    return cms;
}

/// application/pkcs7-mime; smime-type=signed-data
CmsPtr opaque(std::string_view letter) {
    const auto fields = access::split_letter(letter);
    if (!fields || fields->count("content-type") != 1) return nullptr;
    const auto type = access::parse_parameters(fields->value("content-type"));
    const bool mime = type.value == "application/pkcs7-mime" || type.value == "application/x-pkcs7-mime";
    if (!mime || type.parameter("smime-type") != "signed-data") return nullptr;
    if (access::parse_parameters(fields->value("content-transfer-encoding")).value != "base64")
        return nullptr;
    const auto der = decode_base64(fields->body);
    return der ? parse(*der) : nullptr;
}

std::optional<Signed> signed_data(std::string_view letter) {
    if (const auto part = signed_part(letter, "application/pkcs7-signature")) {
        auto cms = parse(part->signature);
        if (!cms) return std::nullopt;
        return Signed{std::move(cms), part->content};
    }
    auto cms = opaque(letter);
    if (!cms) return std::nullopt;
    return Signed{std::move(cms), std::nullopt};
}

/// What was signed; nothing where a signature is wrong.
std::optional<std::string> verified_content(const Signed& data) {
    BioPtr content = data.content ? reader(*data.content) : nullptr;
    const BioPtr out(BIO_new(BIO_s_mem()));
    // whose certificate it is, is not for authorities to say: it is looked up in the people's list below
    constexpr unsigned flags = CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY;
    if (CMS_verify(data.cms.get(), nullptr, nullptr, content.get(), out.get(), flags) != 1)
        return std::nullopt;
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &bytes);
    return std::string(bytes, static_cast<std::size_t>(size));
}

std::optional<Time> signing_time(CMS_SignerInfo* signer) {
    const auto at = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
    if (at < 0) return std::nullopt;
    auto* value = X509_ATTRIBUTE_get0_type(CMS_signed_get_attr(signer, at), 0);
    if (value == nullptr || (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME))
        return std::nullopt;
    std::tm parts{};
    if (ASN1_TIME_to_tm(value->value.asn1_string, &parts) != 1) return std::nullopt;
    return Time{std::chrono::seconds{::timegm(&parts)}};
}

bool is_strong(CMS_SignerInfo* signer) {
    X509_ALGOR* digest = nullptr;
    CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &digest, nullptr);
    const ASN1_OBJECT* name = nullptr;
    X509_ALGOR_get0(&name, nullptr, nullptr, digest);
    const auto kind = OBJ_obj2nid(name);
    return kind == NID_sha256 || kind == NID_sha384 || kind == NID_sha512 || kind == NID_sha3_256 ||
           kind == NID_sha3_512;
}

/// Nothing: the certificate may sign this sender's letters now.
std::optional<std::string> objection(X509* certificate, const std::string& from, Time now) {
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    std::time_t at = seconds;
    if (X509_cmp_time(X509_get0_notBefore(certificate), &at) >= 0 ||
        X509_cmp_time(X509_get0_notAfter(certificate), &at) <= 0)
        return "the certificate is not in force";
    if (X509_check_purpose(certificate, X509_PURPOSE_SMIME_SIGN, 0) != 1)
        return "the certificate is not for signing mail";
    if (X509_check_email(certificate, from.data(), from.size(), 0) != 1)
        return "the certificate does not name " + from;
    return std::nullopt;
}

}  // namespace

Result<access::Proof> verify_smime(std::string_view raw, const access::Letter& letter,
                                   const std::vector<std::string>& keys, const Window& window, Time now) {
    const auto text = access::with_mail_line_ends(raw);
    const auto data = signed_data(text);
    if (!data) {
        (void)runtime::tls::take_openssl_error();
        return no_proof("the letter as a whole is not signed");
    }
    auto content = verified_content(*data);
    if (!content) return no_proof("the signature is wrong: " + runtime::tls::take_openssl_error());
    auto* signers = CMS_get0_SignerInfos(data->cms.get());
    std::string why = "signed by nobody who is known";
    for (int i = 0; i < sk_CMS_SignerInfo_num(signers); ++i) {
        auto* signer = sk_CMS_SignerInfo_value(signers, i);
        X509* certificate = nullptr;
        CMS_SignerInfo_get0_algs(signer, nullptr, &certificate, nullptr, nullptr);
        if (certificate == nullptr) continue;
        auto key = key_of(certificate);
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) continue;
        if (auto wrong = objection(certificate, letter.from, now)) return no_proof(*wrong);
        if (!is_strong(signer)) return no_proof("the signature's digest counts no more");
        const auto at = signing_time(signer);
        if (!at || !window.holds(*at, now)) return no_proof("the letter was not signed just now");
        auto once = digest_of(*content) + '@' + std::to_string(at->time_since_epoch().count());
        return access::Proof{access::Proof::Kind::smime, std::move(key), at, std::move(once),
                             std::move(*content)};
    }
    return no_proof(why);
}

}  // namespace garita::mail_proof
