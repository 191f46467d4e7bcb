#include "adapters/connect_scan/connect_engine.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include <sys/resource.h>
#include <system_error>

#include "adapters/connect_scan/connect_run.hpp"

namespace garita::connect_scan {
namespace {

/// Files that this process may still open, but for some that others in it will want.
std::size_t files_left() {
    constexpr std::size_t most = 16384;
    constexpr std::size_t least = 8;
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return least;
    std::error_code error;
    std::size_t open = 0;
    for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end;
         at.increment(error))
        ++open;
    const auto all = std::min<std::size_t>(limit.rlim_cur, most * 2);
    const auto spare = open + std::max<std::size_t>(8, all / 16);
    return all > spare + least ? std::min(all - spare, most) : least;
}

Result<SocketPool> open_pool() {
    auto pool = SocketPool::open(files_left());
    if (pool) return pool;
    return fail(pool.error().code,
                "cannot scan: " + pool.error().text + "; may this process open more files (ulimit -n)?",
                pool.error().retry);
}

/// Once more, those who were silent only because nobody knew where to send to.
Result<void> ask_late_ones(const scan::Job& job, const std::vector<std::uint32_t>& places,
                           const scan::Listeners& listeners, scan::Report& whole,
                           const std::stop_token& stop) {
    if (places.empty()) return {};
    scan::Job part{job.transport, job.port_sets, {}, job.limits};
    for (const auto place : places)
        part.targets.push_back(job.targets[place]);
    auto pool = open_pool();
    if (!pool) return tl::unexpected<Error>(pool.error());
    auto report = ConnectRun(part, listeners, std::move(*pool)).run(stop);
    if (!report) return tl::unexpected<Error>(report.error());
    for (std::size_t i = 0; i < places.size(); ++i)
        whole.targets[places[i]] = std::move(report->targets[i]);
    if (report->end != scan::Report::End::complete) whole.end = report->end;
    whole.probes_sent += report->probes_sent;
    whole.took += report->took;
    std::move(report->warnings.begin(), report->warnings.end(), std::back_inserter(whole.warnings));
    return {};
}

}  // namespace

Result<scan::Report> ConnectEngine::scan(const scan::Job& job, const scan::Listeners& listeners,
                                         std::stop_token stop) {
    scan::Report whole;
    for (const auto& slice : scan::slices(job)) {
        auto pool = open_pool();
        if (!pool) return tl::unexpected<Error>(pool.error());
        ConnectRun run(slice, listeners, std::move(*pool));
        auto report = run.run(stop);
        if (!report) return report;
        if (report->end == scan::Report::End::complete)
            if (auto done = ask_late_ones(slice, run.came_late(*report, stop), listeners, *report, stop);
                !done)
                return tl::unexpected<Error>(done.error());
        scan::append(whole, std::move(*report));
    }
    return whole;
}

}  // namespace garita::connect_scan
