#include <array>
#include <cerrno>
#include <memory>
#include <poll.h>
#include <span>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "adapters/service_probe/certificate.hpp"
#include "adapters/service_probe/conversation.hpp"
#include "runtime/tls/handles.hpp"

namespace garita::service_probe {
namespace {

using runtime::tls::Releaser;
using ContextPtr = std::unique_ptr<SSL_CTX, Releaser<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Releaser<SSL_free>>;

/// Speaks with everybody, old ones too: it only looks, and trusts nothing that it sees.
SSL_CTX* context() {
    static const ContextPtr shared = [] {
        ContextPtr made(SSL_CTX_new(TLS_client_method()));
        if (!made) return made;
        SSL_CTX_set_verify(made.get(), SSL_VERIFY_NONE, nullptr);
        SSL_CTX_set_security_level(made.get(), 0);
        SSL_CTX_set_min_proto_version(made.get(), TLS1_VERSION);
        SSL_CTX_set_options(made.get(), SSL_OP_LEGACY_SERVER_CONNECT);
        SSL_CTX_set_max_cert_list(made.get(), 256L * 1024);
        SSL_CTX_set_cipher_list(made.get(), "ALL:@SECLEVEL=0");
        return made;
    }();
    return shared.get();
}

class TlsConversation final : public Conversation {
  public:
    TlsConversation(runtime::Descriptor socket, SslPtr ssl, const Limits& limits, scan::ServiceFacts& facts,
                    Time now)
        : socket_(std::move(socket)),
          ssl_(std::move(ssl)),
          facts_(facts),
          limits_(limits),
          deadline_(now + limits.connecting) {}

    int fd() const override { return socket_.get(); }
    short events() const override { return events_; }
    Time deadline() const override { return deadline_; }

    State ready(Time now) override {
        if (!connected_) deadline_ = now + limits_.answer;
        connected_ = true;
        if (!heard_) hear();
        return speaks_plainly_ ? read_plainly() : shake_hands();
    }

    State timed_out(Time) override { return State::over; }

  private:
    /// Looks at its first bytes before OpenSSL reads any: are they a record of TLS (RFC 8446, 5.1)?
    void hear() {
        std::array<unsigned char, 2> first{};
        const auto count = recv(socket_.get(), first.data(), first.size(), MSG_PEEK);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
        heard_ = true;
        speaks_plainly_ = count > 0 && (first[0] < 20 || first[0] > 24 || (count > 1 && first[1] != 3));
        if (!speaks_plainly_) SSL_set0_rbio(ssl_.get(), BIO_new_socket(socket_.get(), BIO_NOCLOSE));
    }

    /// Its first line.
    State read_plainly() {
        std::array<char, 256> buffer{};
        const auto count = recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return State::goes_on;
        if (count <= 0) return State::over;
        facts_.plain.append(buffer.data(), static_cast<std::size_t>(count));
        if (facts_.plain.size() > limits_.longest_banner) facts_.plain.resize(limits_.longest_banner);
        events_ = POLLIN;
        return facts_.plain.find('\n') != std::string::npos || facts_.plain.size() == limits_.longest_banner
                   ? State::over
                   : State::goes_on;
    }

    State shake_hands() {
        ERR_clear_error();
        const int done = SSL_connect(ssl_.get());
        if (done == 1) {
            take();
            return State::over;
        }
        const int error = SSL_get_error(ssl_.get(), done);
        take_certificate();  // also of one that refuses us afterwards
        ERR_clear_error();
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return State::over;
        events_ = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
        return State::goes_on;
    }

    void take() {
        facts_.tls = SSL_get_version(ssl_.get());
        take_certificate();
    }

    void take_certificate() {
        if (facts_.certificate) return;
        const runtime::tls::CertificatePtr certificate(SSL_get1_peer_certificate(ssl_.get()));
        if (!certificate) return;
        unsigned char* der = nullptr;
        const int length = i2d_X509(certificate.get(), &der);
        if (length <= 0) return;
        auto read = read_certificate(std::span(der, static_cast<std::size_t>(length)));
        OPENSSL_free(der);
        if (!read) return;
        facts_.certificate = std::move(*read);
        if (facts_.tls.empty()) facts_.tls = SSL_get_version(ssl_.get());
    }

    runtime::Descriptor socket_;
    SslPtr ssl_;
    scan::ServiceFacts& facts_;
    const Limits& limits_;
    bool connected_ = false;
    bool heard_ = false;
    bool speaks_plainly_ = false;
    short events_ = POLLOUT;
    Time deadline_;
};

}  // namespace

std::unique_ptr<Conversation> read_tls(const scan::ServiceQuestion& question, const Limits& limits,
                                       scan::ServiceFacts& facts, Time now) {
    auto socket = begin_connection(question);
    if (!socket.is_open() || context() == nullptr) return nullptr;
    SslPtr ssl(SSL_new(context()));
    runtime::tls::BioPtr out(BIO_new_socket(socket.get(), BIO_NOCLOSE));
    runtime::tls::BioPtr nothing_yet(BIO_new(BIO_s_mem()));  // until the first bytes were looked at
    if (!ssl || !out || !nothing_yet) return nullptr;
    BIO_set_mem_eof_return(nothing_yet.get(), -1);
    SSL_set0_rbio(ssl.get(), nothing_yet.release());
    SSL_set0_wbio(ssl.get(), out.release());
    if (!question.name.empty()) SSL_set_tlsext_host_name(ssl.get(), question.name.c_str());
    return std::make_unique<TlsConversation>(std::move(socket), std::move(ssl), limits, facts, now);
}

}  // namespace garita::service_probe
