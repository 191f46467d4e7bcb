#pragma once
// An attacker and a server, each in a network namespace, with a wire between them; packets are really sent.

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "model/ip.hpp"
#include "support/net_namespace.hpp"

namespace garita::testing_support {

/// A socket that closes itself.
class Fd {
  public:
    explicit Fd(int fd = -1) : fd_(fd) {}
    ~Fd() { reset(); }
    Fd(Fd&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    Fd& operator=(Fd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    [[nodiscard]] int get() const { return fd_; }
    void reset() {
        if (fd_ >= 0) close(fd_);
        fd_ = -1;
    }

  private:
    int fd_;
};

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
    SocketAddress(const IpAddress& address, std::uint16_t port) {
        if (address.is_v4()) {
            auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
            v4->sin_family = AF_INET;
            v4->sin_port = htons(port);
            std::memcpy(&v4->sin_addr, address.bytes().data(), 4);
            size = sizeof *v4;
        } else {
            auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
            v6->sin6_family = AF_INET6;
            v6->sin6_port = htons(port);
            std::memcpy(&v6->sin6_addr, address.bytes().data(), 16);
            size = sizeof *v6;
        }
    }
    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

inline Fd bound_socket(const IpAddress& address, int type, std::uint16_t port) {
    Fd fd(socket(address.is_v4() ? AF_INET : AF_INET6, type | SOCK_CLOEXEC, 0));
    const int on = 1;
    setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    // the attacker has whole networks without configuring each address
    setsockopt(fd.get(), SOL_IP, IP_FREEBIND, &on, sizeof on);
    const timeval patience{3, 0};
    setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const SocketAddress local(address, port);
    if (bind(fd.get(), local.get(), local.size) != 0)
        throw std::runtime_error("cannot bind " + address.text() + ": " + std::strerror(errno));
    return fd;
}

/// For worlds that are being set up: throws when it has not come true within 30 s.
template <typename Condition>
void wait_until(const std::string& what, Condition come_true) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!come_true()) {
        if (std::chrono::steady_clock::now() > end) throw std::runtime_error("it never came that " + what);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

class TwoHosts {
  public:
    /// Null where namespaces cannot be made.
    static std::unique_ptr<TwoHosts> make() {
        auto server = NetNamespace::make();
        auto attacker = NetNamespace::make();
        if (!server || !attacker) return nullptr;
        std::unique_ptr<TwoHosts> hosts(new TwoHosts(std::move(server), std::move(attacker)));
        const std::string anywhere =
            " && ip route add local 198.18.0.0/15 dev lo && ip -6 route add local 2001:db8:bad::/48 dev lo";
        if (!hosts->server_->shell(
                "ip link add s0 type veth peer name a0 netns " + hosts->attacker_->path() +
                " && ip link set s0 up && ip addr add 192.0.2.1/24 dev s0 && "
                "ip addr add 2001:db8::1/64 dev s0 nodad && ip route add 198.18.0.0/15 via 192.0.2.2 && "
                "ip -6 route add 2001:db8:bad::/48 via 2001:db8::2") ||
            !hosts->attacker_->shell("ip link set a0 up && ip addr add 192.0.2.2/24 dev a0 && "
                                     "ip addr add 2001:db8::2/64 dev a0 nodad && "
                                     "sysctl -qw net.ipv6.ip_nonlocal_bind=1" +
                                     anywhere))
            throw std::runtime_error("cannot lay the wire between the hosts");
        for (const std::string source : {"198.18.0.1", "2001:db8:bad::1"})
            wait_until("a packet of " + source + " arrives", [&] { return hosts->reaches(source); });
        return hosts;
    }

    [[nodiscard]] const NetNamespace& server() const { return *server_; }
    [[nodiscard]] const NetNamespace& attacker() const { return *attacker_; }
    static IpAddress server_address(const IpAddress& like) {
        return IpAddress::parse(like.is_v4() ? "192.0.2.1" : "2001:db8::1").value();
    }

    /// True when a datagram from this source arrives at the server within 200 ms.
    bool reaches(const std::string& source_text) {
        const IpAddress source = IpAddress::parse(source_text).value();
        const IpAddress target = server_address(source);
        Fd receiver;
        server_->run([&] { receiver = bound_socket(target, SOCK_DGRAM, 9000); });
        const timeval patience{0, 200'000};
        setsockopt(receiver.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        attacker_->run([&] {
            const Fd sender = bound_socket(source, SOCK_DGRAM, 0);
            const SocketAddress to(target, 9000);
            if (sendto(sender.get(), "x", 1, 0, to.get(), to.size) != 1)
                throw std::runtime_error("cannot send from " + source_text + ": " + std::strerror(errno));
        });
        char byte = 0;
        return recv(receiver.get(), &byte, 1, 0) == 1;
    }

    struct Stream {
        Fd client;
        Fd server;
        /// True when what the client says arrives.
        [[nodiscard]] bool works() const {
            char byte = 0;
            if (send(client.get(), "x", 1, MSG_NOSIGNAL) != 1) return false;
            return recv(server.get(), &byte, 1, 0) == 1;
        }
    };
    /// An open TCP connection from this source to the server.
    Stream connect_from(const std::string& source_text) {
        const IpAddress source = IpAddress::parse(source_text).value();
        const IpAddress target = server_address(source);
        Stream stream;
        Fd listener;
        server_->run([&] {
            listener = bound_socket(target, SOCK_STREAM, 9001);
            listen(listener.get(), 8);
        });
        attacker_->run([&] {
            stream.client = bound_socket(source, SOCK_STREAM, 0);
            const SocketAddress to(target, 9001);
            if (connect(stream.client.get(), to.get(), to.size) != 0)
                throw std::runtime_error("cannot connect from " + source_text + ": " + std::strerror(errno));
        });
        stream.server = Fd(accept(listener.get(), nullptr, nullptr));
        const timeval patience{0, 500'000};
        setsockopt(stream.server.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        return stream;
    }

  private:
    TwoHosts(std::unique_ptr<NetNamespace> server, std::unique_ptr<NetNamespace> attacker)
        : server_(std::move(server)), attacker_(std::move(attacker)) {}
    std::unique_ptr<NetNamespace> server_;
    std::unique_ptr<NetNamespace> attacker_;
};

}  // namespace garita::testing_support
