// What a session does with bytes; its course is in session.cpp.

#include <utility>

#include "runtime/http/session.hpp"

namespace garita::runtime::http {
namespace asio = boost::asio;

namespace {

constexpr auto drain_time = std::chrono::seconds(2);
constexpr std::size_t joined_body = 16 * 1024;  ///< up to this a body travels in one piece with its head

constexpr std::string_view plain_on_tls =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 31\r\nConnection: close\r\n\r\n"
    "This port speaks HTTPS, not it\n";

}  // namespace

asio::awaitable<bool> Session::shake_hands() {
    if (!connection_.is_tls()) co_return true;
    phase_ = Phase::reading;
    connection_.deadline = Clock::now() + world_.options.limits.handshake;
    auto attempt = connection_.try_handshake();
    while (attempt.step == Connection::Step::wait_read || attempt.step == Connection::Step::wait_write) {
        co_await connection_.wait(attempt.step);
        attempt = connection_.try_handshake();
    }
    if (attempt.step == Connection::Step::spoke_plain) {
        connection_.write_plain(plain_on_tls);
        connection_.shut_down();
        co_await drain();
    }
    if (attempt.step != Connection::Step::done) co_return false;
    const auto certificate = connection_.peer_certificate();
    if (certificate) peer_.certificate = tls::to_text(certificate->fingerprint);
    co_return !certificate || !hook_ || hook_(*certificate) == tls::PeerVerdict::accept;
}

/// Appends what arrives to input_. False: the stream has ended or the connection is closed.
asio::awaitable<bool> Session::read_more() {
    for (;;) {
        const auto attempt = connection_.try_read(world_.scratch.data(), world_.scratch.size());
        if (attempt.step == Connection::Step::done) {
            input_.append(world_.scratch.data(), attempt.bytes);
            co_return true;
        }
        if (attempt.step != Connection::Step::wait_read && attempt.step != Connection::Step::wait_write)
            co_return false;
        co_await connection_.wait(attempt.step);
    }
}

/// True when the connection can take another request.
asio::awaitable<bool> Session::send(const Response& response, Ending ending) {
    phase_ = Phase::writing;
    connection_.deadline = Clock::now() + world_.options.limits.write;
    std::string head = response_head(response, ending == Ending::keep ? KeepAlive::yes : KeepAlive::no,
                                     std::chrono::system_clock::now());
    std::string_view body;
    if (may_have_body(response.status) && request_.method != Method::head) body = response.body;
    if (body.size() <= joined_body) {
        head += body;
        body = {};
    }
    bool sent = co_await write_all(head);
    if (sent && !body.empty()) sent = co_await write_all(body);
    ++world_.requests;
    request_ = Request{};
    body_share_.give_back();
    if (sent && ending == Ending::keep) co_return true;
    if (sent) connection_.shut_down();
    if (sent && ending == Ending::drain_and_close) co_await drain();
    co_return false;
}

asio::awaitable<bool> Session::write_all(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto attempt = connection_.try_write(bytes);
        if (attempt.step == Connection::Step::done) {
            bytes.remove_prefix(attempt.bytes);
        } else if (attempt.step == Connection::Step::wait_read ||
                   attempt.step == Connection::Step::wait_write) {
            co_await connection_.wait(attempt.step);
        } else {
            co_return false;
        }
    }
    co_return true;
}

/// Swallows what a refused peer still sends: closing on unread bytes would reset the connection and take our
/// answer away from it.
asio::awaitable<void> Session::drain() {
    connection_.deadline = Clock::now() + drain_time;
    input_.clear();
    for (std::size_t room = 2 * world_.options.limits.body_bytes; room > input_.size();
         room -= input_.size()) {
        input_.clear();
        const bool more = co_await read_more();
        if (!more) co_return;
    }
}

}  // namespace garita::runtime::http
