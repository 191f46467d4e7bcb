#pragma once
// Traffic that is really sent from one network namespace to another, and how much of it arrives.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <poll.h>
#include <thread>
#include <vector>

#include <netinet/tcp.h>

#include "integration/nftables/two_hosts.hpp"

namespace garita::testing_support {

/// As much as the sender has, or `offered` bits a second of datagrams, from its beginning to its end.
class Flow {
  public:
    struct End {
        const NetNamespace& space;
        IpAddress address;
    };
    enum class Kind { tcp, udp };

    Flow(Kind kind, const End& from, const End& to, std::uint16_t port, double offered = 0)
        : headers_(kind == Kind::tcp ? 0U : headers_of(to.address)),
          share_(kind == Kind::tcp ? 1500.0 / (1476 - headers_of(to.address)) : 1.0) {
        const int type = kind == Kind::tcp ? SOCK_STREAM : SOCK_DGRAM;
        const SocketAddress target(to.address, port);
        Fd listener;
        to.space.run([&] { listener = bound_socket(to.address, type, port); });
        if (kind == Kind::tcp && ::listen(listener.get(), 1) != 0) throw std::runtime_error("cannot listen");
        from.space.run([&] {
            sender_ = bound_socket(from.address, type, 0);
            if (::connect(sender_.get(), target.get(), target.size) != 0)
                throw std::runtime_error("cannot connect to " + to.address.text());
        });
        if (kind == Kind::tcp)
            receiver_ = Fd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
        else
            receiver_ = std::move(listener);
        receiving_ = std::thread([this] { receive(); });
        sending_ = std::thread([this, kind, offered] {
            if (kind == Kind::tcp)
                stream();
            else
                datagrams(offered);
        });
    }
    ~Flow() {
        stop_ = true;
        ::shutdown(sender_.get(), SHUT_RDWR);
        sending_.join();
        receiving_.join();
    }
    Flow(const Flow&) = delete;
    Flow& operator=(const Flow&) = delete;

    /// Bits a second that arrive in so much time from now on, with the headers of IP and what is in it: of a
    /// stream those of full segments.
    double measure(std::chrono::milliseconds time) {
        const auto begun = std::chrono::steady_clock::now();
        const std::uint64_t before = received_;
        std::this_thread::sleep_for(time);
        const std::uint64_t after = received_;
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
        return static_cast<double>(after - before) * 8 * share_ / took.count();
    }

  private:
    /// Of datagrams: IP and UDP. TCP has 24 more, with time stamps.
    static std::uint32_t headers_of(const IpAddress& address) { return address.is_v4() ? 28 : 48; }

    void receive() {
        std::vector<char> buffer(256 * 1024);
        while (!stop_) {
            pollfd ready{receiver_.get(), POLLIN, 0};
            if (::poll(&ready, 1, 50) <= 0) continue;
            const auto size = ::recv(receiver_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (size > 0)
                received_ += static_cast<std::uint64_t>(size) + headers_;
            else if (size == 0)
                return;
        }
    }
    void stream() {
        const std::vector<char> bytes(64 * 1024);
        while (!stop_ &&
               (::send(sender_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) >= 0 || errno == EAGAIN)) {
        }
    }
    void datagrams(double offered) {
        constexpr std::size_t size = 1200;
        const std::vector<char> bytes(size);
        const auto begun = std::chrono::steady_clock::now();
        for (std::uint64_t sent = 0; !stop_;) {
            const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begun;
            const double due = passed.count() * offered / 8;
            while (static_cast<double>(sent) < due && !stop_) {
                (void)::send(sender_.get(), bytes.data(), size, MSG_NOSIGNAL);
                sent += size + headers_;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }

    std::uint64_t headers_;  ///< of each datagram
    double share_;           ///< that headers add to a stream
    Fd sender_, receiver_;
    std::atomic<bool> stop_{false};
    std::atomic<std::uint64_t> received_{0};
    std::thread receiving_, sending_;
};

}  // namespace garita::testing_support
