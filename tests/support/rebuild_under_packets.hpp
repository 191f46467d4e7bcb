#pragma once
// Packets of an open and of a closed address, all the time, while a backend replaces everything.

#include <atomic>
#include <chrono>
#include <functional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "enforce/class_backend.hpp"
#include "integration/nftables/two_hosts.hpp"

namespace garita::testing_support {

/// Where the packets go.
struct PacketPath {
    const NetNamespace& senders;
    const NetNamespace& receiver;
    IpAddress open;
    IpAddress closed;
    IpAddress to;
};

[[nodiscard]] inline PacketPath path_between(const TwoHosts& hosts) {
    const auto open = IpAddress::parse("198.18.0.1").value();
    return {hosts.attacker(), hosts.server(), open, IpAddress::parse("198.18.0.2").value(),
            TwoHosts::server_address(open)};
}

/// Sends from its making to `stop`.
class Traffic {
  public:
    explicit Traffic(const PacketPath& path) {
        path.receiver.run([&] {
            receiver_ = bound_socket(path.to, SOCK_DGRAM, 9000);
            const int room = 64 * 1024 * 1024;
            setsockopt(receiver_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
        });
        path.senders.run([&] {
            open_ = bound_socket(path.open, SOCK_DGRAM, 0);
            closed_ = bound_socket(path.closed, SOCK_DGRAM, 0);
        });
        sender_ = std::thread([this, to = SocketAddress(path.to, 9000)] {
            while (!stop_) {
                if (sendto(open_.get(), "o", 1, 0, to.get(), to.size) == 1) ++sent_;
                (void)sendto(closed_.get(), "c", 1, 0, to.get(), to.size);
                std::this_thread::sleep_for(std::chrono::microseconds(50));
            }
        });
    }
    ~Traffic() { stop(); }
    Traffic(const Traffic&) = delete;
    Traffic& operator=(const Traffic&) = delete;

    [[nodiscard]] long sent() const { return sent_; }
    struct Count {
        long sent = 0;
        long passed = 0;
        long slipped = 0;  ///< of the closed one
    };
    Count stop() {
        stop_ = true;
        if (sender_.joinable()) sender_.join();
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        Count count{sent_, 0, 0};
        char byte = 0;
        while (recv(receiver_.get(), &byte, 1, MSG_DONTWAIT) == 1)
            ++(byte == 'o' ? count.passed : count.slipped);
        return count;
    }

  private:
    Fd receiver_;
    Fd open_;
    Fd closed_;
    std::atomic<bool> stop_{false};
    std::atomic<long> sent_{0};
    std::thread sender_;
};

/// What there is each time: the entries that the path's addresses are judged by, and so many others.
struct Rebuilds {
    std::vector<std::pair<RuleKey, RuleValue>> always;
    std::function<std::pair<RuleKey, RuleValue>(std::uint32_t)> other;
    /// Of others: one rebuild for each, all again until packets enough were sent.
    std::vector<std::uint32_t> counts;
};

/// Not one packet may meet an empty or half filled set. `also` is done before the packets end.
inline void rebuild_under_packets(const PacketPath& path, enforce::ClassBackend& backend,
                                  const Rebuilds& rebuilds, const std::function<void()>& also = {}) {
    constexpr long enough = 1000;
    Traffic traffic(path);
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    do {
        for (const std::uint32_t count : rebuilds.counts) {
            const auto source = [&](const enforce::EntrySink& sink) {
                for (const auto& [key, value] : rebuilds.always)
                    sink(key, value);
                for (std::uint32_t i = 0; i < count; ++i) {
                    const auto [key, value] = rebuilds.other(i);
                    sink(key, value);
                }
            };
            const auto failed = backend.rebuild(source, rebuilds.always.size() + count);
            ASSERT_TRUE(failed) << failed.error().text;
            ASSERT_TRUE(failed->empty()) << failed->front().error.text;
        }
    } while (traffic.sent() <= enough && std::chrono::steady_clock::now() < patience);
    if (also) also();
    const auto packets = traffic.stop();
    EXPECT_GT(packets.sent, enough) << "too few packets to prove anything";
    EXPECT_EQ(packets.passed, packets.sent);
    EXPECT_EQ(packets.slipped, 0);
}

}  // namespace garita::testing_support
