#pragma once
// One connection: its bytes, decrypted where it is TLS, as messages.

#include <chrono>
#include <memory>
#include <string>

#include "adapters/syslog/filter.hpp"
#include "adapters/syslog/framing.hpp"
#include "runtime/descriptor/descriptor.hpp"

struct ssl_st;

namespace garita::syslog {

struct SslDeleter {
    void operator()(ssl_st* connection) const;
};
using Ssl = std::unique_ptr<ssl_st, SslDeleter>;

class Stream {
  public:
    using Clock = std::chrono::steady_clock;
    enum class State {
        open,
        ended,   ///< by the peer
        failed,  ///< the handshake, or nonsense
    };

    /// Without `tls`: plain TCP.
    Stream(runtime::Descriptor socket, const IpAddress& sender, std::size_t longest, Ssl tls,
           Clock::time_point now);

    /// What has arrived, through `buffer`, but not for ever.
    [[nodiscard]] State read(Filter& filter, std::string& buffer, Clock::time_point now);
    [[nodiscard]] int fd() const { return socket_.get(); }
    [[nodiscard]] const IpAddress& sender() const { return sender_; }
    [[nodiscard]] Clock::time_point last_heard() const { return last_heard_; }
    [[nodiscard]] bool shakes_hands() const { return tls_ && !established_; }
    /// The handshake must be written on: wait for room in the socket too.
    [[nodiscard]] bool wants_to_write() const { return wants_to_write_; }

  private:
    struct Piece {
        std::size_t size = 0;
        State state = State::open;
    };
    [[nodiscard]] Piece receive(std::string& buffer);
    [[nodiscard]] Piece receive_tls(std::string& buffer);

    runtime::Descriptor socket_;
    IpAddress sender_;
    Ssl tls_;
    Framing framing_;
    std::uint64_t cut_ = 0;  ///< already counted
    Clock::time_point last_heard_;
    bool established_ = false;
    bool wants_to_write_ = false;
};

}  // namespace garita::syslog
