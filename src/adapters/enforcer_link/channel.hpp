#pragma once
// Whole messages over a stream socket between two processes.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "model/result.hpp"

namespace garita::enforcer_link {

/// One end. Used by one thread at a time. After an error it is of no use any more.
class Channel {
  public:
    explicit Channel(int fd) : fd_(fd) {}
    ~Channel();
    Channel(Channel&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Channel& operator=(Channel&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// Both ends.
    [[nodiscard]] static Result<std::pair<Channel, Channel>> pair();

    /// An answer that takes longer is an error.
    void limit_waiting(std::chrono::seconds limit);
    [[nodiscard]] Result<void> send(std::string_view message);
    /// Nothing: the other side has closed its end.
    [[nodiscard]] Result<std::optional<std::string>> receive();
    void close();

    /// Two million IPv6 blocks fit in it.
    static constexpr std::size_t largest_message = 64 * 1024 * 1024;

  private:
    [[nodiscard]] Result<std::size_t> read_some(char* to, std::size_t size) const;
    int fd_ = -1;
};

}  // namespace garita::enforcer_link
