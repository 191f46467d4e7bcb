#include "link.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <netdb.h>
#include <stdexcept>
#include <string_view>
#include <strings.h>
#include <unistd.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace garita::load {
namespace {

int connect_local(const std::string& path) {
    sockaddr_un address{};
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error("path too long: " + path);
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
    throw std::runtime_error("cannot connect to " + path + ": " + std::strerror(errno));
}

int connect_tcp(const std::string& host, const std::string& port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0)
        throw std::runtime_error("no such host: " + host);
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, freeaddrinfo);
    for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
        const int fd = ::socket(entry->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (::connect(fd, entry->ai_addr, entry->ai_addrlen) == 0) {
            const int on = 1;
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            return fd;
        }
        ::close(fd);
    }
    throw std::runtime_error("cannot connect to " + host + " port " + port + ": " + std::strerror(errno));
}

/// The length a response's head declares; only what our own server sends is understood.
std::size_t declared_length(std::string_view head) {
    constexpr std::string_view name = "\r\nContent-Length: ";
    for (std::size_t i = 0; i + name.size() < head.size(); ++i) {
        if (head[i] != '\r' || ::strncasecmp(head.data() + i, name.data(), name.size()) != 0) continue;
        return std::strtoul(head.data() + i + name.size(), nullptr, 10);
    }
    return 0;
}

}  // namespace

Address parse_url(const std::string& url) {
    Address address;
    const auto scheme = url.find("://");
    if (scheme == std::string::npos) throw std::runtime_error("not a URL: " + url);
    address.tls = url.substr(0, scheme) == "https";
    const auto slash = url.find('/', scheme + 3);
    address.path = slash == std::string::npos ? "/" : url.substr(slash);
    std::string authority = url.substr(scheme + 3, slash == std::string::npos ? slash : slash - scheme - 3);
    const auto colon = authority.rfind(':');
    const auto bracket = authority.rfind(']');
    const bool has_port = colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
    address.port = has_port ? authority.substr(colon + 1) : address.tls ? "443" : "80";
    if (has_port) authority.resize(colon);
    if (bracket != std::string::npos) authority = authority.substr(1, bracket - 1);
    address.host = authority;
    return address;
}

Link::Link(const Address& address, SSL_CTX* tls)
    : fd_(address.unix_socket.empty() ? connect_tcp(address.host, address.port)
                                      : connect_local(address.unix_socket)) {
    if (address.tls) {
        ssl_.reset(SSL_new(tls));
        SSL_set_fd(ssl_.get(), fd_);
        if (SSL_connect(ssl_.get()) != 1) throw std::runtime_error("the TLS handshake failed");
    }
    ::fcntl(fd_, F_SETFL, O_NONBLOCK);
}

Link::~Link() {
    if (fd_ >= 0) ::close(fd_);
}

Link::Progress Link::send(std::string request) {
    out_ = std::move(request);
    written_ = 0;
    in_.clear();
    busy_ = true;
    began_ = Clock::now();
    return advance();
}

Link::Progress Link::advance() {
    auto progress = written_ < out_.size() ? write() : Progress::waiting;
    if (progress == Progress::waiting && written_ == out_.size()) progress = read();
    busy_ = progress == Progress::waiting;
    return progress;
}

Link::Progress Link::write() {
    while (written_ < out_.size()) {
        const char* const from = out_.data() + written_;
        const std::size_t size = out_.size() - written_;
        const ssize_t sent = ssl_ ? SSL_write(ssl_.get(), from, static_cast<int>(size))
                                  : ::send(fd_, from, size, MSG_NOSIGNAL);
        if (sent > 0) {
            written_ += static_cast<std::size_t>(sent);
            continue;
        }
        const bool blocked = ssl_ ? SSL_get_error(ssl_.get(), static_cast<int>(sent)) == SSL_ERROR_WANT_WRITE
                                  : errno == EAGAIN;
        return blocked ? Progress::waiting : Progress::broken;
    }
    return Progress::waiting;
}

Link::Progress Link::read() {
    char buffer[16 * 1024];
    for (;;) {
        const ssize_t got =
            ssl_ ? SSL_read(ssl_.get(), buffer, sizeof buffer) : ::recv(fd_, buffer, sizeof buffer, 0);
        if (got > 0) {
            in_.append(buffer, static_cast<std::size_t>(got));
            if (complete()) return Progress::answered;
            continue;
        }
        const bool blocked = ssl_ ? SSL_get_error(ssl_.get(), static_cast<int>(got)) == SSL_ERROR_WANT_READ
                                  : got < 0 && errno == EAGAIN;
        return blocked ? Progress::waiting : Progress::broken;
    }
}

bool Link::complete() {
    const auto end = in_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    if (in_.size() < end + 4 + declared_length(std::string_view(in_).substr(0, end + 2))) return false;
    status_ = std::atoi(in_.c_str() + std::strlen("HTTP/1.1 "));
    return true;
}

std::uint32_t Link::latency_us() const {
    const auto taken = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began_);
    return static_cast<std::uint32_t>(taken.count());
}

}  // namespace garita::load
