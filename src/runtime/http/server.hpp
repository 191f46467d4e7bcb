#pragma once
// The HTTP/1.1 server. One I/O thread serves all connections; handlers run on plain threads and may block; a
// parked request costs a connection and no thread, so thousands of agents can wait for work at once.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/result.hpp"
#include "runtime/http/router.hpp"
#include "runtime/tls/server_context.hpp"

namespace garita::runtime::http {

/// HTTPS. `address` is an IP address, `port` 0 lets the kernel choose (see Server::port).
struct TlsEndpoint {
    std::string address;
    std::uint16_t port = 0;
    tls::ServerSettings tls;
};

/// HTTP without TLS: for tests, and behind a proxy on the same machine.
struct PlainEndpoint {
    std::string address;
    std::uint16_t port = 0;
};

/// A local socket. A socket file that nobody serves any more is replaced; any other file is left alone.
struct UnixEndpoint {
    std::string path;
    mode_t mode = 0660;
    std::optional<gid_t> group;
};

using Endpoint = std::variant<TlsEndpoint, PlainEndpoint, UnixEndpoint>;

struct ServerLimits {
    std::size_t header_bytes = 16 * 1024;
    std::size_t body_bytes = 8 * 1024 * 1024;
    std::size_t all_bodies_bytes = 256 * 1024 * 1024;  ///< of all requests at one time; beyond it 503
    std::size_t sessions = 10'000;
    std::size_t sessions_per_address = 256;       ///< TCP only
    std::chrono::milliseconds handshake{10'000};  ///< whole TLS handshake
    std::chrono::milliseconds header_read{
        10'000};  ///< from the first byte (or the connection) to the blank line
    std::chrono::milliseconds body_read{60'000};   ///< whole body
    std::chrono::milliseconds write{60'000};       ///< whole response
    std::chrono::milliseconds keep_alive{75'000};  ///< idle between two requests
    std::chrono::milliseconds drain{5'000};        ///< at stop: how long running requests may take
};

struct ServerOptions {
    ServerLimits limits;
    std::size_t handler_threads = 64;  ///< who waits for a commit shares it: many at once make it cheap
    /// Called from any of the server's threads with one line for the administrator; must not throw.
    std::function<void(std::string_view)> log;
};

struct ServerStats {
    std::size_t sessions = 0;     ///< open connections
    std::size_t parked = 0;       ///< requests waiting without a thread
    std::uint64_t requests = 0;   ///< answered since the start
    std::uint64_t refused = 0;    ///< connections and requests turned away for a limit
    std::uint64_t timed_out = 0;  ///< connections cut for slowness
};

class Server {
  public:
    explicit Server(Router router, ServerOptions options = {});
    ~Server();  ///< stops
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Listens on all endpoints and begins to serve; all or nothing. Once only.
    [[nodiscard]] Result<void> start(const std::vector<Endpoint>& endpoints);

    /// The port of the endpoint at that place of the list given to start(); 0 for a local socket.
    [[nodiscard]] std::uint16_t port(std::size_t endpoint = 0) const;

    /// New connections of that TLS endpoint get this certificate; those that are open stay as they are. On an
    /// error (a file that cannot be loaded) all do. Any thread.
    [[nodiscard]] Result<void> renew_certificate(std::size_t endpoint, const tls::ServerSettings& settings);

    /// Calls the handlers of all requests parked on `topic` again. Any thread, cheap, and never lost: a
    /// request whose handler was still looking when this is called is called again instead of being parked.
    void wake(std::string_view topic);

    /// Closes every connection of a client that has shown one of these certificates ("sha256:…", as in
    /// Peer::certificate), parked ones too, without an answer. Any thread; returns at once.
    void close_peers(std::vector<std::string> certificates);

    /// Stops accepting, gives every parked request its final call, lets running ones finish within the drain
    /// limit, closes all. Returns when all handlers have returned. Any thread but a handler's; again is
    /// harmless.
    void stop();

    [[nodiscard]] ServerStats stats() const;

  private:
    class Core;
    std::unique_ptr<Core> core_;
};

}  // namespace garita::runtime::http
