#pragma once
// One connection of the load generator.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <openssl/ssl.h>

namespace garita::load {

struct Address {
    bool tls = false;
    std::string host;
    std::string port;
    std::string path;
    std::string unix_socket;
};

[[nodiscard]] Address parse_url(const std::string& url);

class Link {
  public:
    using Clock = std::chrono::steady_clock;
    enum class Progress { waiting, answered, broken };

    /// Connects and shakes hands, blocking; non-blocking afterwards. Throws std::runtime_error.
    Link(const Address& address, SSL_CTX* tls);
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    [[nodiscard]] int fd() const { return fd_; }
    /// Begins a request.
    [[nodiscard]] Progress send(std::string request);
    /// Goes on when the socket is ready.
    [[nodiscard]] Progress advance();

    /// Between send() and its answer.
    [[nodiscard]] bool busy() const { return busy_; }

    // after `answered`:
    [[nodiscard]] int status() const { return status_; }
    [[nodiscard]] std::uint32_t latency_us() const;

  private:
    [[nodiscard]] Progress write();
    [[nodiscard]] Progress read();
    [[nodiscard]] bool complete();

    int fd_ = -1;
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, SSL_free};
    std::string out_;
    std::size_t written_ = 0;
    std::string in_;
    bool busy_ = false;
    int status_ = 0;
    Clock::time_point began_;
};

}  // namespace garita::load
