#include "adapters/syslog/stream.hpp"

#include <cerrno>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace garita::syslog {

void SslDeleter::operator()(ssl_st* connection) const {
    SSL_free(connection);
}

Stream::Stream(runtime::Descriptor socket, const IpAddress& sender, std::size_t longest, Ssl tls,
               Clock::time_point now)
    : socket_(std::move(socket)),
      sender_(sender),
      tls_(std::move(tls)),
      framing_(longest),
      last_heard_(now) {}

Stream::Piece Stream::receive_tls(std::string& buffer) {
    ERR_clear_error();
    wants_to_write_ = false;
    const auto done = established_ ? 1 : SSL_accept(tls_.get());
    std::size_t got = 0;
    int result = done;
    if (done == 1) {
        established_ = true;
        result = SSL_read_ex(tls_.get(), buffer.data(), buffer.size(), &got);
        if (result == 1) return {got, State::open};
    }
    const auto why = SSL_get_error(tls_.get(), result);
    ERR_clear_error();
    wants_to_write_ = why == SSL_ERROR_WANT_WRITE;
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return {};
    return {0, established_ ? State::ended : State::failed};
}

Stream::Piece Stream::receive(std::string& buffer) {
    if (tls_) return receive_tls(buffer);
    const auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) return {static_cast<std::size_t>(got), State::open};
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return {};
    return {0, State::ended};
}

Stream::State Stream::read(Filter& filter, std::string& buffer, Clock::time_point now) {
    const Framing::Sink sink = [&](std::string_view message) { filter.take(message, sender_); };
    // TLS hands out records of at most 16 KiB, and what it holds wakes nobody: until it has no more
    for (int turn = 0; turn < (tls_ ? 64 : 4) || (tls_ && SSL_pending(tls_.get()) > 0); ++turn) {
        const auto piece = receive(buffer);
        if (piece.state != State::open) {
            framing_.end(sink);
            return piece.state;
        }
        if (piece.size == 0) break;
        last_heard_ = now;
        const auto state = framing_.feed(std::string_view(buffer).substr(0, piece.size), sink);
        Counters::add(filter.counters().cut, framing_.cut() - cut_);
        cut_ = framing_.cut();
        if (state == Framing::State::broken) return State::failed;
        if (!tls_ && piece.size < buffer.size()) break;
    }
    return State::open;
}

}  // namespace garita::syslog
