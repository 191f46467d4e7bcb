#include "adapters/mailbox/curl_wire.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <unistd.h>
#include <utility>

#include <curl/curl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>

#include "runtime/mail_server/call.hpp"

namespace garita::mailbox {

namespace {

int look_for_stop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const StopBell*>(stop)->has_rung() ? 1 : 0;
}

std::string url_of(const MailboxServer& server) {
    const bool implicit = server.security == MailboxServer::Security::tls;
    const bool imap = server.protocol == MailboxServer::Protocol::imap;
    return std::string(imap ? "imap" : "pop3") + (implicit ? "s" : "") + "://" + name_of(server) + '/';
}

ErrorCode code_of(CURLcode code) {
    switch (code) {
        case CURLE_LOGIN_DENIED:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_USE_SSL_FAILED:
            return ErrorCode::forbidden;
        default:
            return ErrorCode::unavailable;
    }
}

}  // namespace

StopBell::StopBell() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_.is_open()) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void StopBell::ring() {
    rung_ = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(event_.get(), &one, sizeof one);
}

/// libcurl's handle and its socket.
class CurlWire::Connection {
  public:
    Connection(const MailboxServer& server, const StopBell& stop)
        : server_(server), stop_(stop), call_(server) {
        call_.set(CURLOPT_PROTOCOLS_STR, "imap,imaps,pop3,pop3s");
        call_.set(CURLOPT_URL, url_of(server).c_str());
        call_.set(CURLOPT_CONNECT_ONLY, 1L);
        call_.set(CURLOPT_TCP_KEEPALIVE, 1L);
        call_.set(CURLOPT_XFERINFOFUNCTION, look_for_stop);
        call_.set(CURLOPT_XFERINFODATA, &stop_);
        call_.set(CURLOPT_NOPROGRESS, 0L);
        call_.login(server);
    }
    ~Connection() {
        // libcurl would say good-bye and wait for an answer, up to two minutes
        if (socket_ != CURL_SOCKET_BAD) ::shutdown(socket_, SHUT_RDWR);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Result<void> open() {
        const auto code = curl_easy_perform(easy());
        if (code == CURLE_OK && curl_easy_getinfo(easy(), CURLINFO_ACTIVESOCKET, &socket_) == CURLE_OK &&
            socket_ != CURL_SOCKET_BAD) {
            return {};
        }
        const auto why = stop_.has_rung() ? "stopped" : call_.why(code);
        return fail(code_of(code), name() + ": " + why, Retry::later);
    }
    [[nodiscard]] CURL* easy() const { return call_.easy(); }
    [[nodiscard]] curl_socket_t socket() const { return socket_; }
    [[nodiscard]] std::string name() const { return name_of(server_); }
    [[nodiscard]] std::chrono::milliseconds timeout() const { return server_.timeout; }

  private:
    const MailboxServer server_;
    const StopBell& stop_;
    curl_socket_t socket_ = CURL_SOCKET_BAD;
    runtime::MailCall call_;  // goes first
};

CurlWire::CurlWire(std::unique_ptr<Connection> connection, const StopBell& stop)
    : connection_(std::move(connection)),
      stop_(stop),
      server_(connection_->name()),
      until_(Clock::now() + connection_->timeout()) {}

CurlWire::~CurlWire() = default;

Result<std::unique_ptr<CurlWire>> CurlWire::connect(const MailboxServer& server, const StopBell& stop) {
    auto connection = std::make_unique<Connection>(server, stop);
    if (auto opened = connection->open(); !opened) return tl::unexpected(std::move(opened.error()));
    return std::unique_ptr<CurlWire>(new CurlWire(std::move(connection), stop));
}

tl::unexpected<Error> CurlWire::trouble(std::string_view what) const {
    return fail(ErrorCode::unavailable, server_ + ": " + std::string(what), Retry::later);
}

Result<bool> CurlWire::wait(Direction direction, Clock::time_point until) const {
    while (true) {
        if (stop_.has_rung()) return trouble("stopped");
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        if (left.count() <= 0) return false;
        const short events = direction == Direction::in ? POLLIN : POLLOUT;
        std::array<pollfd, 2> ready = {{{connection_->socket(), events, 0}, {stop_.fd(), POLLIN, 0}}};
        const auto longest = std::min<std::int64_t>(left.count(), 60'000);
        if (::poll(ready.data(), ready.size(), static_cast<int>(longest)) < 0 && errno != EINTR)
            return trouble("poll failed");
        if (ready[0].revents != 0 && ready[1].revents == 0) return true;
    }
}

Result<void> CurlWire::send(std::string_view text) {
    while (!text.empty()) {
        std::size_t sent = 0;
        const auto code = curl_easy_send(connection_->easy(), text.data(), text.size(), &sent);
        if (code != CURLE_OK && code != CURLE_AGAIN) return trouble(curl_easy_strerror(code));
        text.remove_prefix(sent);
        if (code != CURLE_AGAIN) continue;
        const auto ready = wait(Direction::out, until_);
        if (!ready) return tl::unexpected(ready.error());
        if (!*ready) return trouble("timed out");
    }
    return {};
}

Result<bool> CurlWire::take() {
    std::array<char, 16384> room{};
    std::size_t got = 0;
    const auto code = curl_easy_recv(connection_->easy(), room.data(), room.size(), &got);
    if (code == CURLE_AGAIN) return false;
    if (code != CURLE_OK) return trouble(curl_easy_strerror(code));
    if (got == 0) return trouble("the server closed the connection");
    if (read_ > 0) buffer_.erase(0, std::exchange(read_, 0));
    buffer_.append(room.data(), got);
    return true;
}

Result<void> CurlWire::receive() {
    while (true) {
        if (Clock::now() >= until_) return trouble("timed out");
        const auto taken = take();
        if (!taken) return tl::unexpected(taken.error());
        if (*taken) return {};
        const auto ready = wait(Direction::in, until_);
        if (!ready) return tl::unexpected(ready.error());
        if (!*ready) return trouble("timed out");
    }
}

Result<std::string> CurlWire::line(std::size_t longest) {
    std::size_t searched = 0;
    while (true) {
        const auto end = buffer_.find('\n', read_ + searched);
        if (end != std::string::npos) {
            auto line = buffer_.substr(read_, end - read_);
            read_ = end + 1;
            if (line.ends_with('\r')) line.pop_back();
            return line;
        }
        searched = buffer_.size() - read_;
        if (searched > longest) return fail(ErrorCode::invalid, server_ + ": a line without an end");
        if (auto got = receive(); !got) return tl::unexpected(std::move(got.error()));
    }
}

Result<std::string> CurlWire::bytes(std::size_t count) {
    while (buffer_.size() - read_ < count)
        if (auto got = receive(); !got) return tl::unexpected(std::move(got.error()));
    auto bytes = buffer_.substr(read_, count);
    read_ += count;
    return bytes;
}

Result<Wire::Heard> CurlWire::listen(std::chrono::milliseconds longest) {
    const auto until = Clock::now() + longest;
    while (buffer_.size() == read_) {
        const auto taken = take();
        if (!taken) return tl::unexpected(taken.error());
        if (*taken) break;
        const auto ready = wait(Direction::in, until);
        if (!ready) return tl::unexpected(ready.error());
        if (!*ready) return Heard::nothing;
    }
    until_ = std::max(until_, Clock::now() + connection_->timeout());
    return Heard::something;
}

}  // namespace garita::mailbox
