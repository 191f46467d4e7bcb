#pragma once
// Subscribers, a router and a server on the other side of it, each in a network namespace; packets are really
// sent.

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

#include "integration/nftables/two_hosts.hpp"

namespace garita::testing_support {

/// Subscribers have 100.64.0.0/10 and 2001:db8:5::/48 behind the router's interface "sub"; the server has
/// 192.0.2.9 and 2001:db8:9::9 behind "wan".
class RoutedHosts {
  public:
    static std::unique_ptr<RoutedHosts> make() {
        auto router = NetNamespace::make();
        auto subscribers = NetNamespace::make();
        auto server = NetNamespace::make();
        if (!router || !subscribers || !server) return nullptr;
        std::unique_ptr<RoutedHosts> hosts(
            new RoutedHosts(std::move(router), std::move(subscribers), std::move(server)));
        hosts->lay();
        hosts->settle();
        return hosts;
    }

    [[nodiscard]] const NetNamespace& router() const { return *router_; }
    [[nodiscard]] const NetNamespace& subscribers() const { return *subscribers_; }
    [[nodiscard]] const NetNamespace& server() const { return *server_; }
    static IpAddress server_address(const IpAddress& like) {
        return IpAddress::parse(like.is_v4() ? "192.0.2.9" : "2001:db8:9::9").value();
    }

    /// True when a datagram of this subscriber arrives at the server.
    bool reaches_up(const std::string& subscriber) {
        const IpAddress from = IpAddress::parse(subscriber).value();
        return passes(*subscribers_, from, *server_, server_address(from));
    }
    /// True when a datagram of the server arrives at this subscriber.
    bool reaches_down(const std::string& subscriber) {
        const IpAddress to = IpAddress::parse(subscriber).value();
        return passes(*server_, server_address(to), *subscribers_, to);
    }

  private:
    RoutedHosts(std::unique_ptr<NetNamespace> router, std::unique_ptr<NetNamespace> subscribers,
                std::unique_ptr<NetNamespace> server)
        : router_(std::move(router)), subscribers_(std::move(subscribers)), server_(std::move(server)) {}

    void lay() {
        const std::string wires =
            "ip link add sub type veth peer name r netns " + subscribers_->path() +
            " && ip link add wan type veth peer name r netns " + server_->path() +
            " && ip link set sub address 02:00:00:00:00:01 && ip link set sub up && ip link set wan up"
            " && ip addr add 100.127.255.254/10 dev sub && ip addr add 192.0.2.1/24 dev wan"
            " && ip addr add 2001:db8:5:ffff::1/48 dev sub nodad && ip addr add 2001:db8:9::1/64 dev wan "
            "nodad"
            " && sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1";
        const std::string below =
            "ip link set r address 02:00:00:00:00:02 && ip link set r up && ip addr add 100.127.255.253/32 "
            "dev r"
            " && ip route add 100.127.255.254 dev r && ip route add 192.0.2.0/24 via 100.127.255.254"
            " && ip -6 addr add 2001:db8:5:fffe::2/128 dev r nodad && ip -6 route add 2001:db8:5:ffff::1 dev "
            "r"
            " && ip -6 route add 2001:db8:9::/64 via 2001:db8:5:ffff::1"
            " && ip route add local 100.64.0.0/16 dev lo && ip -6 route add local 2001:db8:5:1::/64 dev lo"
            " && sysctl -qw net.ipv6.ip_nonlocal_bind=1";
        const std::string above =
            "ip link set r up && ip addr add 192.0.2.9/24 dev r && ip -6 addr add 2001:db8:9::9/64 dev r "
            "nodad"
            " && ip route add default via 192.0.2.1 && ip -6 route add default via 2001:db8:9::1";
        const std::string back =
            "ip route add 100.64.0.0/16 via 100.127.255.253"
            " && ip -6 route add 2001:db8:5:1::/64 via 2001:db8:5:fffe::2";
        for (const auto* space : {router_.get(), subscribers_.get(), server_.get()})
            if (!space->shell("sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0"))
                throw std::runtime_error("cannot set up addresses");
        if (!router_->shell(wires) || !subscribers_->shell(below) || !server_->shell(above) ||
            !router_->shell(back))
            throw std::runtime_error("cannot lay the wires");
    }

    /// A new wire passes nothing until both its ends have noticed each other, IPv6 not before its neighbours
    /// are found: on a busy machine that takes longer than one datagram is waited for.
    void settle() {
        for (const std::string subscriber : {"100.64.0.1", "2001:db8:5:1::1"}) {
            wait_until("a packet of " + subscriber + " arrives", [&] { return reaches_up(subscriber); });
            wait_until("a packet to " + subscriber + " arrives", [&] { return reaches_down(subscriber); });
        }
    }

    static bool passes(const NetNamespace& from_space, const IpAddress& from, const NetNamespace& to_space,
                       const IpAddress& to) {
        Fd receiver;
        to_space.run([&] { receiver = bound_socket(to, SOCK_DGRAM, 9000); });
        const timeval patience{0, 120'000};
        setsockopt(receiver.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        from_space.run([&] {
            const Fd sender = bound_socket(from, SOCK_DGRAM, 0);
            const SocketAddress target(to, 9000);
            if (sendto(sender.get(), "x", 1, 0, target.get(), target.size) != 1)
                throw std::runtime_error("cannot send from " + from.text() + ": " + std::strerror(errno));
        });
        char byte = 0;
        return recv(receiver.get(), &byte, 1, 0) == 1;
    }

    std::unique_ptr<NetNamespace> router_;
    std::unique_ptr<NetNamespace> subscribers_;
    std::unique_ptr<NetNamespace> server_;
};

}  // namespace garita::testing_support
