#pragma once
// What the network says about packets of a socket: ICMP messages, from the socket's error queue.

#include <cstdint>
#include <optional>

#include "model/ip.hpp"

namespace garita::runtime {

/// An ICMP message about a packet that this socket has sent.
struct PathError {
    IpFamily family = IpFamily::v4;
    std::uint8_t type = 0;
    std::uint8_t code = 0;
    IpAddress sender;       ///< of the message; 0.0.0.0 where the kernel does not know
    IpAddress destination;  ///< of the packet
    std::uint16_t port = 0;
};

/// From now on messages are kept until they are taken. False: the kernel does not do it.
[[nodiscard]] bool keep_path_errors(int fd, IpFamily family);
/// The oldest one; what this host itself says is skipped. Does not wait.
[[nodiscard]] std::optional<PathError> take_path_error(int fd);

}  // namespace garita::runtime
