#pragma once
// Sockets that accept. Plain system calls, so that TCP and local sockets are one kind of descriptor
// afterwards.

#include <cstdint>
#include <string>

#include "model/result.hpp"
#include "runtime/descriptor/descriptor.hpp"
#include "runtime/http/message.hpp"
#include "runtime/http/server.hpp"

namespace garita::runtime::http {

/// Non-blocking, close-on-exec, listening. `address` is numeric; "::" takes IPv4 too.
[[nodiscard]] Result<Descriptor> listen_tcp(const std::string& address, std::uint16_t port);

/// Replaces a socket file nobody listens on; refuses to touch anything else that has the path.
[[nodiscard]] Result<Descriptor> listen_unix(const UnixEndpoint& endpoint);

/// The port a TCP socket is bound to; 0 for others.
[[nodiscard]] std::uint16_t bound_port(int fd);

/// Who connected: address or credentials, by the kind of the socket.
[[nodiscard]] Peer identify_peer(int fd, PeerKind kind);

}  // namespace garita::runtime::http
