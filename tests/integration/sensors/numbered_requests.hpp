#pragma once
// A client that asks for /0, /1, /2 … so that each line of the server's log can be told from every other.

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "support/net_namespace.hpp"

namespace garita::testing_support {

/// One connection, kept alive, with requests in batches. Runs in a thread of its own until `count` are
/// answered.
class NumberedRequests {
  public:
    /// At most `per_second` requests, 0: as fast as they are answered.
    NumberedRequests(const NetNamespace& space, int count, int per_second = 0)
        : thread_([&space, count, per_second, this] {
              if (space.enter()) run(count, per_second);
              over_ = true;
          }) {}
    ~NumberedRequests() { thread_.join(); }
    NumberedRequests(const NumberedRequests&) = delete;
    NumberedRequests& operator=(const NumberedRequests&) = delete;

    /// No more than those that are under way.
    void stop() { stopped_ = true; }
    [[nodiscard]] bool over() const { return over_; }
    [[nodiscard]] int answered() const { return answered_; }

  private:
    void run(int count, int per_second) {
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in server{};
        server.sin_family = AF_INET;
        server.sin_port = htons(8080);
        server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (::connect(fd, reinterpret_cast<const sockaddr*>(&server), sizeof server) == 0)
            ask(fd, count, per_second);
        ::close(fd);
    }
    void ask(int fd, int count, int per_second) {
        const int batch = per_second == 0 ? 50 : std::max(1, per_second / 1000);
        const auto begin = std::chrono::steady_clock::now();
        for (int next = 0; next < count && !stopped_;) {
            std::string requests;
            const int end = std::min(count, next + batch);
            for (; next < end; ++next)
                requests +=
                    "GET /" + std::to_string(next) + " HTTP/1.1\r\nHost: x\r\nUser-Agent: numbered\r\n\r\n";
            if (::write(fd, requests.data(), requests.size()) < 0 || !take_answers(fd, end)) return;
            if (per_second > 0)
                std::this_thread::sleep_until(begin +
                                              std::chrono::microseconds(1'000'000LL * next / per_second));
        }
    }
    bool take_answers(int fd, int until) {
        static constexpr std::string_view start = "HTTP/1.1 404";
        std::array<char, 65536> buffer;
        while (answered_ < until) {
            const auto got = ::read(fd, buffer.data(), buffer.size());
            if (got <= 0) return false;
            carried_.append(buffer.data(), static_cast<std::size_t>(got));
            std::size_t at = 0;
            for (auto found = carried_.find(start); found != std::string::npos;
                 found = carried_.find(start, at)) {
                ++answered_;
                at = found + start.size();
            }
            carried_.erase(0, std::max(at, carried_.size() - std::min(carried_.size(), start.size() - 1)));
        }
        return true;
    }

    std::string carried_;
    std::atomic<int> answered_ = 0;
    std::atomic<bool> stopped_ = false;
    std::atomic<bool> over_ = false;
    std::thread thread_;  // last: starts when all else stands
};

}  // namespace garita::testing_support
