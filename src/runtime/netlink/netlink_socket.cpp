#include "runtime/netlink/netlink_socket.hpp"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "runtime/netlink/attributes.hpp"

namespace garita::runtime {
namespace {

// The kernel fills datagrams of a dump up to 32 KiB when the reader offers that much, which saves most of the
// time of a long dump.
constexpr std::size_t receive_size = 64 * 1024;
constexpr int receive_queue = 8 * 1024 * 1024;
constexpr int dump_attempts = 20;
constexpr timeval answer_within{10, 0};

/// A kernel's error is a small negative number, ipset's own reach beyond those of errno; whatever else stands
/// there is no success.
int error_of(int code) {
    return code <= 0 && code > -8192 ? -code : EBADMSG;
}

std::span<const std::byte> bytes_of(const nlmsghdr& message) {
    return {reinterpret_cast<const std::byte*>(&message), message.nlmsg_len};
}

}  // namespace

NetlinkAck parse_ack(const nlmsghdr& header) {
    NetlinkAck ack;
    ack.sequence = header.nlmsg_seq;
    if (mnl_nlmsg_get_payload_len(&header) < sizeof(nlmsgerr)) {
        ack.error = EBADMSG;
        return ack;
    }
    const auto* error = static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(&header));
    ack.error = error_of(error->error);
    if (ack.error != 0 && (header.nlmsg_flags & NLM_F_CAPPED) == 0) {
        const auto* echo = reinterpret_cast<const std::byte*>(&error->msg);
        const std::size_t there = mnl_nlmsg_get_payload_len(&header) - offsetof(nlmsgerr, msg);
        if (error->msg.nlmsg_len >= sizeof(nlmsghdr) && error->msg.nlmsg_len <= there)
            ack.echo.assign(echo, echo + error->msg.nlmsg_len);
    }
    if ((header.nlmsg_flags & NLM_F_ACK_TLVS) == 0) return ack;
    std::size_t skip = sizeof(nlmsgerr);
    if ((header.nlmsg_flags & NLM_F_CAPPED) == 0 && error->msg.nlmsg_len >= sizeof(nlmsghdr))
        skip += error->msg.nlmsg_len - sizeof(nlmsghdr);
    NetlinkAttributes attributes(header, skip);
    while (const auto attribute = attributes.next()) {
        if (attribute->type == NLMSGERR_ATTR_OFFS) ack.offset = attribute->value<std::uint32_t>().value_or(0);
        if (attribute->type == NLMSGERR_ATTR_MSG) ack.text = attribute->text();
    }
    return ack;
}

void NetlinkSocket::Closer::operator()(mnl_socket* socket) const {
    mnl_socket_close(socket);
}

NetlinkSocket::NetlinkSocket(mnl_socket* socket, std::string purpose)
    : socket_(socket), purpose_(std::move(purpose)), buffer_(receive_size) {}

Result<NetlinkSocket> NetlinkSocket::open(int bus, std::string purpose, unsigned groups) {
    mnl_socket* raw = mnl_socket_open2(bus, SOCK_CLOEXEC);
    if (raw == nullptr)
        return fail(ErrorCode::io,
                    "cannot open the netlink socket for " + purpose + ": " + std::strerror(errno));
    NetlinkSocket socket(raw, std::move(purpose));
    if (mnl_socket_bind(raw, groups, MNL_SOCKET_AUTOPID) < 0) return socket.failure("cannot bind", errno);
    int on = 1;
    // Kernels without these still answer, only with less detail.
    (void)mnl_socket_setsockopt(raw, NETLINK_EXT_ACK, &on, sizeof on);
    (void)mnl_socket_setsockopt(raw, NETLINK_CAP_ACK, &on, sizeof on);
    const int fd = mnl_socket_get_fd(raw);
    // Notices may run over: that alone says that something has changed.
    if (groups == 0 && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive_queue, sizeof receive_queue) < 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_queue, sizeof receive_queue);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &answer_within, sizeof answer_within);
    return socket;
}

tl::unexpected<Error> NetlinkSocket::failure(const char* what, int error) const {
    const bool denied = error == EPERM || error == EACCES;
    std::string text =
        std::string(what) + " on the netlink socket for " + purpose_ + ": " + std::strerror(error);
    if (denied) text += " (it needs CAP_NET_ADMIN)";
    return fail(denied ? ErrorCode::forbidden : ErrorCode::io, std::move(text),
                denied ? Retry::no : Retry::later);
}

Result<void> NetlinkSocket::send(std::span<const std::byte> bytes) {
    const int fd = mnl_socket_get_fd(socket_.get());
    // A transaction is one datagram, so the send queue must hold all of it.
    if (bytes.size() + 4096 > send_buffer_) {
        const auto wanted = static_cast<int>(bytes.size() + 64 * 1024);
        if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &wanted, sizeof wanted) == 0)
            send_buffer_ = bytes.size() + 64 * 1024;
    }
    if (mnl_socket_sendto(socket_.get(), bytes.data(), bytes.size()) < 0)
        return failure("cannot send", errno);
    return {};
}

Result<std::optional<std::size_t>> NetlinkSocket::receive(Wait wait) {
    const int fd = mnl_socket_get_fd(socket_.get());
    for (;;) {
        const auto size = ::recv(fd, buffer_.data(), buffer_.size(), wait == Wait::no ? MSG_DONTWAIT : 0);
        if (size >= 0) return std::optional(static_cast<std::size_t>(size));
        if (errno == EINTR) continue;
        if ((errno == EAGAIN || errno == EWOULDBLOCK) && wait == Wait::no)
            return std::optional<std::size_t>{};
        return failure("no answer", errno);
    }
}

Result<NetlinkSocket::Notices> NetlinkSocket::take_notices() {
    const int fd = mnl_socket_get_fd(socket_.get());
    auto noticed = Notices::none;
    std::byte first{};  // the rest of the datagram is of no interest
    for (;;) {
        if (::recv(fd, &first, sizeof first, MSG_DONTWAIT | MSG_TRUNC) >= 0 || errno == ENOBUFS)
            noticed = Notices::some;
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return noticed;
        else if (errno != EINTR)
            return failure("cannot take notices", errno);
    }
}

Result<NetlinkAck> NetlinkSocket::request(nlmsghdr& message, const Visit& visit) {
    message.nlmsg_seq = next_sequence();
    if (auto sent = send(bytes_of(message)); !sent) return tl::unexpected(sent.error());
    for (;;) {
        const auto size = receive(Wait::yes);
        if (!size) return tl::unexpected(size.error());
        NetlinkMessages answers(std::span<const std::byte>(buffer_).first(**size));
        while (const auto* header = answers.next()) {
            if (header->nlmsg_seq != message.nlmsg_seq) continue;
            if (header->nlmsg_type == NLMSG_ERROR) return parse_ack(*header);
            if (visit) visit(*header);
        }
    }
}

Result<NetlinkSocket::DumpResult> NetlinkSocket::dump_once(nlmsghdr& message, const Visit& visit) {
    message.nlmsg_seq = next_sequence();
    if (auto sent = send(bytes_of(message)); !sent) return tl::unexpected(sent.error());
    DumpResult result;
    for (;;) {
        const auto size = receive(Wait::yes);
        if (!size) return tl::unexpected(size.error());
        NetlinkMessages answers(std::span<const std::byte>(buffer_).first(**size));
        while (const auto* header = answers.next()) {
            if (header->nlmsg_seq != message.nlmsg_seq) continue;
            if ((header->nlmsg_flags & NLM_F_DUMP_INTR) != 0) result.end = DumpEnd::torn;
            if (header->nlmsg_type == NLMSG_ERROR) {
                result.ack = parse_ack(*header);
                return result;
            }
            if (header->nlmsg_type == NLMSG_DONE) {
                if (mnl_nlmsg_get_payload_len(header) >= sizeof(int)) {
                    int code = 0;
                    std::memcpy(&code, mnl_nlmsg_get_payload(header), sizeof code);
                    if (code < 0) result.ack.error = error_of(code);
                }
                return result;
            }
            if (result.end == DumpEnd::complete) visit(*header);
        }
    }
}

Result<NetlinkAck> NetlinkSocket::dump(nlmsghdr& message, const Visit& visit,
                                       const std::function<void()>& restart) {
    for (int attempt = 0; attempt < dump_attempts; ++attempt) {
        if (attempt > 0) restart();
        auto result = dump_once(message, visit);
        if (!result) return tl::unexpected(result.error());
        const bool torn = result->end == DumpEnd::torn || result->ack.error == EINTR;
        if (!torn) return result->ack;
    }
    return fail(
        ErrorCode::unavailable,
        "the kernel's table for " + purpose_ + " changed under every attempt to read it; asking again later",
        Retry::later);
}

Result<std::vector<NetlinkAck>> NetlinkSocket::send_batch(std::span<const std::byte> messages,
                                                          const Visit& visit) {
    std::vector<NetlinkAck> acks;
    // Answers to an earlier, abandoned exchange must not be taken for answers to this one; their sequence
    // numbers tell them apart, but they would fill the queue.
    for (;;) {
        const auto stale = receive(Wait::no);
        if (!stale || !*stale) break;
    }
    if (auto sent = send(messages); !sent) return tl::unexpected(sent.error());
    for (;;) {
        const auto size = receive(Wait::no);
        if (!size) return tl::unexpected(size.error());
        if (!*size) return acks;
        NetlinkMessages answers(std::span<const std::byte>(buffer_).first(**size));
        while (const auto* header = answers.next()) {
            if (header->nlmsg_type == NLMSG_ERROR)
                acks.push_back(parse_ack(*header));
            else if (visit)
                visit(*header);
        }
    }
}

}  // namespace garita::runtime
