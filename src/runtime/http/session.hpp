#pragma once
// The life of one connection: handshake, requests one after the other, answers, parking, end. Runs as one
// coroutine in the I/O thread; only the handlers run elsewhere. Every awaited operation takes named objects:
// the compiler this is built with destroys some temporaries in a co_await expression twice.

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "runtime/http/connection.hpp"
#include "runtime/http/handler_pool.hpp"
#include "runtime/http/server.hpp"
#include "runtime/http/topics.hpp"
#include "runtime/http/wire.hpp"

namespace garita::runtime::http {

/// What all sessions of a server share. Owned by the server, which outlives them.
struct SessionWorld {
    SessionWorld(Router router_, ServerOptions options_)
        : router(std::move(router_)), options(std::move(options_)), pool(options.handler_threads) {}

    void log(std::string_view line) const {
        if (options.log) options.log(line);
    }

    Router router;
    ServerOptions options;
    boost::asio::io_context io{1};
    HandlerPool pool;
    WakeTopics topics;
    bool stopping = false;                  ///< I/O thread only
    std::size_t body_bytes = 0;             ///< I/O thread only: held by requests being read or answered
    std::array<char, 64 * 1024> scratch{};  ///< I/O thread only, between two awaits
    std::atomic<std::size_t> sessions{0};
    std::atomic<std::size_t> parked{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> timed_out{0};
};

/// A session's part of all the bytes that request bodies hold; given back at the end.
class BodyShare {
  public:
    explicit BodyShare(std::size_t& all) : all_(all) {}
    ~BodyShare() { give_back(); }
    BodyShare(const BodyShare&) = delete;
    BodyShare& operator=(const BodyShare&) = delete;

    void take(std::size_t bytes) {
        mine_ += bytes;
        all_ += bytes;
    }
    void give_back() {
        all_ -= mine_;
        mine_ = 0;
    }

  private:
    std::size_t& all_;
    std::size_t mine_ = 0;
};

class Session : public std::enable_shared_from_this<Session> {
  public:
    using Id = WakeTopics::Waiter;
    using Clock = std::chrono::steady_clock;
    using CertificateHook = std::function<tls::PeerVerdict(const tls::PeerCertificate&)>;

    Session(SessionWorld& world, Id id, int fd, ssl_ctx_st* context, Peer peer, CertificateHook hook);

    [[nodiscard]] Id id() const { return id_; }
    [[nodiscard]] const Peer& peer() const { return peer_; }

    /// The whole life; ends with the connection closed. The caller keeps the session alive meanwhile.
    [[nodiscard]] boost::asio::awaitable<void> live();

    // All of these in the I/O thread:
    void wake();  ///< the topic it may be parked on was woken
    void inspect(
        Clock::time_point now);  ///< cuts it when it is late or gone; to be called a few times a second
    void stop();                 ///< finish what is running, take no more
    void close();                ///< at once

  private:
    enum class Phase { idle, reading, handling, parked, writing };
    enum class Ending { keep, close, drain_and_close };
    enum class Why { none, woken, time_over, gone };

    boost::asio::awaitable<bool> shake_hands();
    boost::asio::awaitable<bool> serve_one();
    boost::asio::awaitable<bool> read_more();
    boost::asio::awaitable<bool> read_head(RequestParser& parser);
    boost::asio::awaitable<std::optional<Response>> read_body(RequestParser& parser, std::size_t limit);
    boost::asio::awaitable<std::optional<Response>> answer(const Route& route);
    boost::asio::awaitable<Answer> call(const Route& route);
    boost::asio::awaitable<Why> park(const Park& park, WakeTopics::Version seen);
    boost::asio::awaitable<bool> send(const Response& response, Ending ending);
    boost::asio::awaitable<bool> write_all(std::string_view bytes);
    boost::asio::awaitable<void> drain();
    boost::asio::awaitable<void> wait_signal(Clock::time_point until);
    void run_handler(const Route& route);
    void watch_for_hang_up();
    void notice_hang_up();

    SessionWorld& world_;
    const Id id_;
    Peer peer_;
    CertificateHook hook_;
    Connection connection_;
    boost::asio::steady_timer
        signal_;  ///< the coroutine sleeps on it while a handler runs or the request is parked
    Phase phase_ = Phase::idle;
    Why why_ = Why::none;
    bool fresh_ = true;     ///< no byte of a request has come yet
    bool suspect_ = false;  ///< something came while parked; whether it was the end shows a little later
    std::string input_;     ///< received, not parsed yet
    BodyShare body_share_;
    Request request_;
    std::optional<Answer> answer_;
};

}  // namespace garita::runtime::http
