#pragma once
// One accepted socket, with or without TLS, used by the I/O thread alone. Everything is non-blocking: try a
// step, and where it would block, wait for the direction it names. No byte is buffered here, so that a
// waiting connection is cheap.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "runtime/tls/server_context.hpp"

namespace garita::runtime::http {

class Connection {
  public:
    using Clock = std::chrono::steady_clock;

    enum class Step {
        done,         ///< it worked; `bytes` says how much
        wait_read,    ///< try again when readable
        wait_write,   ///< try again when writable
        closed,       ///< the peer has ended the stream
        failed,       ///< broken; close
        spoke_plain,  ///< handshake only: the peer sent HTTP without TLS
    };
    struct Attempt {
        Step step = Step::failed;
        std::size_t bytes = 0;
    };

    /// Takes the descriptor, which must be non-blocking. Without a context the connection is plain.
    Connection(boost::asio::io_context& io, int fd, ssl_ctx_st* context);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] bool is_tls() const { return tls_ != nullptr; }
    [[nodiscard]] bool is_open() const { return socket_.is_open(); }
    [[nodiscard]] int fd() { return socket_.native_handle(); }

    [[nodiscard]] Attempt try_handshake();
    [[nodiscard]] Attempt try_read(char* to, std::size_t size);
    [[nodiscard]] Attempt try_write(std::string_view bytes);
    /// Writes around TLS: for a peer that does not speak it.
    void write_plain(std::string_view bytes);
    [[nodiscard]] std::optional<tls::PeerCertificate> peer_certificate() const;

    /// Resumes when the socket is ready for the step, or closed; the next attempt tells which.
    [[nodiscard]] boost::asio::awaitable<void> wait(Step direction);

    /// Calls `ready` with an error code once when something arrives: bytes, or the end. Look at hung_up()
    /// then.
    template <typename Ready>
    void watch(Ready ready) {
        socket_.async_wait(boost::asio::posix::descriptor_base::wait_read, std::move(ready));
    }
    /// The pending call of watch() comes with an error, unless it was on its way already.
    void forget_watch();
    [[nodiscard]] bool hung_up();

    /// Ends our half in order: the peer reads an end of stream, not a reset.
    void shut_down();
    void close();

    /// Past this point the server closes the connection.
    Clock::time_point deadline = Clock::time_point::max();

  private:
    struct TlsDeleter {
        void operator()(ssl_st* connection) const;
    };
    Attempt judge_tls(int result);

    boost::asio::posix::stream_descriptor socket_;
    std::unique_ptr<ssl_st, TlsDeleter> tls_;
};

}  // namespace garita::runtime::http
