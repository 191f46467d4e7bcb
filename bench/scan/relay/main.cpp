// A wire that delays and loses: frames that come in by one interface leave by the other.
//   garita-bench-relay INTERFACE INTERFACE DELAY_MS LOSS_PERCENT
// It stands in for the kernel's netem where that is not there. Runs until it is told to end.

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <net/if.h>
#include <poll.h>
#include <random>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t batch = 128;
constexpr std::size_t largest = 1600;

struct Frame {
    Clock::time_point due;
    std::uint16_t size = 0;
    std::array<std::uint8_t, 190> bytes{};
};

int open_interface(const char* name) {
    const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int on = 1;
    const int room = 256 << 20;
    sockaddr_ll where{};
    where.sll_family = AF_PACKET;
    where.sll_protocol = htons(ETH_P_ALL);
    where.sll_ifindex = static_cast<int>(if_nametoindex(name));
    packet_mreq all{};
    all.mr_ifindex = where.sll_ifindex;
    all.mr_type = PACKET_MR_PROMISC;
    if (fd < 0 || where.sll_ifindex == 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on) != 0 ||
        bind(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all) != 0)
        throw std::runtime_error(std::string("cannot use ") + name + ": " + std::strerror(errno));
    return fd;
}

/// One direction.
class Way {
  public:
    Way(int from, int to, Clock::duration delay, double loss)
        : from_(from),
          to_(to),
          delay_(delay),
          loss_(loss),
          room_(batch * largest),
          random_(std::random_device{}()) {
        for (std::size_t i = 0; i < batch; ++i) {
            parts_[i] = {room_.data() + i * largest, largest};
            messages_[i].msg_hdr.msg_iov = &parts_[i];
            messages_[i].msg_hdr.msg_iovlen = 1;
        }
    }

    void take() {
        for (;;) {
            const int count = recvmmsg(from_, messages_.data(), batch, MSG_DONTWAIT, nullptr);
            if (count <= 0) return;
            const auto due = Clock::now() + delay_;
            for (int i = 0; i < count; ++i)
                keep(static_cast<std::size_t>(i), due);
            if (static_cast<std::size_t>(count) < batch) return;
        }
    }
    void give(Clock::time_point now) {
        while (!waiting_.empty() && waiting_.front().due <= now) {
            std::array<mmsghdr, batch> messages{};
            std::array<iovec, batch> parts{};
            std::size_t count = 0;
            for (auto& frame : waiting_) {
                if (frame.due > now || count == batch) break;
                parts[count] = {frame.bytes.data(), frame.size};
                messages[count].msg_hdr.msg_iov = &parts[count];
                messages[count++].msg_hdr.msg_iovlen = 1;
            }
            const int sent = sendmmsg(to_, messages.data(), static_cast<unsigned>(count), 0);
            // what does not go now is tried once more with the next ones
            const std::size_t gone = sent > 0 ? static_cast<std::size_t>(sent) : 0;
            waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(gone));
            if (gone == 0) return;
        }
    }
    [[nodiscard]] bool empty() const { return waiting_.empty(); }
    [[nodiscard]] Clock::time_point next() const { return waiting_.front().due; }

  private:
    void keep(std::size_t at, Clock::time_point due) {
        const std::size_t size = messages_[at].msg_len;
        Frame frame;
        if (size > frame.bytes.size() || chance_(random_) < loss_) return;
        frame.due = due;
        frame.size = static_cast<std::uint16_t>(size);
        std::memcpy(frame.bytes.data(), parts_[at].iov_base, size);
        waiting_.push_back(frame);
    }

    int from_;
    int to_;
    Clock::duration delay_;
    double loss_;
    std::vector<std::uint8_t> room_;
    std::array<iovec, batch> parts_{};
    std::array<mmsghdr, batch> messages_{};
    std::deque<Frame> waiting_;
    std::mt19937_64 random_;
    std::uniform_real_distribution<> chance_{0, 1};
};

void run(char** arguments) {
    const int one = open_interface(arguments[1]);
    const int other = open_interface(arguments[2]);
    const auto delay = std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double, std::milli>(std::strtod(arguments[3], nullptr)));
    const double loss = std::strtod(arguments[4], nullptr) / 100;
    Way there(one, other, delay, loss);
    Way back(other, one, delay, loss);
    std::array<pollfd, 2> both{{{one, POLLIN, 0}, {other, POLLIN, 0}}};
    for (;;) {
        there.take();
        back.take();
        const auto now = Clock::now();
        there.give(now);
        back.give(now);
        auto next = now + std::chrono::milliseconds{200};
        if (!there.empty()) next = std::min(next, there.next());
        if (!back.empty()) next = std::min(next, back.next());
        const auto left = std::max(next - Clock::now(), Clock::duration::zero());
        const timespec span{0, static_cast<long>(std::chrono::nanoseconds(left).count())};
        (void)ppoll(both.data(), both.size(), &span, nullptr);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fprintf(stderr, "usage: %s INTERFACE INTERFACE DELAY_MS LOSS_PERCENT\n", argv[0]);
        return 2;
    }
    try {
        run(argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
