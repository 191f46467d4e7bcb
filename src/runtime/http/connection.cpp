#include "runtime/http/connection.hpp"

#include <algorithm>
#include <cerrno>
#include <poll.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <climits>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace garita::runtime::http {
namespace asio = boost::asio;

namespace {

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);

Connection::Attempt judge_socket(ssize_t result, Connection::Step blocked) {
    if (result > 0) return {Connection::Step::done, static_cast<std::size_t>(result)};
    if (result == 0) return {Connection::Step::closed, 0};
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {blocked, 0};
    return {Connection::Step::failed, 0};
}

int tls_size(std::size_t size) {
    return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
}

}  // namespace

void Connection::TlsDeleter::operator()(ssl_st* connection) const {
    SSL_free(connection);
}

Connection::Connection(asio::io_context& io, int fd, ssl_ctx_st* context) : socket_(io, fd) {
    if (context == nullptr) return;
    tls_.reset(SSL_new(context));
    if (!tls_ || SSL_set_fd(tls_.get(), fd) != 1) throw std::bad_alloc();
    SSL_set_accept_state(tls_.get());
}

Connection::~Connection() = default;

Connection::Attempt Connection::judge_tls(int result) {
    if (result > 0) return {Step::done, static_cast<std::size_t>(result)};
    switch (SSL_get_error(tls_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            return {Step::wait_read, 0};
        case SSL_ERROR_WANT_WRITE:
            return {Step::wait_write, 0};
        case SSL_ERROR_ZERO_RETURN:
            return {Step::closed, 0};
        default:
            break;
    }
    const int reason = ERR_GET_REASON(ERR_peek_error());
    return {reason == SSL_R_HTTP_REQUEST ? Step::spoke_plain : Step::failed, 0};
}

// OpenSSL's error queue belongs to the thread: what another connection left there would be taken for ours.
Connection::Attempt Connection::try_handshake() {
    if (!is_open()) return {Step::failed, 0};
    if (!tls_) return {Step::done, 0};
    ERR_clear_error();
    return judge_tls(SSL_do_handshake(tls_.get()));
}

Connection::Attempt Connection::try_read(char* to, std::size_t size) {
    if (!is_open()) return {Step::failed, 0};
    if (!tls_) return judge_socket(::recv(fd(), to, size, 0), Step::wait_read);
    ERR_clear_error();
    return judge_tls(SSL_read(tls_.get(), to, tls_size(size)));
}

Connection::Attempt Connection::try_write(std::string_view bytes) {
    if (!is_open()) return {Step::failed, 0};
    if (!tls_) return judge_socket(::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL), Step::wait_write);
    ERR_clear_error();
    return judge_tls(SSL_write(tls_.get(), bytes.data(), tls_size(bytes.size())));
}

void Connection::write_plain(std::string_view bytes) {
    if (is_open()) [[maybe_unused]]
        const auto sent = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

std::optional<tls::PeerCertificate> Connection::peer_certificate() const {
    return tls_ ? tls::peer_certificate(tls_.get()) : std::nullopt;
}

asio::awaitable<void> Connection::wait(Step direction) {
    const auto kind = direction == Step::wait_write ? asio::posix::descriptor_base::wait_write
                                                    : asio::posix::descriptor_base::wait_read;
    const auto result = co_await socket_.async_wait(kind, quiet);
    static_cast<void>(result);
}

bool Connection::hung_up() {
    if (!is_open()) return true;
    pollfd probe{fd(), POLLRDHUP, 0};
    return ::poll(&probe, 1, 0) > 0 && (probe.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

void Connection::forget_watch() {
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

void Connection::shut_down() {
    if (!is_open()) return;
    if (tls_ && SSL_is_init_finished(tls_.get())) {
        ERR_clear_error();
        SSL_shutdown(tls_.get());
    }
    ::shutdown(fd(), SHUT_WR);
}

void Connection::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

}  // namespace garita::runtime::http
