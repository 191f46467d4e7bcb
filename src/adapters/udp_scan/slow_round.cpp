#include "adapters/udp_scan/slow_round.hpp"

#include <algorithm>
#include <chrono>

#include "adapters/udp_scan/payloads.hpp"
#include "scan/path_message.hpp"

namespace garita::udp_scan {
namespace {

constexpr Duration longest_sleep = std::chrono::milliseconds{50};
constexpr Duration between_news = std::chrono::milliseconds{200};
/// Linux refills by one message a second (icmp_ratelimit).
constexpr Duration slowest_limit = std::chrono::milliseconds{1050};
constexpr unsigned enough_silence = 20;
constexpr std::uint8_t own_attempt =
    scan::Planner::most_attempts;  ///< a socket that the usual rounds leave alone

Time now_is() {
    return Time{std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

}  // namespace

SlowRound::SlowRound(const scan::Job& job, const scan::Listeners& listeners, UdpSockets& sockets,
                     scan::Report& report)
    : job_(job), listeners_(listeners), sockets_(sockets), report_(report), pace_(slowest_limit) {
    for (std::uint32_t i = 0; i < report.targets.size(); ++i) {
        const auto& result = report.targets[i];
        // Without a closed port nothing shows that it would tell of one.
        if (result.closed.empty() || result.filtered.empty()) continue;
        places_.emplace(result.address, hosts_.size());
        hosts_.push_back({i, result.filtered.ports(), 0, now_is() + pace_, std::nullopt, 0});
        all_ += result.filtered.size();
    }
    if (job.limits.probes_per_second > 0) {
        const double seconds = static_cast<double>(hosts_.size()) / job.limits.probes_per_second;
        pace_ = std::max(pace_, Duration(static_cast<std::int64_t>(seconds * 1e6)));
    }
}

bool SlowRound::is_over(const Host& host) const {
    return host.silent >= enough_silence || (host.next == host.ports.size() && !host.waiting);
}

void SlowRound::run(const std::stop_token& stop) {
    if (hosts_.empty()) return;
    tell_people();
    Time told{};
    while (!std::all_of(hosts_.begin(), hosts_.end(), [this](const Host& host) { return is_over(host); })) {
        if (stop.stop_requested()) return leave_unknown();
        sockets_.receive(longest_sleep, [this](const UdpSockets::Heard& heard) { take(heard); });
        const Time now = now_is();
        for (auto& host : hosts_)
            if (!is_over(host) && host.due <= now) ask(host, now);
        if (listeners_.progress && now - told >= between_news) {
            told = now;
            tell_listeners();
        }
    }
}

void SlowRound::ask(Host& host, Time now) {
    if (host.waiting) ++host.silent;
    host.waiting.reset();
    host.due = now + pace_;
    if (host.next == host.ports.size() || host.silent >= enough_silence) return;
    const Port port = host.ports[host.next++];
    const auto& address = job_.targets[host.target].address;
    if (sockets_.send(address, port, own_attempt, payload_for(port, 1)).kind == UdpSockets::Sent::Kind::gone)
        ++report_.probes_sent;
    host.waiting = port;
}

void SlowRound::take(const UdpSockets::Heard& heard) {
    const auto at = places_.find(heard.address);
    if (at == places_.end()) return;
    auto& host = hosts_[at->second];
    auto& result = report_.targets[host.target];
    if (!result.filtered.contains(heard.port)) return;
    if (heard.error) {
        const auto& error = *heard.error;
        const auto meaning = scan::meaning_of({error.family, error.type, error.code, error.sender},
                                              result.address, Transport::udp);
        if (meaning.kind != scan::PathMeaning::Kind::closed) return;
        result.closed.insert(heard.port);
    } else {
        result.open.insert(heard.port);
        if (listeners_.open) listeners_.open(result.address, heard.port);
    }
    result.filtered.erase(heard.port);
    host.silent = 0;
    if (host.waiting == heard.port) host.waiting.reset();
}

void SlowRound::tell_listeners() const {
    std::size_t longest = 0;
    std::uint64_t left = 0;
    for (const auto& host : hosts_) {
        const auto of_host = is_over(host) ? 0 : host.ports.size() - host.next;
        longest = std::max(longest, of_host);
        left += of_host;
    }
    scan::Progress progress;
    for (const auto& target : job_.targets)
        progress.probes += job_.port_sets[target.ports].size();
    progress.judged = progress.probes - std::min(left, progress.probes);
    progress.per_second = static_cast<double>(hosts_.size()) * 1e6 / static_cast<double>(pace_.count());
    progress.left = pace_ * static_cast<std::int64_t>(longest);
    listeners_.progress(progress);
}

void SlowRound::tell_people() {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(
        pace_ *
        static_cast<std::int64_t>(std::max_element(hosts_.begin(), hosts_.end(), [](auto& a, auto& b) {
                                      return a.ports.size() < b.ports.size();
                                  })->ports.size()));
    report_.warnings.push_back((hosts_.size() == 1
                                    ? job_.targets[hosts_.front().target].address.text() + " tells"
                                    : std::to_string(hosts_.size()) + " hosts tell") +
                               " of closed UDP ports only so often, as Linux does: " + std::to_string(all_) +
                               " silent ports were asked again, one a second (at most " +
                               format_span(seconds) + "; --tries 1 leaves that out)");
}

void SlowRound::leave_unknown() {
    report_.end = scan::Report::End::stopped;
    for (const auto& host : hosts_) {
        if (is_over(host)) continue;
        auto& result = report_.targets[host.target];
        PortSet left;
        for (auto i = host.next; i < host.ports.size(); ++i)
            left.insert(host.ports[i]);
        if (host.waiting) left.insert(*host.waiting);
        left = left & result.filtered;
        result.filtered = result.filtered - left;
        if (!left.empty()) result.unknown.push_back({left, "not asked to the end"});
    }
}

}  // namespace garita::udp_scan
