#include "adapters/syn_scan/syn_engine.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <string>
#include <thread>

#include <sys/random.h>
#include <sys/socket.h>

#include "adapters/syn_scan/routes.hpp"
#include "adapters/syn_scan/syn_run.hpp"
#include "runtime/descriptor/descriptor.hpp"
#include "scan/planner.hpp"

namespace garita::syn_scan {

namespace {

constexpr std::uint64_t enough_for_two = 20'000;

Result<CookieKey> random_key() {
    CookieKey key{};
    if (getrandom(key.data(), sizeof key, 0) != static_cast<ssize_t>(sizeof key))
        return fail(ErrorCode::io,
                    std::string("the kernel gives no random numbers: ") + std::strerror(errno));
    return key;
}

unsigned threads_for(const scan::Job& job, const Settings& settings) {
    if (settings.threads > 0) return settings.threads;
    std::uint64_t probes = 0;
    for (const auto& target : job.targets)
        probes += job.port_sets.at(target.ports).size();
    const double rate = job.limits.probes_per_second;
    const bool slow = rate > 0 && rate < enough_for_two;
    return probes < enough_for_two || slow ? 1 : std::clamp(std::thread::hardware_concurrency(), 1U, 2U);
}

}  // namespace

Result<void> permitted() {
    const runtime::Descriptor socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    if (socket.is_open()) return {};
    if (errno == EPERM || errno == EACCES)
        return fail(
            ErrorCode::forbidden,
            "the syn engine sends packets of its own: it needs root or the capability CAP_NET_RAW; the "
            "connect engine needs neither");
    return fail(ErrorCode::io, std::string("the syn engine has no packet socket: ") + std::strerror(errno) +
                                   "; use the connect engine");
}

Result<std::vector<bool>> suits(std::span<const scan::Target> targets) {
    auto routes = Routes::open();
    if (!routes) return tl::unexpected(routes.error());
    std::vector<bool> suit;
    std::map<int, bool> usable;  // by interface
    suit.reserve(targets.size());
    for (const auto& target : targets) {
        const auto route = routes->to(target.address);
        if (!route) return tl::unexpected(route.error());
        if (route->kind == Route::Kind::away && !usable.contains(route->interface))
            usable[route->interface] = interface_of(route->interface).has_value();
        // where there is no way at all the connect engine could not do better
        suit.push_back(route->kind == Route::Kind::none ||
                       (route->kind == Route::Kind::away && usable[route->interface]));
    }
    return suit;
}

Result<scan::Report> SynEngine::scan(const scan::Job& job, const scan::Listeners& listeners,
                                     std::stop_token stop) {
    if (job.transport != Transport::tcp)
        return fail(ErrorCode::invalid, "the syn engine asks TCP ports only; UDP has an engine of its own");
    if (const auto may = permitted(); !may) return tl::unexpected(may.error());
    scan::Report whole;
    for (const scan::Job& part : scan::slices(job)) {
        const auto key = random_key();
        if (!key) return tl::unexpected(key.error());
        auto ways = Ways::find(part.targets, *key);
        if (!ways) return tl::unexpected(ways.error());
        SynRun run(part, listeners, std::move(*ways), *key);
        auto report = run.run(threads_for(part, settings_), stop);
        if (!report) return report;
        scan::append(whole, std::move(*report));
    }
    return whole;
}

}  // namespace garita::syn_scan
