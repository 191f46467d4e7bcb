#include "adapters/connect_scan/socket_pool.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/epoll.h>
#include <sys/socket.h>

#include "adapters/connect_scan/attempt.hpp"
#include "runtime/sockets/socket_address.hpp"

namespace garita::connect_scan {
namespace {

/// Linux sends its first SYN again after a second: answers would not tell which one they belong to.
constexpr Duration before_kernel_repeats = std::chrono::milliseconds{950};
/// A probe that the planner has forgotten.
constexpr Duration longest_wait = std::chrono::seconds{10};

std::uint64_t key_of(const scan::Probe& probe) {
    return (std::uint64_t{probe.target} << 32) | (std::uint64_t{probe.port} << 8) | probe.attempt;
}

tl::unexpected<Error> no_socket(const char* what) {
    return fail(ErrorCode::full, std::string(what) + ": " + std::strerror(errno), Retry::later);
}

}  // namespace

Result<SocketPool> SocketPool::open(std::size_t room) {
    runtime::Descriptor epoll(epoll_create1(EPOLL_CLOEXEC));
    if (!epoll.is_open()) return no_socket("epoll");
    return SocketPool(std::move(epoll), room);
}

Result<SocketPool::Place> SocketPool::take(IpFamily family) {
    auto& free = idle(family);
    if (free.empty() && slots_.size() - empty_.size() < room_) return make(family);
    while (free.empty() && (free_late() || free_other(family)))
        if (free.empty() && !empty_.empty()) return make(family);
    if (free.empty())
        return fail(ErrorCode::full, "all " + std::to_string(room_) + " sockets are in use", Retry::later);
    const auto place = free.back();
    free.pop_back();
    return place;
}

Result<SocketPool::Place> SocketPool::make(IpFamily family) {
    runtime::Descriptor fd(
        socket(runtime::address_family(family), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
    const int error = errno;
    if (!fd.is_open() && (error == EMFILE || error == ENFILE))
        room_ = std::max<std::size_t>(1, slots_.size() - empty_.size());  // somebody else has opened files
    if (!fd.is_open() || !prepare(fd.get(), family)) {
        const bool never = error == EAFNOSUPPORT || error == EPROTONOSUPPORT;
        return fail(never ? ErrorCode::invalid : ErrorCode::full,
                    std::string("socket: ") + std::strerror(error), never ? Retry::no : Retry::later);
    }
    if (empty_.empty()) {
        empty_.push_back(static_cast<Place>(slots_.size()));
        slots_.emplace_back();
    }
    const auto place = empty_.back();
    empty_.pop_back();
    auto& slot = slots_[place];
    slot.fd = std::move(fd);
    slot.family = family;
    slot.watched = false;
    return place;
}

std::optional<scan::Probe> SocketPool::probe(Place place) const {
    if (slots_[place].state == State::idle) return std::nullopt;
    return slots_[place].probe;
}

bool SocketPool::wait_for(Place place, const scan::Probe& probe, Time now) {
    auto& slot = slots_[place];
    if (!slot.watched) {
        epoll_event event{};
        event.events = EPOLLOUT | EPOLLET;
        event.data.u32 = place;
        if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, slot.fd.get(), &event) != 0) return false;
        slot.watched = true;
    }
    slot.state = State::waiting;
    slot.probe = probe;
    slot.since = now;
    waiting_[key_of(probe)] = place;
    begun_.push_back({place, slot.uses});
    return true;
}

void SocketPool::give_back(Place place, Use use) {
    auto& slot = slots_[place];
    if (slot.state != State::idle) {
        const auto at = waiting_.find(key_of(slot.probe));
        if (at != waiting_.end() && at->second == place) waiting_.erase(at);
    }
    slot.state = State::idle;
    ++slot.uses;
    if (use == Use::clean || (use == Use::reset_first && reset(slot.fd.get()))) {
        idle(slot.family).push_back(place);
        return;
    }
    slot.fd.reset();
    empty_.push_back(place);
}

void SocketPool::set_late(const scan::Probe& probe) {
    const auto at = waiting_.find(key_of(probe));
    if (at == waiting_.end() || slots_[at->second].state != State::waiting) return;
    auto& slot = slots_[at->second];
    slot.state = State::late;
    late_.push_back({at->second, slot.uses});
}

bool SocketPool::is_current(const Queued& queued, State state) const {
    const auto& slot = slots_[queued.place];
    return slot.uses == queued.uses && slot.state == state;
}

void SocketPool::reap(Time now) {
    while (!late_.empty()) {
        const auto oldest = late_.front();
        const bool current = is_current(oldest, State::late);
        if (current && now - slots_[oldest.place].since < before_kernel_repeats) break;
        late_.pop_front();
        if (current) give_back(oldest.place, Use::reset_first);
    }
    while (!begun_.empty()) {
        const auto oldest = begun_.front();
        const bool current = is_current(oldest, State::waiting);
        if (current && now - slots_[oldest.place].since < longest_wait) break;
        begun_.pop_front();
        if (current) give_back(oldest.place, Use::reset_first);
    }
}

/// The oldest of those whose patience is over.
bool SocketPool::free_late() {
    while (!late_.empty()) {
        const auto oldest = late_.front();
        late_.pop_front();
        if (!is_current(oldest, State::late)) continue;
        give_back(oldest.place, Use::reset_first);
        return true;
    }
    return false;
}

/// Room for one of this family, where all that is idle is of the other.
bool SocketPool::free_other(IpFamily family) {
    auto& other = idle(family == IpFamily::v4 ? IpFamily::v6 : IpFamily::v4);
    if (other.empty()) return false;
    const auto place = other.back();
    other.pop_back();
    give_back(place, Use::none);
    return true;
}

std::span<const SocketPool::Place> SocketPool::events(Duration wait) {
    std::array<epoll_event, 512>
        buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): the kernel fills it
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(std::max(wait, Duration::zero()));
    const int count = epoll_wait(epoll_.get(), buffer.data(), static_cast<int>(buffer.size()),
                                 static_cast<int>(whole.count()));
    happened_.clear();
    for (int i = 0; i < count; ++i)
        happened_.push_back(buffer[static_cast<std::size_t>(i)].data.u32);
    return happened_;
}

}  // namespace garita::connect_scan
