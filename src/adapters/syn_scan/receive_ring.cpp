#include "adapters/syn_scan/receive_ring.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "adapters/syn_scan/filter.hpp"

namespace garita::syn_scan {

namespace {

constexpr std::size_t block_size = std::size_t{128} << 10;
constexpr std::size_t blocks = 64;

tl::unexpected<Error> failure(const Interface& interface, const char* what) {
    const int error = errno;
    if (error == EPERM || error == EACCES)
        return fail(
            ErrorCode::forbidden,
            "the syn engine may not send packets of its own: it needs root or the capability CAP_NET_RAW; "
            "the connect engine needs neither");
    return fail(ErrorCode::io, std::string(what) + " at " + interface.name + ": " + std::strerror(error),
                Retry::later);
}

template <typename Value>
bool set(int fd, int option, const Value& value) {
    return setsockopt(fd, SOL_PACKET, option, &value, sizeof value) == 0;
}

bool set_filter(int fd, Port first) {
    auto program = receive_filter(first);
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0;
}

bool set_ring(int fd) {
    const int version = TPACKET_V3;
    tpacket_req3 ring{};
    ring.tp_block_size = block_size;
    ring.tp_block_nr = blocks;
    ring.tp_frame_size = 2048;
    ring.tp_frame_nr = static_cast<unsigned>(block_size / 2048 * blocks);
    ring.tp_retire_blk_tov = 1;  // milliseconds until a block that is not full is ours
    return set(fd, PACKET_VERSION, version) && set(fd, PACKET_RX_RING, ring);
}

}  // namespace

Result<ReceiveRing> ReceiveRing::open(const Interface& interface, Port first) {
    runtime::Descriptor socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    if (!socket.is_open()) return failure(interface, "cannot open a packet socket");
    const int ignore = 1;
    (void)set(socket.get(), PACKET_IGNORE_OUTGOING, ignore);  // older kernels: the filter leaves them out
    if (!set_filter(socket.get(), first)) return failure(interface, "cannot set the filter of answers");
    if (!set_ring(socket.get())) return failure(interface, "cannot get memory for answers");
    void* memory = mmap(nullptr, block_size * blocks, PROT_READ | PROT_WRITE, MAP_SHARED, socket.get(), 0);
    if (memory == MAP_FAILED) return failure(interface, "cannot get memory for answers");
    ReceiveRing ring(std::move(socket), static_cast<std::byte*>(memory));
    sockaddr_ll where{};
    where.sll_family = AF_PACKET;
    where.sll_protocol = htons(ETH_P_ALL);
    where.sll_ifindex = interface.index;
    if (bind(ring.fd(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
        return failure(interface, "cannot receive packets");
    return ring;
}

ReceiveRing::ReceiveRing(ReceiveRing&& other) noexcept
    : socket_(std::move(other.socket_)),
      memory_(std::exchange(other.memory_, nullptr)),
      block_(other.block_),
      block_packets_(other.block_packets_),
      packet_(other.packet_) {}

ReceiveRing::~ReceiveRing() {
    if (memory_ != nullptr) munmap(memory_, block_size * blocks);
}

bool ReceiveRing::ready() {
    auto* block = reinterpret_cast<tpacket_block_desc*>(memory_ + block_ * block_size);
    const std::atomic_ref<std::uint32_t> status(block->hdr.bh1.block_status);
    if ((status.load(std::memory_order_acquire) & TP_STATUS_USER) == 0) return false;
    block_packets_ = block->hdr.bh1.num_pkts;
    packet_ = block_ * block_size + block->hdr.bh1.offset_to_first_pkt;
    return true;
}

ReceiveRing::Packet ReceiveRing::next_packet() {
    tpacket3_hdr header{};
    std::memcpy(&header, memory_ + packet_, sizeof header);
    sockaddr_ll from{};
    std::memcpy(&from, memory_ + packet_ + TPACKET_ALIGN(sizeof header), sizeof from);
    const std::size_t skip = header.tp_net - header.tp_mac;
    const std::size_t length = header.tp_snaplen > skip ? header.tp_snaplen - skip : 0;
    constexpr std::uint32_t vouched = TP_STATUS_CSUMNOTREADY | TP_STATUS_CSUM_VALID;
    const Packet packet{ntohs(from.sll_protocol),
                        {reinterpret_cast<const std::uint8_t*>(memory_ + packet_ + header.tp_net), length},
                        (header.tp_status & vouched) != 0 ? Sums::vouched_for : Sums::to_be_checked,
                        Time{std::chrono::seconds{header.tp_sec} +
                             std::chrono::duration_cast<Duration>(std::chrono::nanoseconds{header.tp_nsec})}};
    packet_ += header.tp_next_offset;
    return packet;
}

void ReceiveRing::release() {
    auto* block = reinterpret_cast<tpacket_block_desc*>(memory_ + block_ * block_size);
    const std::atomic_ref<std::uint32_t> status(block->hdr.bh1.block_status);
    status.store(TP_STATUS_KERNEL, std::memory_order_release);
    block_ = (block_ + 1) % blocks;
}

std::uint64_t ReceiveRing::take_drops() {
    tpacket_stats_v3 counts{};
    socklen_t size = sizeof counts;
    if (getsockopt(fd(), SOL_PACKET, PACKET_STATISTICS, &counts, &size) != 0) return 0;
    return counts.tp_drops;
}

int ReceiveRing::take_error() {
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(fd(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace garita::syn_scan
