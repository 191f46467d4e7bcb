#include "runtime/sockets/error_queue.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "runtime/sockets/socket_address.hpp"

namespace garita::runtime {
namespace {

bool is_path_error(const cmsghdr& header) {
    return (header.cmsg_level == SOL_IP && header.cmsg_type == IP_RECVERR) ||
           (header.cmsg_level == SOL_IPV6 && header.cmsg_type == IPV6_RECVERR);
}

/// Nothing: this host's own, or no message at all.
std::optional<PathError> read(cmsghdr& header) {
    sock_extended_err error{};
    if (header.cmsg_len < CMSG_LEN(sizeof error)) return std::nullopt;
    std::memcpy(&error, CMSG_DATA(&header), sizeof error);
    if (error.ee_origin != SO_EE_ORIGIN_ICMP && error.ee_origin != SO_EE_ORIGIN_ICMP6) return std::nullopt;
    PathError found{error.ee_origin == SO_EE_ORIGIN_ICMP ? IpFamily::v4 : IpFamily::v6,
                    error.ee_type,
                    error.ee_code,
                    IpAddress(),
                    IpAddress(),
                    0};
    sockaddr_storage sender{};
    const auto room = header.cmsg_len - CMSG_LEN(sizeof error);
    std::memcpy(&sender, CMSG_DATA(&header) + sizeof error, std::min(room, sizeof sender));
    if (const auto address = address_of(sender)) found.sender = *address;
    return found;
}

}  // namespace

bool keep_path_errors(int fd, IpFamily family) {
    const int on = 1;
    return family == IpFamily::v4 ? setsockopt(fd, SOL_IP, IP_RECVERR, &on, sizeof on) == 0
                                  : setsockopt(fd, SOL_IPV6, IPV6_RECVERR, &on, sizeof on) == 0;
}

std::optional<PathError> take_path_error(int fd) {
    constexpr int most_skipped = 16;
    for (int i = 0; i < most_skipped; ++i) {
        alignas(cmsghdr) std::array<char, 512> control{};
        msghdr message{};
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        sockaddr_storage destination{};
        message.msg_name = &destination;
        message.msg_namelen = sizeof destination;
        if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return std::nullopt;
        for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
             header = CMSG_NXTHDR(&message, header))
            if (is_path_error(*header))
                if (auto found = read(*header)) {
                    found->destination = address_of(destination).value_or(IpAddress());
                    found->port = port_of(destination);
                    return found;
                }
    }
    return std::nullopt;
}

}  // namespace garita::runtime
