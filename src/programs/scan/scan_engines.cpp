#include "programs/scan/scan_engines.hpp"

#include <utility>

#include "adapters/connect_scan/connect_engine.hpp"
#include "adapters/syn_scan/syn_engine.hpp"
#include "adapters/udp_scan/udp_engine.hpp"

namespace garita::programs {
namespace {

std::vector<std::size_t> places(const std::vector<bool>& of, bool wanted) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < of.size(); ++i)
        if (of[i] == wanted) found.push_back(i);
    return found;
}

scan::Job part_of(const scan::Job& job, const std::vector<std::size_t>& places) {
    scan::Job part{job.transport, job.port_sets, {}, job.limits};
    for (const auto place : places)
        part.targets.push_back(job.targets[place]);
    return part;
}

void merge(scan::Report& whole, scan::Report&& part, const std::vector<std::size_t>& places) {
    for (std::size_t i = 0; i < places.size() && i < part.targets.size(); ++i)
        whole.targets[places[i]] = std::move(part.targets[i]);
    if (part.end != scan::Report::End::complete) whole.end = part.end;
    whole.probes_sent += part.probes_sent;
    whole.took += part.took;
    for (auto& warning : part.warnings)
        whole.warnings.push_back(std::move(warning));
}

}  // namespace

Result<std::unique_ptr<ScanEngines>> ScanEngines::make(EngineChoice choice, Transport transport) {
    std::unique_ptr<ScanEngines> made(new ScanEngines());
    if (transport == Transport::udp) {
        if (choice == EngineChoice::syn)
            return fail(ErrorCode::invalid, "the engine syn is for TCP: leave out --engine for UDP");
        made->near_ = std::make_unique<udp_scan::UdpEngine>();
        made->name_ = "udp";
        return made;
    }
    made->near_ = std::make_unique<connect_scan::ConnectEngine>();
    made->name_ = "connect";
    if (choice == EngineChoice::connect) return made;
    const auto permitted = syn_scan::permitted();
    if (permitted) {
        made->far_ = std::make_unique<syn_scan::SynEngine>();
        made->name_ = "syn";
    } else if (choice == EngineChoice::syn) {
        return tl::unexpected<Error>(permitted.error());
    } else {
        made->lacking_ = "asking by connect, which is slower where nobody answers: " + permitted.error().text;
    }
    return made;
}

Result<scan::Report> ScanEngines::scan(const scan::Job& job, const scan::Listeners& listeners,
                                       std::stop_token stop) {
    if (!far_) return near_->scan(job, listeners, stop);
    const auto suits = syn_scan::suits(job.targets);
    if (!suits) return tl::unexpected<Error>(suits.error());
    const auto near = places(*suits, false);
    const auto far = places(*suits, true);
    if (near.empty()) return far_->scan(job, listeners, stop);
    if (far.empty()) return near_->scan(job, listeners, stop);
    scan::Report whole;
    whole.targets.resize(job.targets.size());
    for (const auto* const part : {&near, &far}) {
        auto& engine = part == &near ? *near_ : *far_;
        const auto asked = part_of(job, *part);
        auto report = engine.scan(asked, listeners, stop);
        if (!report) return report;
        merge(whole, std::move(*report), *part);
    }
    return whole;
}

}  // namespace garita::programs
