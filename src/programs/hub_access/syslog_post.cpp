#include "programs/hub_access/syslog_post.hpp"

#include <algorithm>

namespace garita::programs {
namespace {

bool is_same(const syslog::Listen& a, const syslog::Listen& b) {
    return a.transport == b.transport && a.address == b.address && a.port == b.port;
}

const syslog::Listen* find(const std::vector<syslog::Listen>& all, const syslog::Listen& one) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& it) { return is_same(it, one); });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::string to_text(const syslog::Listen& listen) {
    const auto* const transport = listen.transport == syslog::Listen::Transport::udp   ? "udp "
                                  : listen.transport == syslog::Listen::Transport::tcp ? "tcp "
                                                                                       : "tls ";
    const auto host = listen.address.is_v4() ? listen.address.text() : '[' + listen.address.text() + ']';
    return transport + host + ':' + std::to_string(listen.port);
}

Result<std::unique_ptr<syslog::Receiver>> SyslogPost::start(const syslog::Listen& listen) {
    syslog::ReceiverSettings settings;
    settings.listen = {listen};
    auto receiver =
        syslog::Receiver::start(settings, [this](const syslog::ReceivedEvent& event) { heard(event); });
    if (!receiver)
        return fail(receiver.error().code,
                    "access.syslog.listen: " + to_text(listen) + ": " + receiver.error().text);
    (*receiver)->wait_for(macs_);
    return receiver;
}

void SyslogPost::heard(const syslog::ReceivedEvent& event) {
    access::Arrival arrival;
    arrival.source_name = "syslog";
    arrival.sender = event.sender;
    arrival.line = event.line;
    arrival.at = clock_();
    const std::lock_guard lock(sink_mutex_);
    if (sink_)
        sink_(std::move(arrival));
    else if (held_.size() < most_held)
        held_.push_back(std::move(arrival));
}

Result<std::vector<SyslogPost::Place>> SyslogPost::bind(const std::vector<syslog::Listen>& wanted) {
    const std::lock_guard lock(mutex_);
    std::vector<Place> bound;
    for (const auto& listen : wanted) {
        const auto is_this = [&](const Place& place) { return is_same(place.listen, listen); };
        if (std::any_of(places_.begin(), places_.end(), is_this)) continue;
        auto receiver = start(listen);
        if (!receiver) return tl::unexpected(receiver.error());
        bound.push_back({listen, *std::move(receiver)});
    }
    return bound;
}

void SyslogPost::open(const std::vector<syslog::Listen>& wanted, std::vector<Place> bound, Sink sink) {
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(places_, [&](const Place& place) { return find(wanted, place.listen) == nullptr; });
        for (auto& place : places_) {
            place.listen = *find(wanted, place.listen);
            if (place.listen.transport == syslog::Listen::Transport::tls) restart(place);
        }
        for (auto& place : bound) {
            place.receiver->wait_for(macs_);
            places_.push_back(std::move(place));
        }
    }
    const std::lock_guard lock(sink_mutex_);
    sink_ = std::move(sink);
    if (sink_)
        for (auto& arrival : held_)
            sink_(std::move(arrival));
    held_.clear();
}

void SyslogPost::hold() {
    const std::lock_guard lock(sink_mutex_);
    sink_ = {};
}

void SyslogPost::restart(Place& place) {
    place.receiver.reset();
    auto receiver = start(place.listen);
    place.trouble = receiver ? std::string() : receiver.error().text;
    if (receiver) place.receiver = *std::move(receiver);
}

bool SyslogPost::mend() {
    const std::lock_guard lock(mutex_);
    bool whole = true;
    for (auto& place : places_) {
        if (!place.receiver) restart(place);
        whole = whole && place.receiver;
    }
    return whole;
}

void SyslogPost::wait_for(const syslog::MacSet& macs) {
    const std::lock_guard lock(mutex_);
    macs_ = macs;
    for (const auto& place : places_)
        if (place.receiver) place.receiver->wait_for(macs_);
}

syslog::ReceiverCounts SyslogPost::counts() const {
    const std::lock_guard lock(mutex_);
    syslog::ReceiverCounts sum;
    for (const auto& place : places_) {
        if (!place.receiver) continue;
        const auto one = place.receiver->counts();
        sum.received += one.received;
        sum.events += one.events;
        sum.cut += one.cut;
        sum.lost_by_kernel += one.lost_by_kernel;
        sum.connections += one.connections;
        sum.refused += one.refused;
        sum.displaced += one.displaced;
        sum.broken += one.broken;
    }
    return sum;
}

std::vector<std::string> SyslogPost::listening() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> all;
    for (const auto& place : places_) {
        if (!place.receiver) continue;
        auto listen = place.listen;
        listen.port = place.receiver->ports().front();
        all.push_back(to_text(listen));
    }
    return all;
}

std::vector<std::string> SyslogPost::troubles() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> all;
    for (const auto& place : places_)
        if (!place.trouble.empty()) all.push_back(place.trouble);
    return all;
}

}  // namespace garita::programs
