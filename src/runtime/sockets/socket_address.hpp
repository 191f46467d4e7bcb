#pragma once
// Addresses as the socket calls want them.

#include <optional>

#include <netinet/in.h>
#include <sys/socket.h>

#include "model/ip.hpp"

namespace garita::runtime {

/// An address with a port, of whichever family.
class SocketAddress {
  public:
    SocketAddress(const IpAddress& address, std::uint16_t port);

    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
    [[nodiscard]] socklen_t size() const { return size_; }
    void set_port(std::uint16_t port);

  private:
    union {
        sockaddr_in v4;
        sockaddr_in6 v6;
    } storage_{};
    socklen_t size_;
};

/// AF_INET or AF_INET6.
[[nodiscard]] int address_family(IpFamily family);

/// What a socket call gave; nothing: of another family.
[[nodiscard]] std::optional<IpAddress> address_of(const sockaddr_storage& storage);
[[nodiscard]] std::uint16_t port_of(const sockaddr_storage& storage);

/// This end of a connection; nothing: it has none.
[[nodiscard]] std::optional<IpAddress> own_address(int fd);

}  // namespace garita::runtime
