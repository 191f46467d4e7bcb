#include "adapters/linux_host/conntrack.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <unistd.h>
#include <utility>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>

#include "runtime/netlink/attributes.hpp"

namespace garita::linux_host {

using runtime::NetlinkAttribute;
using runtime::NetlinkAttributes;

namespace {

constexpr const char* presence_file = "/proc/sys/net/netfilter/nf_conntrack_count";
constexpr std::size_t largest_key = 1024;

struct Request {
    alignas(nlmsghdr) std::array<std::byte, 2048> bytes{};
};

nlmsghdr* put_request(Request& buffer, std::uint16_t type, std::uint16_t flags, std::uint8_t family) {
    nlmsghdr* message = mnl_nlmsg_put_header(buffer.bytes.data());
    message->nlmsg_type = static_cast<std::uint16_t>((NFNL_SUBSYS_CTNETLINK << 8) | type);
    message->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    auto* general = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(nfgenmsg)));
    general->nfgen_family = family;
    general->version = NFNETLINK_V0;
    return message;
}

std::optional<IpAddress> address_at(const NetlinkAttributes& addresses, std::uint16_t v4, std::uint16_t v6) {
    if (const auto found = addresses.find(v4))
        if (const auto bytes = found->value<std::array<std::uint8_t, 4>>()) return IpAddress::from_v4(*bytes);
    if (const auto found = addresses.find(v6))
        if (const auto bytes = found->value<std::array<std::uint8_t, 16>>())
            return IpAddress::from_v6(*bytes);
    return std::nullopt;
}

std::uint16_t port_at(const NetlinkAttributes& protocol, std::uint16_t type) {
    const auto found = protocol.find(type);
    return found ? ntohs(found->value<std::uint16_t>().value_or(0)) : std::uint16_t{0};
}

}  // namespace

std::optional<TrackedConnection> parse_tracked_connection(const nlmsghdr& message) {
    const auto tuple = NetlinkAttributes(message, sizeof(nfgenmsg)).find(CTA_TUPLE_ORIG);
    if (!tuple || tuple->payload.size() > largest_key) return std::nullopt;
    const auto ip = NetlinkAttributes(*tuple).find(CTA_TUPLE_IP);
    const auto protocol = NetlinkAttributes(*tuple).find(CTA_TUPLE_PROTO);
    if (!ip) return std::nullopt;
    const auto source = address_at(NetlinkAttributes(*ip), CTA_IP_V4_SRC, CTA_IP_V6_SRC);
    const auto destination = address_at(NetlinkAttributes(*ip), CTA_IP_V4_DST, CTA_IP_V6_DST);
    if (!source || !destination) return std::nullopt;
    TrackedConnection connection{
        *source, *destination, 0, 0, 0, {tuple->payload.begin(), tuple->payload.end()}};
    if (protocol) {
        const NetlinkAttributes parts(*protocol);
        if (const auto number = parts.find(CTA_PROTO_NUM))
            connection.protocol = number->value<std::uint8_t>().value_or(0);
        connection.source_port = port_at(parts, CTA_PROTO_SRC_PORT);
        connection.destination_port = port_at(parts, CTA_PROTO_DST_PORT);
    }
    return connection;
}

Result<std::optional<Conntrack>> Conntrack::open() {
    if (access(presence_file, F_OK) != 0) return std::optional<Conntrack>{};
    auto socket = runtime::NetlinkSocket::open(NETLINK_NETFILTER, "connection tracking");
    if (!socket) return tl::unexpected(socket.error());
    return std::optional<Conntrack>(Conntrack(std::move(*socket)));
}

Result<void> Conntrack::each(const std::function<void(TrackedConnection)>& visit) {
    Request buffer;
    nlmsghdr* message = put_request(buffer, IPCTNL_MSG_CT_GET, NLM_F_DUMP, AF_UNSPEC);
    const auto take = [&](const nlmsghdr& answer) {
        if (auto connection = parse_tracked_connection(answer)) visit(std::move(*connection));
    };
    const auto ack = socket_.dump(*message, take, [] {});
    if (!ack) return tl::unexpected(ack.error());
    // EINVAL and EOPNOTSUPP: a kernel that tracks connections but does not show them.
    if (ack->error == 0 || ack->error == EINVAL || ack->error == EOPNOTSUPP) return {};
    return fail(ErrorCode::io,
                std::string("cannot read the tracked connections: ") + std::strerror(ack->error),
                Retry::later);
}

Result<Conntrack::Forgotten> Conntrack::forget(const TrackedConnection& connection) {
    Request buffer;
    const std::uint8_t family = connection.source.is_v4() ? AF_INET : AF_INET6;
    nlmsghdr* message = put_request(buffer, IPCTNL_MSG_CT_DELETE, NLM_F_ACK, family);
    mnl_attr_put(message, CTA_TUPLE_ORIG | NLA_F_NESTED, connection.key.size(), connection.key.data());
    const auto ack = socket_.request(*message);
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error == 0) return Forgotten::yes;
    if (ack->error == ENOENT) return Forgotten::was_gone;
    return fail(ErrorCode::io, "cannot forget the tracked connection of " + connection.source.text() + ": " +
                                   std::strerror(ack->error));
}

}  // namespace garita::linux_host
