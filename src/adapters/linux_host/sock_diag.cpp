#include "adapters/linux_host/sock_diag.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

namespace garita::linux_host {
namespace {

struct Request {
    alignas(nlmsghdr) std::array<std::byte, 256> bytes{};
};

constexpr std::uint32_t state_bit(unsigned state) {
    return 1U << state;
}

constexpr std::uint32_t states_of(TcpKind kind) {
    if (kind == TcpKind::listening) return state_bit(TCP_LISTEN);
    return state_bit(TCP_ESTABLISHED) | state_bit(TCP_SYN_SENT) | state_bit(TCP_SYN_RECV) |
           state_bit(TCP_FIN_WAIT1) | state_bit(TCP_FIN_WAIT2) | state_bit(TCP_CLOSE_WAIT) |
           state_bit(TCP_LAST_ACK) | state_bit(TCP_CLOSING);
}

IpAddress address_of(std::uint8_t family, const std::uint32_t (&words)[4]) {
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), words, sizeof words);
    if (family == AF_INET) return IpAddress::from_v4({bytes[0], bytes[1], bytes[2], bytes[3]});
    return IpAddress::from_v6(bytes);
}

TcpSocket socket_of(const inet_diag_msg& seen) {
    TcpSocket socket;
    socket.local = address_of(seen.idiag_family, seen.id.idiag_src);
    socket.remote = address_of(seen.idiag_family, seen.id.idiag_dst);
    socket.local_port = ntohs(seen.id.idiag_sport);
    socket.remote_port = ntohs(seen.id.idiag_dport);
    socket.inode = seen.idiag_inode;
    socket.identity.family = seen.idiag_family;
    socket.identity.interface = seen.id.idiag_if;
    std::copy(std::begin(seen.id.idiag_cookie), std::end(seen.id.idiag_cookie), socket.identity.cookie);
    std::copy(std::begin(seen.id.idiag_src), std::end(seen.id.idiag_src), socket.identity.source);
    std::copy(std::begin(seen.id.idiag_dst), std::end(seen.id.idiag_dst), socket.identity.destination);
    return socket;
}

inet_diag_req_v2* put_request(Request& buffer, std::uint16_t type, std::uint16_t flags, std::uint8_t family) {
    nlmsghdr* message = mnl_nlmsg_put_header(buffer.bytes.data());
    message->nlmsg_type = type;
    message->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    auto* request =
        static_cast<inet_diag_req_v2*>(mnl_nlmsg_put_extra_header(message, sizeof(inet_diag_req_v2)));
    request->sdiag_family = family;
    request->sdiag_protocol = IPPROTO_TCP;
    return request;
}

nlmsghdr& message_in(Request& buffer) {
    return *reinterpret_cast<nlmsghdr*>(buffer.bytes.data());
}

}  // namespace

std::optional<TcpSocket> parse_tcp_socket(const nlmsghdr& message) {
    if (mnl_nlmsg_get_payload_len(&message) < sizeof(inet_diag_msg)) return std::nullopt;
    return socket_of(*static_cast<const inet_diag_msg*>(mnl_nlmsg_get_payload(&message)));
}

Result<SockDiag> SockDiag::open() {
    auto socket = runtime::NetlinkSocket::open(NETLINK_SOCK_DIAG, "the socket table");
    if (!socket) return tl::unexpected(socket.error());
    return SockDiag(std::move(*socket));
}

Result<void> SockDiag::each_of(std::uint8_t family, TcpKind kind,
                               const std::function<void(const TcpSocket&)>& visit) {
    Request buffer;
    put_request(buffer, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, family)->idiag_states = states_of(kind);
    std::vector<TcpSocket> sockets;
    const auto take = [&](const nlmsghdr& message) {
        if (const auto socket = parse_tcp_socket(message)) sockets.push_back(*socket);
    };
    const auto ack = socket_.dump(message_in(buffer), take, [&] { sockets.clear(); });
    if (!ack) return tl::unexpected(ack.error());
    // A kernel without IPv6 has no such sockets.
    if (ack->error == ENOENT) return {};
    if (ack->error != 0)
        return fail(ErrorCode::io, std::string("cannot read the socket table: ") + std::strerror(ack->error),
                    Retry::later);
    for (const auto& socket : sockets)
        visit(socket);
    return {};
}

Result<void> SockDiag::each(TcpKind kind, const std::function<void(const TcpSocket&)>& visit) {
    if (auto done = each_of(AF_INET, kind, visit); !done) return done;
    return each_of(AF_INET6, kind, visit);
}

Result<Destroyed> SockDiag::destroy(const TcpSocket& socket) {
    Request buffer;
    auto* request = put_request(buffer, SOCK_DESTROY, NLM_F_ACK, socket.identity.family);
    request->idiag_states = ~0U;
    request->id.idiag_sport = htons(socket.local_port);
    request->id.idiag_dport = htons(socket.remote_port);
    request->id.idiag_if = socket.identity.interface;
    std::copy(std::begin(socket.identity.cookie), std::end(socket.identity.cookie), request->id.idiag_cookie);
    std::copy(std::begin(socket.identity.source), std::end(socket.identity.source), request->id.idiag_src);
    std::copy(std::begin(socket.identity.destination), std::end(socket.identity.destination),
              request->id.idiag_dst);
    const auto ack = socket_.request(message_in(buffer));
    if (!ack) return tl::unexpected(ack.error());
    if (ack->error == 0) return Destroyed::yes;
    if (ack->error == ENOENT || ack->error == ESTALE) return Destroyed::was_gone;
    std::string text = "cannot end the connection with " + socket.remote.text() + " port " +
                       std::to_string(socket.remote_port) + ": " + std::strerror(ack->error);
    if (ack->error == EOPNOTSUPP) text += " (the kernel was built without INET_DIAG_DESTROY)";
    return fail(ack->error == EPERM ? ErrorCode::forbidden : ErrorCode::io, std::move(text));
}

}  // namespace garita::linux_host
