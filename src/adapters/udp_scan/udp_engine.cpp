#include "adapters/udp_scan/udp_engine.hpp"

#include <utility>

#include "adapters/udp_scan/udp_run.hpp"

namespace garita::udp_scan {

Result<scan::Report> UdpEngine::scan(const scan::Job& job, const scan::Listeners& listeners,
                                     std::stop_token stop) {
    scan::Report whole;
    for (const auto& slice : scan::slices(job)) {
        auto sockets = UdpSockets::open();
        if (!sockets) return tl::unexpected<Error>(sockets.error());
        UdpRun run(slice, listeners, std::move(*sockets));
        scan::append(whole, run.run(stop));
    }
    return whole;
}

}  // namespace garita::udp_scan
