#pragma once
// A server that does what no server should, in a thread of its own: it answers line by line as the test says.

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <poll.h>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "runtime/descriptor/descriptor.hpp"

namespace garita::mailbox {

class FakeServer {
  public:
    /// What to say to a line; nothing: cut the connection.
    using Answer = std::function<std::optional<std::string>(const std::string& line)>;
    FakeServer(std::string greeting, Answer answer)
        : greeting_(std::move(greeting)),
          answer_(std::move(answer)),
          ear_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* raw = reinterpret_cast<sockaddr*>(&address);
        if (::bind(ear_.get(), raw, size) != 0 || ::listen(ear_.get(), 8) != 0 ||
            ::getsockname(ear_.get(), raw, &size) != 0)
            throw std::runtime_error("no socket");
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~FakeServer() {
        over_ = true;
        thread_.join();
    }
    FakeServer(const FakeServer&) = delete;
    FakeServer& operator=(const FakeServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::vector<std::string> heard() const {
        const std::lock_guard lock(mutex_);
        return heard_;
    }

  private:
    bool readable(int fd) const {
        while (!over_) {
            pollfd ready{fd, POLLIN, 0};
            if (::poll(&ready, 1, 20) > 0) return true;
        }
        return false;
    }

    void serve() {
        while (readable(ear_.get())) {
            const runtime::Descriptor peer(::accept4(ear_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (peer.is_open()) talk(peer.get());
        }
    }

    void talk(int peer) {
        say(peer, greeting_);
        std::string incoming;
        char c = 0;
        while (readable(peer) && ::recv(peer, &c, 1, 0) == 1) {
            if (c != '\n') {
                if (c != '\r') incoming += c;
                continue;
            }
            {
                const std::lock_guard lock(mutex_);
                heard_.push_back(incoming);
            }
            const auto answer = answer_(incoming);
            incoming.clear();
            if (!answer) return;
            say(peer, *answer);
        }
    }

    static void say(int peer, const std::string& text) {
        if (!text.empty()) (void)::send(peer, text.data(), text.size(), MSG_NOSIGNAL);
    }

    std::string greeting_;
    Answer answer_;
    runtime::Descriptor ear_;
    std::uint16_t port_ = 0;
    std::atomic<bool> over_{false};
    mutable std::mutex mutex_;
    std::vector<std::string> heard_;
    std::thread thread_;
};

}  // namespace garita::mailbox
