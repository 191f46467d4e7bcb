#include "runtime/sockets/socket_address.hpp"

#include <array>
#include <cstring>

namespace garita::runtime {

SocketAddress::SocketAddress(const IpAddress& address, std::uint16_t port) {
    if (address.is_v4()) {
        storage_.v4 = {};
        storage_.v4.sin_family = AF_INET;
        storage_.v4.sin_port = htons(port);
        std::memcpy(&storage_.v4.sin_addr, address.bytes().data(), sizeof storage_.v4.sin_addr);
        size_ = sizeof storage_.v4;
    } else {
        storage_.v6 = {};
        storage_.v6.sin6_family = AF_INET6;
        storage_.v6.sin6_port = htons(port);
        std::memcpy(&storage_.v6.sin6_addr, address.bytes().data(), sizeof storage_.v6.sin6_addr);
        size_ = sizeof storage_.v6;
    }
}

void SocketAddress::set_port(std::uint16_t port) {
    (size_ == sizeof(sockaddr_in) ? storage_.v4.sin_port : storage_.v6.sin6_port) = htons(port);
}

int address_family(IpFamily family) {
    return family == IpFamily::v4 ? AF_INET : AF_INET6;
}

std::optional<IpAddress> address_of(const sockaddr_storage& storage) {
    if (storage.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &storage, sizeof v4);
        std::array<std::uint8_t, 4> bytes{};
        std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
        return IpAddress::from_v4(bytes);
    }
    if (storage.ss_family != AF_INET6) return std::nullopt;
    sockaddr_in6 v6{};
    std::memcpy(&v6, &storage, sizeof v6);
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return IpAddress::from_v6(bytes);
}

std::uint16_t port_of(const sockaddr_storage& storage) {
    if (storage.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &storage, sizeof v4);
        return ntohs(v4.sin_port);
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &storage, sizeof v6);
    return storage.ss_family == AF_INET6 ? ntohs(v6.sin6_port) : std::uint16_t{0};
}

std::optional<IpAddress> own_address(int fd) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return std::nullopt;
    return address_of(storage);
}

}  // namespace garita::runtime
