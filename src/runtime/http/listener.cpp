#include "runtime/http/listener.hpp"

#include <utility>
#include <variant>

namespace garita::runtime::http {
namespace asio = boost::asio;

namespace {

struct Opening {
    asio::io_context& io;

    Result<std::unique_ptr<Listener>> operator()(const TlsEndpoint& endpoint) const {
        auto context = tls::make_server_context(endpoint.tls);
        if (!context) return tl::unexpected<Error>(context.error());
        auto listener = tcp(endpoint.address, endpoint.port);
        if (!listener) return listener;
        (*listener)->context = std::move(*context);
        (*listener)->hook = endpoint.tls.on_peer_certificate;
        return listener;
    }

    Result<std::unique_ptr<Listener>> operator()(const PlainEndpoint& endpoint) const {
        return tcp(endpoint.address, endpoint.port);
    }

    Result<std::unique_ptr<Listener>> operator()(const UnixEndpoint& endpoint) const {
        auto descriptor = listen_unix(endpoint);
        if (!descriptor) return tl::unexpected<Error>(descriptor.error());
        auto listener = std::make_unique<Listener>(io, std::move(*descriptor));
        listener->kind = PeerKind::unix_socket;
        listener->path = endpoint.path;
        return listener;
    }

    [[nodiscard]] Result<std::unique_ptr<Listener>> tcp(const std::string& address,
                                                        std::uint16_t port) const {
        auto descriptor = listen_tcp(address, port);
        if (!descriptor) return tl::unexpected<Error>(descriptor.error());
        const std::uint16_t bound = bound_port(descriptor->get());
        auto listener = std::make_unique<Listener>(io, std::move(*descriptor));
        listener->port = bound;
        return listener;
    }
};

}  // namespace

Result<std::unique_ptr<Listener>> open_listener(asio::io_context& io, const Endpoint& endpoint) {
    return std::visit(Opening{io}, endpoint);
}

}  // namespace garita::runtime::http
