#include "adapters/linux_host/local_network.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <ifaddrs.h>
#include <memory>
#include <optional>
#include <utility>

#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "runtime/netlink/attributes.hpp"
#include "runtime/netlink/netlink_socket.hpp"

namespace garita::linux_host {

using enforce::LocalNetwork;
using enforce::LocalRole;
using runtime::NetlinkAttribute;
using runtime::NetlinkAttributes;

namespace {

constexpr std::size_t largest_resolver_file = 64 * 1024;

std::optional<IpAddress> address_of(int family, const void* bytes) {
    if (family == AF_INET) {
        std::array<std::uint8_t, 4> v4{};
        std::memcpy(v4.data(), bytes, v4.size());
        return IpAddress::from_v4(v4);
    }
    if (family != AF_INET6) return std::nullopt;
    std::array<std::uint8_t, 16> v6{};
    std::memcpy(v6.data(), bytes, v6.size());
    return IpAddress::from_v6(v6);
}

Result<std::vector<IpAddress>> own_addresses() {
    ifaddrs* raw = nullptr;
    if (getifaddrs(&raw) != 0)
        return fail(ErrorCode::io, std::string("cannot read this host's addresses: ") + std::strerror(errno),
                    Retry::later);
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> all(raw, &freeifaddrs);
    std::vector<IpAddress> own;
    for (const ifaddrs* one = all.get(); one != nullptr; one = one->ifa_next) {
        if (one->ifa_addr == nullptr) continue;
        const int family = one->ifa_addr->sa_family;
        const void* bytes = nullptr;
        if (family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr;
        if (family == AF_INET6) bytes = &reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr;
        if (bytes == nullptr) continue;
        if (const auto address = address_of(family, bytes)) own.push_back(*address);
    }
    return own;
}

std::optional<IpAddress> gateway_in(const NetlinkAttribute& attribute, int family) {
    if (attribute.type == RTA_GATEWAY && attribute.payload.size() == (family == AF_INET ? 4U : 16U))
        return address_of(family, attribute.payload.data());
    // An IPv4 route by an IPv6 neighbour.
    if (attribute.type == RTA_VIA && attribute.payload.size() == sizeof(std::uint16_t) + 16)
        return address_of(AF_INET6, attribute.payload.data() + sizeof(std::uint16_t));
    return std::nullopt;
}

/// Next hops of a route with several.
void take_next_hops(std::span<const std::byte> hops, int family, std::vector<IpAddress>& gateways) {
    while (hops.size() >= sizeof(rtnexthop)) {
        rtnexthop hop{};
        std::memcpy(&hop, hops.data(), sizeof hop);
        if (hop.rtnh_len < sizeof hop || hop.rtnh_len > hops.size()) return;
        NetlinkAttributes attributes(hops.subspan(sizeof hop, hop.rtnh_len - sizeof hop));
        while (const auto attribute = attributes.next())
            if (const auto gateway = gateway_in(*attribute, family)) gateways.push_back(*gateway);
        hops = hops.subspan(std::min<std::size_t>(NLMSG_ALIGN(std::size_t{hop.rtnh_len}), hops.size()));
    }
}

Result<std::vector<IpAddress>> default_gateways() {
    auto socket = runtime::NetlinkSocket::open(NETLINK_ROUTE, "routes");
    if (!socket) return tl::unexpected(socket.error());
    std::vector<IpAddress> gateways;
    for (const std::uint8_t family : {std::uint8_t{AF_INET}, std::uint8_t{AF_INET6}}) {
        const std::size_t before = gateways.size();
        alignas(nlmsghdr) std::array<std::byte, 128> buffer{};
        nlmsghdr* message = mnl_nlmsg_put_header(buffer.data());
        message->nlmsg_type = RTM_GETROUTE;
        message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
        static_cast<rtmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(rtmsg)))->rtm_family = family;
        const auto ack = socket->dump(
            *message,
            [&](const nlmsghdr& answer) {
                const auto found = parse_default_route(answer);
                gateways.insert(gateways.end(), found.begin(), found.end());
            },
            [&] { gateways.resize(before); });
        if (!ack) return tl::unexpected(ack.error());
        if (ack->error != 0 && ack->error != EOPNOTSUPP)
            return fail(ErrorCode::io, std::string("cannot read the routes: ") + std::strerror(ack->error),
                        Retry::later);
    }
    return gateways;
}

std::string read_start(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(largest_resolver_file, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return text;
}

}  // namespace

std::vector<IpAddress> parse_default_route(const nlmsghdr& message) {
    std::vector<IpAddress> gateways;
    if (message.nlmsg_type != RTM_NEWROUTE || mnl_nlmsg_get_payload_len(&message) < sizeof(rtmsg))
        return gateways;
    const auto* route = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(&message));
    if (route->rtm_dst_len != 0 || route->rtm_type != RTN_UNICAST) return gateways;
    NetlinkAttributes attributes(message, sizeof(rtmsg));
    while (const auto attribute = attributes.next()) {
        if (const auto gateway = gateway_in(*attribute, route->rtm_family)) gateways.push_back(*gateway);
        if (attribute->type == RTA_MULTIPATH) take_next_hops(attribute->payload, route->rtm_family, gateways);
    }
    return gateways;
}

std::vector<IpAddress> parse_resolvers(std::string_view text) {
    constexpr std::string_view keyword = "nameserver";
    constexpr std::string_view blank = " \t\r";
    std::vector<IpAddress> resolvers;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (!line.starts_with(keyword)) continue;
        line.remove_prefix(keyword.size());
        const auto start = line.find_first_not_of(blank);
        if (start == 0 || start == std::string_view::npos) continue;
        line.remove_prefix(start);
        line = line.substr(0, line.find_first_of(blank));
        if (const auto address = IpAddress::parse(line.substr(0, line.find('%'))))
            resolvers.push_back(*address);
    }
    return resolvers;
}

Result<void> LocalNetworks::look() {
    if (!changes_) {
        // an interface that goes down takes its IPv4 routes with it, and the kernel tells of the interface
        // alone
        constexpr unsigned groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR |
                                    RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE | 1U << (RTNLGRP_NEXTHOP - 1);
        auto socket = runtime::NetlinkSocket::open(NETLINK_ROUTE, "changes of addresses and routes", groups);
        if (!socket) return tl::unexpected(socket.error());
        changes_.emplace(std::move(*socket));
        known_ = false;
    }
    const auto notices =
        changes_->take_notices();  // first: what changes during the reading is seen next time
    if (!notices) {
        changes_.reset();
        return tl::unexpected(notices.error());
    }
    if (known_ && *notices == runtime::NetlinkSocket::Notices::none) return {};
    known_ = false;
    auto own = own_addresses();
    if (!own) return tl::unexpected(own.error());
    auto gateways = default_gateways();
    if (!gateways) return tl::unexpected(gateways.error());
    own_ = std::move(*own);
    gateways_ = std::move(*gateways);
    known_ = true;
    return {};
}

Result<std::vector<LocalNetwork>> LocalNetworks::protected_networks() {
    const std::lock_guard lock(mutex_);
    if (const auto looked = look(); !looked) return tl::unexpected(looked.error());
    std::vector<LocalNetwork> networks{{IpNetwork::parse("127.0.0.0/8").value(), LocalRole::loopback},
                                       {IpNetwork::parse("::1").value(), LocalRole::loopback}};
    const auto add = [&](const std::vector<IpAddress>& addresses, LocalRole role) {
        for (const auto& address : addresses) {
            const bool known = std::any_of(
                networks.begin(), networks.end(),
                [&](const LocalNetwork& known_one) { return known_one.network.contains(address); });
            if (!known && !address.is_unspecified()) networks.push_back({IpNetwork(address), role});
        }
    };
    add(own_, LocalRole::own_address);
    add(gateways_, LocalRole::gateway);
    for (const auto& file : resolver_files_)
        add(parse_resolvers(read_start(file)), LocalRole::resolver);
    return networks;
}

}  // namespace garita::linux_host
