#include "runtime/http/server.hpp"

#include <algorithm>
#include <cerrno>
#include <future>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/socket.h>

#include "runtime/http/listener.hpp"
#include "runtime/http/session.hpp"
#include "runtime/http/signals.hpp"

namespace garita::runtime::http {
namespace asio = boost::asio;

namespace {

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
constexpr auto inspection_interval = std::chrono::milliseconds(250);
constexpr auto accept_pause = std::chrono::milliseconds(100);
constexpr int accepts_in_a_row = 64;

}  // namespace

class Server::Core {
  public:
    Core(Router router, ServerOptions options) : world(std::move(router), std::move(options)) {}

    Result<void> open(const std::vector<Endpoint>& endpoints);
    void run();
    void stop();

    SessionWorld world;
    std::vector<std::unique_ptr<Listener>> listeners;

    void wake(std::string_view topic);
    void renew(std::size_t endpoint, tls::Context context);
    void close_peers(std::vector<std::string> certificates);

  private:
    asio::awaitable<void> accept_from(Listener& listener);
    int accept_some(Listener& listener);
    void admit(Descriptor descriptor, Listener& listener);
    bool room_for(const Peer& peer);
    void forget(const Session& session, const std::exception_ptr& failure);
    void inspect_later();
    void begin_stop();
    void close_sessions();
    void finish_if_empty();

    asio::executor_work_guard<asio::io_context::executor_type> work_{world.io.get_executor()};
    asio::steady_timer inspection_{world.io};
    bool inspecting_ = false;
    std::unordered_map<Session::Id, std::shared_ptr<Session>> sessions_;
    std::unordered_map<std::string, std::size_t> by_address_;
    Session::Id last_id_ = 0;
    std::promise<void> emptied_;
    bool told_emptied_ = false;
    std::mutex stop_mutex_;
    bool stopped_ = false;
    std::thread thread_;
};

Result<void> Server::Core::open(const std::vector<Endpoint>& endpoints) {
    for (const auto& endpoint : endpoints) {
        auto listener = open_listener(world.io, endpoint);
        if (!listener) return tl::unexpected<Error>(listener.error());
        listeners.push_back(std::move(*listener));
    }
    return {};
}

void Server::Core::run() {
    for (auto& listener : listeners) {
        const auto ended = [this](const std::exception_ptr& failure) {
            if (failure) world.log("an accept loop of the HTTP server ended by an exception");
        };
        asio::co_spawn(world.io, accept_from(*listener), ended);
    }
    const BlockedSignals blocked;
    thread_ = std::thread([this] { world.io.run(); });
}

asio::awaitable<void> Server::Core::accept_from(Listener& listener) {
    asio::steady_timer pause(world.io);
    while (!world.stopping) {
        const int error = accept_some(listener);
        if (error == EAGAIN) {
            const auto ready =
                co_await listener.socket.async_wait(asio::posix::descriptor_base::wait_read, quiet);
            if (std::get<0>(ready)) co_return;
        } else {
            // out of descriptors or memory: those waiting in the backlog can wait; or a long burst: others'
            // turn
            pause.expires_after(error == 0 ? std::chrono::milliseconds(0) : accept_pause);
            const auto paused = co_await pause.async_wait(quiet);
            static_cast<void>(paused);
        }
    }
}

/// The error that ended it: EAGAIN when nobody waits any more, 0 after many.
int Server::Core::accept_some(Listener& listener) {
    for (int i = 0; i < accepts_in_a_row; ++i) {
        Descriptor descriptor(
            ::accept4(listener.socket.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (descriptor.get() >= 0) {
            try {
                admit(std::move(descriptor), listener);
            } catch (const std::exception& failure) {
                ++world.refused;  // no memory or no room in epoll for this one: the others live on
                world.log(std::string("the HTTP server refused a connection: ") + failure.what());
            }
        } else if (errno != ECONNABORTED && errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

bool Server::Core::room_for(const Peer& peer) {
    const auto& limits = world.options.limits;
    if (sessions_.size() >= limits.sessions) return false;
    if (peer.kind == PeerKind::unix_socket) return true;
    const auto found = by_address_.find(peer.address);
    return found == by_address_.end() || found->second < limits.sessions_per_address;
}

void Server::Core::admit(Descriptor descriptor, Listener& listener) {
    Peer peer = identify_peer(descriptor.get(), listener.kind);
    peer.tls = listener.context != nullptr;
    peer.connected_at = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    if (!room_for(peer)) {
        ++world.refused;
        return;
    }
    const auto session = std::make_shared<Session>(world, ++last_id_, descriptor.release(),
                                                   listener.context.get(), std::move(peer), listener.hook);
    sessions_.emplace(session->id(), session);
    if (session->peer().kind == PeerKind::tcp) ++by_address_[session->peer().address];
    ++world.sessions;
    asio::co_spawn(world.io, session->live(),
                   [this, session](const std::exception_ptr& failure) { forget(*session, failure); });
    if (!inspecting_) inspect_later();
}

void Server::Core::forget(const Session& session, const std::exception_ptr& failure) {
    if (failure) world.log("a session of the HTTP server ended by an exception");
    const auto counted = by_address_.find(session.peer().address);
    if (counted != by_address_.end() && --counted->second == 0) by_address_.erase(counted);
    --world.sessions;
    sessions_.erase(session.id());
    finish_if_empty();
}

/// Looks after all sessions a few times a second, and not at all while there are none.
void Server::Core::inspect_later() {
    inspecting_ = true;
    inspection_.expires_after(inspection_interval);
    inspection_.async_wait([this](const boost::system::error_code& error) {
        inspecting_ = false;
        if (error) return;
        const auto now = Session::Clock::now();
        for (const auto& [id, session] : sessions_)
            session->inspect(now);
        if (!sessions_.empty()) inspect_later();
    });
}

void Server::Core::wake(std::string_view topic) {
    auto waiters = world.topics.wake(topic);
    if (waiters.empty()) return;
    asio::post(world.io, [this, waiters = std::move(waiters)] {
        for (const auto id : waiters) {
            const auto found = sessions_.find(id);
            if (found != sessions_.end()) found->second->wake();
        }
    });
}

/// Sessions hold a share of the context they were made with.
void Server::Core::renew(std::size_t endpoint, tls::Context context) {
    asio::post(world.io,
               [this, endpoint,
                context = std::shared_ptr<tls::Context>(std::make_shared<tls::Context>(std::move(context)))] {
                   listeners.at(endpoint)->context = std::move(*context);
               });
}

void Server::Core::close_peers(std::vector<std::string> certificates) {
    asio::post(world.io, [this, certificates = std::move(certificates)] {
        for (const auto& [id, session] : sessions_)
            if (const auto& shown = session->peer().certificate;
                !shown.empty() &&
                std::find(certificates.begin(), certificates.end(), shown) != certificates.end())
                session->close();
    });
}

void Server::Core::begin_stop() {
    world.stopping = true;
    for (const auto& listener : listeners)
        listener->close();
    for (const auto& [id, session] : sessions_)
        session->stop();
    finish_if_empty();
}

void Server::Core::close_sessions() {
    for (const auto& [id, session] : sessions_)
        session->close();
}

void Server::Core::finish_if_empty() {
    if (!world.stopping || !sessions_.empty() || told_emptied_) return;
    told_emptied_ = true;
    emptied_.set_value();
}

void Server::Core::stop() {
    const std::lock_guard lock(stop_mutex_);
    if (stopped_) return;
    stopped_ = true;
    if (thread_.joinable()) {
        asio::post(world.io, [this] { begin_stop(); });
        emptied_.get_future().wait_for(world.options.limits.drain);
        asio::post(world.io, [this] { close_sessions(); });
    }
    world.pool.finish();
    work_.reset();
    if (thread_.joinable()) {
        asio::post(world.io, [this] { inspection_.cancel(); });
        thread_.join();
    }
}

Server::Server(Router router, ServerOptions options)
    : core_(std::make_unique<Core>(std::move(router), std::move(options))) {}

Server::~Server() {
    try {
        stop();
    } catch (...) {
        std::terminate();  // its thread runs on, and would use what goes now
    }
}

Result<void> Server::start(const std::vector<Endpoint>& endpoints) {
    if (!core_->listeners.empty()) return fail(ErrorCode::conflict, "the HTTP server was started before");
    if (auto opened = core_->open(endpoints); !opened) {
        core_->listeners.clear();
        return opened;
    }
    core_->run();
    return {};
}

std::uint16_t Server::port(std::size_t endpoint) const {
    return core_->listeners.at(endpoint)->port;
}

Result<void> Server::renew_certificate(std::size_t endpoint, const tls::ServerSettings& settings) {
    auto context = tls::make_server_context(settings);
    if (!context) return tl::unexpected<Error>(context.error());
    core_->renew(endpoint, std::move(*context));
    return {};
}

void Server::wake(std::string_view topic) {
    core_->wake(topic);
}

void Server::close_peers(std::vector<std::string> certificates) {
    core_->close_peers(std::move(certificates));
}

void Server::stop() {
    core_->stop();
}

ServerStats Server::stats() const {
    const auto& world = core_->world;
    return {world.sessions, world.parked, world.requests, world.refused, world.timed_out};
}

}  // namespace garita::runtime::http
