#include "adapters/syslog/loop.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "adapters/syslog/sockets.hpp"
#include "runtime/sockets/socket_address.hpp"

namespace garita::syslog {
namespace {

constexpr std::size_t buffer_size = 256 * 1024;

}  // namespace

Receiver::Loop::Loop(const ReceiverSettings& settings, OnEvent on_event)
    : settings_(settings),
      filter_(waiting, counters, std::move(on_event)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      buffer_(buffer_size, '\0') {}

bool Receiver::Loop::watch(int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

Result<void> Receiver::Loop::open(const Listen& listen) {
    auto socket = open_socket(listen, settings_.receive_buffer);
    if (!socket) return tl::unexpected(socket.error());
    const auto fd = socket->get();
    ports.push_back(bound_port(fd));
    if (!watch(fd)) return fail(ErrorCode::io, "cannot watch a socket of syslog");
    if (listen.transport == Listen::Transport::udp) {
        datagrams_.emplace(fd, Datagrams(std::move(*socket), settings_.longest_message));
        return {};
    }
    Listener listener;
    listener.socket = std::move(*socket);
    if (listen.transport == Listen::Transport::tls) {
        runtime::tls::ServerSettings tls;
        tls.files = listen.files;
        auto context = runtime::tls::make_server_context(tls);
        if (!context) return tl::unexpected(context.error());
        listener.tls = std::move(*context);
    }
    listeners_.emplace(fd, std::move(listener));
    return {};
}

Result<void> Receiver::Loop::open() {
    if (!epoll_.is_open() || !stop_.is_open() || !watch(stop_.get()) || !bell_.is_open() ||
        !watch(bell_.get()))
        return fail(ErrorCode::io, "cannot prepare receiving syslog");
    for (const auto& listen : settings_.listen)
        if (const auto opened = open(listen); !opened) return opened;
    return {};
}

void Receiver::Loop::stop() {
    ::eventfd_write(stop_.get(), 1);
}

void Receiver::Loop::wait_for(MacSet macs) {
    waiting.exchange(std::move(macs));
    ::eventfd_write(bell_.get(), 1);
}

void Receiver::Loop::run() {
    std::array<epoll_event, 64> events{};
    for (;;) {
        const auto ready = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 1000);
        if (ready < 0 && errno != EINTR) return;
        const auto now = Stream::Clock::now();
        eventfd_t rings = 0;
        ::eventfd_read(bell_.get(), &rings);
        filter_.refresh();
        for (int i = 0; i < ready; ++i) {
            const auto fd = events[static_cast<std::size_t>(i)].data.fd;
            if (fd == stop_.get()) return;
            wake(fd, now);
        }
        end_slow_handshakes(now);
    }
}

void Receiver::Loop::wake(int fd, Stream::Clock::time_point now) {
    if (const auto found = datagrams_.find(fd); found != datagrams_.end())
        found->second.read(filter_);
    else if (const auto stream = streams_.find(fd); stream != streams_.end())
        read(stream->second, now);
    else if (const auto listener = listeners_.find(fd); listener != listeners_.end())
        accept(listener->second, now);
}

bool Receiver::Loop::has_room_for(const IpAddress& sender) {
    const auto found = of_sender_.find(sender);
    return found == of_sender_.end() || found->second < settings_.most_of_one_sender;
}

void Receiver::Loop::make_room() {
    if (streams_.empty() || streams_.size() < settings_.most_connections) return;
    const auto silent = std::min_element(streams_.begin(), streams_.end(), [](const auto& a, const auto& b) {
        return a.second.last_heard() < b.second.last_heard();
    });
    Counters::add(counters.displaced, 1);
    close(silent->first);
}

void Receiver::Loop::accept(Listener& listener, Stream::Clock::time_point now) {
    sockaddr_storage storage{};
    socklen_t size = sizeof(storage);
    runtime::Descriptor socket(::accept4(listener.socket.get(), reinterpret_cast<sockaddr*>(&storage), &size,
                                         SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket.is_open()) {
        if (errno == EMFILE || errno == ENFILE) make_room();
        return;
    }
    Counters::add(counters.connections, 1);
    const auto sender = runtime::address_of(storage);
    Ssl tls;
    if (listener.tls) {
        tls.reset(SSL_new(listener.tls.get()));
        if (tls && SSL_set_fd(tls.get(), socket.get()) != 1) tls.reset();
    }
    if (!sender || !has_room_for(*sender) || (listener.tls && !tls)) {
        Counters::add(counters.refused, 1);
        return;
    }
    make_room();
    const auto fd = socket.get();
    if (!watch(fd)) return;
    ++of_sender_[*sender];
    streams_.emplace(fd, Stream(std::move(socket), *sender, settings_.longest_message, std::move(tls), now));
}

void Receiver::Loop::read(Stream& stream, Stream::Clock::time_point now) {
    const auto wanted_to_write = stream.wants_to_write();
    const auto shook_hands = stream.shakes_hands();
    const auto state = stream.read(filter_, buffer_, now);
    if (state != Stream::State::open) {
        if (state == Stream::State::failed)
            Counters::add(shook_hands ? counters.refused : counters.broken, 1);
        close(stream.fd());
        return;
    }
    if (stream.wants_to_write() == wanted_to_write) return;
    epoll_event event{};
    event.events = EPOLLIN | (stream.wants_to_write() ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
    event.data.fd = stream.fd();
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, stream.fd(), &event);
}

void Receiver::Loop::close(int fd) {
    const auto found = streams_.find(fd);
    if (found == streams_.end()) return;
    if (const auto count = of_sender_.find(found->second.sender()); count != of_sender_.end())
        if (--count->second == 0) of_sender_.erase(count);
    streams_.erase(found);
}

void Receiver::Loop::end_slow_handshakes(Stream::Clock::time_point now) {
    std::vector<int> slow;
    for (const auto& [fd, stream] : streams_)
        if (stream.shakes_hands() && now - stream.last_heard() > settings_.handshake_within)
            slow.push_back(fd);
    for (const auto fd : slow) {
        Counters::add(counters.refused, 1);
        close(fd);
    }
}

}  // namespace garita::syslog
