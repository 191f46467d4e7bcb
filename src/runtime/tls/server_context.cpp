#include "runtime/tls/server_context.hpp"

#include <openssl/ssl.h>

#include "runtime/tls/certificate_key.hpp"
#include "runtime/tls/handles.hpp"
#include "runtime/tls/openssl_error.hpp"

namespace garita::runtime::tls {
namespace {

tl::unexpected<Error> cannot_load(const std::string& what, const std::filesystem::path& file) {
    return fail(ErrorCode::io, "cannot load " + what + " " + file.string() + ": " + take_openssl_error());
}

int accept_any(int, X509_STORE_CTX*) {
    return 1;  // the handshake proves the possession of the key; whose it is, the fingerprint tells
}

/// Everything else of the certificate is checked as ever: who issued it, what for.
int accept_any_date(int so_far, X509_STORE_CTX* context) {
    if (so_far == 1) return 1;
    const int error = X509_STORE_CTX_get_error(context);
    return error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID ? 1 : 0;
}

void set_protocol(SSL_CTX* context) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
    // tickets make a second connection cheap without keeping anything; one is enough
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 1);
    SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>("garita"), 6);
    // an idle connection gives its 32 kB of record buffers back
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

Result<void> set_client_rules(SSL_CTX* context, const ServerSettings& settings) {
    if (settings.clients == ClientCertificates::none) return {};
    int mode = SSL_VERIFY_PEER;
    if (settings.clients == ClientCertificates::required) mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    if (settings.client_ca.empty()) {
        SSL_CTX_set_verify(context, mode, accept_any);
        return {};
    }
    SSL_CTX_set_verify(context, mode, settings.dates == ClientDates::application ? accept_any_date : nullptr);
    if (SSL_CTX_load_verify_locations(context, settings.client_ca.c_str(), nullptr) != 1) {
        return cannot_load("the authority for client certificates", settings.client_ca);
    }
    SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(settings.client_ca.c_str()));
    return {};
}

}  // namespace

void ContextDeleter::operator()(ssl_ctx_st* context) const {
    SSL_CTX_free(context);
}

Result<Context> make_server_context(const ServerSettings& settings) {
    Context context(SSL_CTX_new(TLS_server_method()));
    if (!context) return fail(ErrorCode::unavailable, "TLS is not available: " + take_openssl_error());
    set_protocol(context.get());
    if (SSL_CTX_use_certificate_chain_file(context.get(), settings.files.certificate.c_str()) != 1) {
        return cannot_load("certificate", settings.files.certificate);
    }
    if (SSL_CTX_use_PrivateKey_file(context.get(), settings.files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
        return cannot_load("key", settings.files.key);
    }
    if (SSL_CTX_check_private_key(context.get()) != 1) {
        return fail(ErrorCode::invalid, "key " + settings.files.key.string() +
                                            " does not belong to certificate " +
                                            settings.files.certificate.string());
    }
    if (auto rules = set_client_rules(context.get(), settings); !rules)
        return tl::unexpected<Error>(rules.error());
    return context;
}

std::optional<PeerCertificate> peer_certificate(const ssl_st* connection) {
    const CertificatePtr certificate(SSL_get1_peer_certificate(connection));
    if (!certificate) return std::nullopt;
    const auto fingerprint = fingerprint_of(certificate.get());
    if (!fingerprint) return std::nullopt;
    std::array<char, 256> subject{};
    X509_NAME_oneline(X509_get_subject_name(certificate.get()), subject.data(),
                      static_cast<int>(subject.size()));
    return PeerCertificate{*fingerprint, subject.data()};
}

}  // namespace garita::runtime::tls
