#pragma once
// An endpoint being served: its listening socket and what its sessions need.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "runtime/http/listening.hpp"
#include "runtime/http/server.hpp"
#include "runtime/http/session.hpp"

namespace garita::runtime::http {

/// Closing it removes the file of a local socket.
struct Listener {
    Listener(boost::asio::io_context& io, Descriptor descriptor) : socket(io, descriptor.release()) {}
    ~Listener() { close(); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    void close() {
        boost::system::error_code ignored;
        if (!socket.is_open()) return;
        socket.close(ignored);
        if (!path.empty()) ::unlink(path.c_str());
    }

    boost::asio::posix::stream_descriptor socket;
    std::uint16_t port = 0;
    PeerKind kind = PeerKind::tcp;
    std::string path;  ///< of a local socket
    tls::Context context;
    Session::CertificateHook hook;
};

/// Listens on the endpoint. Errors name the address, the path or the certificate file.
[[nodiscard]] Result<std::unique_ptr<Listener>> open_listener(boost::asio::io_context& io,
                                                              const Endpoint& endpoint);

}  // namespace garita::runtime::http
