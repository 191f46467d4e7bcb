#include "runtime/tls/client_key.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>

#include "runtime/tls/handles.hpp"
#include "runtime/tls/x509_parts.hpp"

namespace garita::runtime::tls {
namespace {

using RequestPtr = std::unique_ptr<X509_REQ, Releaser<X509_REQ_free>>;

}  // namespace

Result<Secret> make_client_key() {
    const KeyPtr key(EVP_EC_gen("P-256"));
    std::string text = key ? pem_of(key.get()) : std::string();
    if (text.empty()) return openssl_failed("make a P-256 key");
    return Secret(std::move(text));
}

Result<std::string> make_certificate_request(const Secret& key, const std::string& name) {
    const auto text = key.reveal();
    const BioPtr in(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    const KeyPtr loaded(in ? PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!loaded) return openssl_failed("read the key of this agent");
    const RequestPtr request(X509_REQ_new());
    const BioPtr out(BIO_new(BIO_s_mem()));
    const bool made = request && out && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
                      (name.empty() || set_common_name(X509_REQ_get_subject_name(request.get()), name)) &&
                      X509_REQ_set_pubkey(request.get(), loaded.get()) == 1 &&
                      X509_REQ_sign(request.get(), loaded.get(), EVP_sha256()) != 0 &&
                      PEM_write_bio_X509_REQ(out.get(), request.get()) == 1;
    if (!made) return openssl_failed("make a certificate request");
    return text_of(out.get());
}

}  // namespace garita::runtime::tls
