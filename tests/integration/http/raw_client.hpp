#pragma once
// A socket that sends whatever bytes a test wants, at whatever speed.

#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace garita::runtime::http::testing {

class RawClient {
  public:
    static RawClient tcp(std::uint16_t port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        RawClient client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        client.connected_ =
            ::connect(client.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        return client;
    }

    static RawClient local(const std::string& path) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        RawClient client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        client.connected_ =
            ::connect(client.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        return client;
    }

    RawClient(RawClient&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)),
          connected_(other.connected_),
          received_(std::move(other.received_)) {}
    ~RawClient() { hang_up(); }

    [[nodiscard]] bool connected() const { return connected_; }
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    /// All received so far, once it contains `wanted`; what there is when the stream ends or the time is
    /// over.
    std::string read_until(std::string_view wanted,
                           std::chrono::milliseconds limit = std::chrono::seconds(5)) {
        const auto end = std::chrono::steady_clock::now() + limit;
        while (received_.find(wanted) == std::string::npos && read_some(end)) {
        }
        return received_;
    }

    /// Everything until the server closes; nothing if it has not within the limit.
    std::optional<std::string> read_to_end(std::chrono::milliseconds limit = std::chrono::seconds(5)) {
        const auto end = std::chrono::steady_clock::now() + limit;
        while (read_some(end)) {
        }
        if (!ended_) return std::nullopt;
        return received_;
    }

    void clear() { received_.clear(); }
    void hang_up() {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }

  private:
    explicit RawClient(int fd) : fd_(fd) {}

    bool read_some(std::chrono::steady_clock::time_point end) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        pollfd ready{fd_, POLLIN, 0};
        if (ended_ || left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0)
            return false;
        char buffer[16384];
        const auto got = ::recv(fd_, buffer, sizeof buffer, 0);
        if (got <= 0) {
            ended_ = true;
            return false;
        }
        received_.append(buffer, static_cast<std::size_t>(got));
        return true;
    }

    int fd_;
    bool connected_ = false;
    bool ended_ = false;
    std::string received_;
};

}  // namespace garita::runtime::http::testing
