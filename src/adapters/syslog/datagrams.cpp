#include "adapters/syslog/datagrams.hpp"

#include <cstring>

#include <sys/uio.h>

#include "runtime/sockets/socket_address.hpp"

namespace garita::syslog {

Datagrams::Datagrams(runtime::Descriptor socket, std::size_t longest)
    : socket_(std::move(socket)),
      longest_(longest),
      bytes_(batch * longest),
      places_(batch),
      senders_(batch),
      controls_(batch),
      headers_(batch) {}

std::size_t Datagrams::receive() {
    for (std::size_t i = 0; i < batch; ++i) {
        places_[i] = {bytes_.data() + i * longest_, longest_};
        auto& header = headers_[i].msg_hdr;
        header = {};
        header.msg_name = &senders_[i];
        header.msg_namelen = sizeof(senders_[i]);
        header.msg_iov = &places_[i];
        header.msg_iovlen = 1;
        header.msg_control = controls_[i].bytes;
        header.msg_controllen = sizeof(controls_[i].bytes);
    }
    const auto got = ::recvmmsg(socket_.get(), headers_.data(), batch, MSG_DONTWAIT, nullptr);
    return got > 0 ? static_cast<std::size_t>(got) : 0;
}

void Datagrams::take(std::size_t index, Filter& filter) {
    auto& header = headers_[index].msg_hdr;
    auto& counters = filter.counters();
    for (auto* control = CMSG_FIRSTHDR(&header); control != nullptr;
         control = CMSG_NXTHDR(&header, control)) {
        if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SO_RXQ_OVFL) continue;
        std::uint32_t lost = 0;
        std::memcpy(&lost, CMSG_DATA(control), sizeof(lost));
        Counters::add(counters.lost_by_kernel, static_cast<std::uint32_t>(lost - lost_));
        lost_ = lost;
    }
    if ((header.msg_flags & MSG_TRUNC) != 0) Counters::add(counters.cut, 1);
    const auto sender = runtime::address_of(senders_[index]);
    if (sender) filter.take({bytes_.data() + index * longest_, headers_[index].msg_len}, *sender);
}

void Datagrams::read(Filter& filter) {
    for (int turn = 0; turn < 16; ++turn) {
        const auto got = receive();
        for (std::size_t i = 0; i < got; ++i)
            take(i, filter);
        if (got < batch) return;
    }
}

}  // namespace garita::syslog
