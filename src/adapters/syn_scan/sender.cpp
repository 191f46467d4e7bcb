#include "adapters/syn_scan/sender.hpp"

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <linux/if_packet.h>

namespace garita::syn_scan {

Sender::Sender(runtime::Descriptor socket) : socket_(std::move(socket)), batch_(std::make_unique<Batch>()) {
    for (std::size_t i = 0; i < most; ++i) {
        batch_->parts[i] = {batch_->frames[i].data(), 0};
        batch_->messages[i].msg_hdr.msg_iov = &batch_->parts[i];
        batch_->messages[i].msg_hdr.msg_iovlen = 1;
    }
}

Result<Sender> Sender::open(const Interface& interface) {
    runtime::Descriptor socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    sockaddr_ll where{};
    where.sll_family = AF_PACKET;  // no protocol: nothing is received
    where.sll_ifindex = interface.index;
    if (!socket.is_open() || bind(socket.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
        return fail(ErrorCode::io, "cannot send packets by " + interface.name + ": " + std::strerror(errno),
                    Retry::later);
    const int on = 1;
    const int room = 4 << 20;
    // a full queue of the interface is told to us instead of being paid with silent losses
    (void)setsockopt(socket.get(), SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);
    (void)setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    return Sender(std::move(socket));
}

Sender::Sent Sender::flush() {
    Sent sent;
    while (sent.count < count_) {
        const int done = sendmmsg(socket_.get(), batch_->messages.data() + sent.count,
                                  static_cast<unsigned>(count_ - sent.count), 0);
        if (done > 0) {
            sent.count += static_cast<std::size_t>(done);
        } else if (done < 0 && errno != EINTR) {
            sent.error = errno;
            break;
        }
    }
    count_ = 0;
    return sent;
}

}  // namespace garita::syn_scan
