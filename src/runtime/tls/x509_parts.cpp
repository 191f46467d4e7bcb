#include "runtime/tls/x509_parts.hpp"

#include <array>

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "runtime/tls/openssl_error.hpp"

namespace garita::runtime::tls {

tl::unexpected<Error> openssl_failed(const std::string& doing) {
    return fail(ErrorCode::unavailable, "cannot " + doing + ": " + take_openssl_error());
}

bool add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    if (extension == nullptr) return false;
    const bool added = X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

bool set_random_serial(X509* certificate) {
    std::array<unsigned char, 16> random{};
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) return false;
    random[0] &= 0x7f;  // positive
    BIGNUM* number = BN_bin2bn(random.data(), static_cast<int>(random.size()), nullptr);
    const bool set =
        number != nullptr && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
    BN_free(number);
    return set;
}

bool set_common_name(X509_NAME* name, const std::string& text) {
    const std::string shown = text.substr(0, 64);
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(shown.data()),
                                      static_cast<int>(shown.size()), -1, 0) == 1;
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long length = BIO_get_mem_data(bio, &data);
    return length > 0 ? std::string(data, static_cast<std::size_t>(length)) : std::string();
}

std::string pem_of(X509* certificate) {
    const BioPtr text(BIO_new(BIO_s_mem()));
    return text && PEM_write_bio_X509(text.get(), certificate) == 1 ? text_of(text.get()) : std::string();
}

std::string pem_of(EVP_PKEY* private_key) {
    const BioPtr text(BIO_new(BIO_s_secmem()));
    return text && PEM_write_bio_PrivateKey(text.get(), private_key, nullptr, nullptr, 0, nullptr, nullptr) ==
                       1
               ? text_of(text.get())
               : std::string();
}

}  // namespace garita::runtime::tls
