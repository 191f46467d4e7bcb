#include "adapters/syn_scan/routes.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <net/if.h>
#include <net/if_arp.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "runtime/descriptor/descriptor.hpp"
#include "runtime/netlink/attributes.hpp"

namespace garita::syn_scan {

namespace {

std::optional<IpAddress> address_in(std::span<const std::byte> bytes) {
    if (bytes.size() == 4) {
        std::array<std::uint8_t, 4> v4{};
        std::memcpy(v4.data(), bytes.data(), v4.size());
        return IpAddress::from_v4(v4);
    }
    if (bytes.size() != 16) return std::nullopt;
    std::array<std::uint8_t, 16> v6{};
    std::memcpy(v6.data(), bytes.data(), v6.size());
    return IpAddress::from_v6(v6);
}

std::string reason(int error) {
    switch (error) {
        case ENETUNREACH:
        case EHOSTUNREACH:
            return "no route to it";
        case EACCES:
            return "this host's routes prohibit it";
        case EINVAL:
            return "this host's routes throw it away";
        default:
            return std::string("no route to it: ") + std::strerror(error);
    }
}

bool usable(int type) {
    return type == ARPHRD_ETHER || type == ARPHRD_NONE || type == ARPHRD_PPP || type == ARPHRD_RAWIP;
}

}  // namespace

Result<Routes> Routes::open() {
    auto socket = runtime::NetlinkSocket::open(NETLINK_ROUTE, "routes");
    if (!socket) return tl::unexpected(socket.error());
    return Routes(std::move(*socket));
}

std::optional<Route> parse_route(const nlmsghdr& message) {
    if (message.nlmsg_type != RTM_NEWROUTE || mnl_nlmsg_get_payload_len(&message) < sizeof(rtmsg))
        return std::nullopt;
    const auto* header = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(&message));
    Route route;
    if (header->rtm_type == RTN_LOCAL)
        route.kind = Route::Kind::own;
    else if (header->rtm_type == RTN_UNICAST)
        route.kind = Route::Kind::away;
    else
        route.why = "it is not the address of one host";
    runtime::NetlinkAttributes attributes(message, sizeof(rtmsg));
    while (const auto attribute = attributes.next()) {
        if (attribute->type == RTA_OIF) route.interface = attribute->value<int>().value_or(0);
        if (attribute->type == RTA_GATEWAY) route.gateway = address_in(attribute->payload);
        if (attribute->type == RTA_VIA && attribute->payload.size() > 2)
            route.gateway = address_in(attribute->payload.subspan(2));
        if (attribute->type == RTA_PREFSRC)
            if (const auto own = address_in(attribute->payload)) route.own = *own;
    }
    return route;
}

Result<Route> Routes::to(const IpAddress& address) {
    alignas(nlmsghdr) std::array<std::byte, 128> buffer{};
    nlmsghdr* message = mnl_nlmsg_put_header(buffer.data());
    message->nlmsg_type = RTM_GETROUTE;
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    auto* header = static_cast<rtmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(rtmsg)));
    header->rtm_family = address.is_v4() ? AF_INET : AF_INET6;
    header->rtm_dst_len = static_cast<std::uint8_t>(address.bits());
    mnl_attr_put(message, RTA_DST, address.size(), address.bytes().data());
    std::optional<Route> found;
    const auto ack = socket_.request(*message, [&](const nlmsghdr& answer) {
        if (auto route = parse_route(answer)) found = std::move(route);
    });
    if (!ack) return tl::unexpected(ack.error());
    Route none;
    none.why = ack->error != 0 ? reason(ack->error) : "no route to it";
    if (ack->error != 0 || !found) return none;
    if (found->kind == Route::Kind::away &&
        (found->interface <= 0 || found->own.family() != address.family() || found->own.is_unspecified())) {
        none.why = "this host has no address to ask it from";
        return none;
    }
    return *found;
}

Result<Interface> interface_of(int index) {
    std::array<char, IF_NAMESIZE> name{};
    const runtime::Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{};
    if (!socket.is_open() || if_indextoname(static_cast<unsigned>(index), name.data()) == nullptr)
        return fail(ErrorCode::io, "interface " + std::to_string(index) + " is not there any more",
                    Retry::later);
    Interface found;
    found.index = index;
    found.name = name.data();
    std::copy(name.begin(), name.end(), request.ifr_name);
    if (ioctl(socket.get(), SIOCGIFFLAGS, &request) != 0)
        return fail(ErrorCode::io, "cannot look at interface " + found.name + ": " + std::strerror(errno));
    found.asks_neighbours = (request.ifr_flags & (IFF_NOARP | IFF_POINTOPOINT)) == 0;
    if (ioctl(socket.get(), SIOCGIFHWADDR, &request) != 0)
        return fail(ErrorCode::io, "cannot look at interface " + found.name + ": " + std::strerror(errno));
    if (!usable(request.ifr_hwaddr.sa_family))
        return fail(ErrorCode::invalid,
                    "packets of our own cannot be sent by " + found.name + "; use the connect engine");
    found.header = request.ifr_hwaddr.sa_family == ARPHRD_ETHER ? LinkHeader::ethernet : LinkHeader::none;
    if (found.header == LinkHeader::none) found.asks_neighbours = false;
    std::memcpy(found.mac.data(), request.ifr_hwaddr.sa_data, found.mac.size());
    return found;
}

std::string trouble_of(const Interface& interface, int error) {
    const runtime::Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{};
    interface.name.copy(request.ifr_name, IF_NAMESIZE - 1);
    if (socket.is_open() && ioctl(socket.get(), SIOCGIFFLAGS, &request) != 0 && errno == ENODEV)
        return interface.name + " is not there any more";
    if (error == ENETDOWN || (request.ifr_flags & IFF_UP) == 0) return interface.name + " went down";
    if ((request.ifr_flags & IFF_RUNNING) == 0) return interface.name + " has no carrier any more";
    return "packets cannot be sent by " + interface.name + ": " + std::strerror(error);
}

}  // namespace garita::syn_scan
