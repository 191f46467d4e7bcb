#pragma once
// One try to connect, and what comes of it.

#include <string>

#include "model/ip.hpp"
#include "model/port_set.hpp"
#include "runtime/sockets/socket_address.hpp"

namespace garita::connect_scan {

struct Outcome {
    enum class Kind {
        open,
        closed,
        forbidden,
        unclear,
        no_way,   ///< this host has no way there
        no_host,  ///< nobody has this address, or its router's, says this host itself
        pending,  ///< no answer yet
        silent,   ///< the kernel has given up by itself
        no_room,  ///< this host could not send it now
    };
    Kind kind = Kind::pending;
    std::string why;  ///< of those that tell nothing of the port
};

/// What a socket is to be for attempts, one after the other. False with errno.
[[nodiscard]] bool prepare(int fd, IpFamily family);
/// Begins, and looks at once whether the answer is there: of this host and of near ones it is.
[[nodiscard]] Outcome begin(int fd, const IpAddress& address, Port port);
/// Looks again.
[[nodiscard]] Outcome look(int fd, const IpAddress& address, Port port);
/// Ends whatever this socket was about; the other end is told by a reset. False: it is of no more use.
[[nodiscard]] bool reset(int fd);

}  // namespace garita::connect_scan
