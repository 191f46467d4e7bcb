#pragma once
// The TLS side of a listening socket: version 1.2 or later, forward secrecy only, no renegotiation, no
// compression.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "model/result.hpp"
#include "runtime/tls/fingerprint.hpp"
#include "runtime/tls/self_signed.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace garita::runtime::tls {

/// What is known of a client's certificate after the handshake.
struct PeerCertificate {
    Fingerprint fingerprint;
    std::string subject;  ///< one line, for logs
};

enum class PeerVerdict { accept, refuse };

enum class ClientCertificates {
    none,       ///< not asked for
    requested,  ///< asked for, a client may come without
    required,   ///< no certificate, no connection
};

/// Who judges from when and until when a client's certificate is valid.
enum class ClientDates {
    handshake,    ///< an expired one gets no connection, and its owner only a TLS alert
    application,  ///< an expired one may connect: the application refuses it in words, by what it knows
};

struct ServerSettings {
    KeyPaths files;
    ClientCertificates clients = ClientCertificates::none;
    /// Who vouches for client certificates. Without a file any certificate passes the handshake, proving only
    /// that the client has its key, and `on_peer_certificate` has to know the fingerprint.
    std::filesystem::path client_ca;
    ClientDates dates = ClientDates::handshake;
    /// Called in the server's I/O thread after the handshake; must not block. `refuse` ends the connection.
    std::function<PeerVerdict(const PeerCertificate&)> on_peer_certificate;
};

struct ContextDeleter {
    void operator()(ssl_ctx_st* context) const;
};
using Context = std::unique_ptr<ssl_ctx_st, ContextDeleter>;

/// Loads key and certificate. Errors name the file.
[[nodiscard]] Result<Context> make_server_context(const ServerSettings& settings);

/// The certificate the peer of an established connection has shown, if any.
[[nodiscard]] std::optional<PeerCertificate> peer_certificate(const ssl_st* connection);

}  // namespace garita::runtime::tls
