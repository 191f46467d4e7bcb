#include "runtime/sockets/own_addresses.hpp"

#include <cstring>
#include <ifaddrs.h>
#include <memory>

#include <netinet/in.h>
#include <sys/socket.h>

#include "runtime/sockets/socket_address.hpp"

namespace garita::runtime {
namespace {

struct Freed {
    void operator()(ifaddrs* list) const { freeifaddrs(list); }
};

}  // namespace

std::unordered_set<IpAddress> own_addresses() {
    std::unordered_set<IpAddress> own;
    ifaddrs* raw = nullptr;
    if (getifaddrs(&raw) != 0) return own;
    const std::unique_ptr<ifaddrs, Freed> list(raw);
    for (const ifaddrs* at = list.get(); at != nullptr; at = at->ifa_next) {
        if (at->ifa_addr == nullptr) continue;
        sockaddr_storage storage{};
        const bool v4 = at->ifa_addr->sa_family == AF_INET;
        if (!v4 && at->ifa_addr->sa_family != AF_INET6) continue;
        std::memcpy(&storage, at->ifa_addr, v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
        if (const auto address = address_of(storage)) own.insert(*address);
    }
    return own;
}

}  // namespace garita::runtime
