#pragma once
// One scan of UDP ports: the planner's questions, and what comes back.

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "adapters/udp_scan/udp_sockets.hpp"
#include "runtime/neighbours/neighbours.hpp"
#include "scan/engine.hpp"
#include "scan/planner.hpp"

namespace garita::udp_scan {

class UdpRun {
  public:
    UdpRun(const scan::Job& job, const scan::Listeners& listeners, UdpSockets sockets);

    /// Until everything is judged, or somebody stops it.
    [[nodiscard]] scan::Report run(const std::stop_token& stop);

  private:
    /// How many have gone out.
    std::size_t ask(std::span<const scan::Probe> probes);
    /// Where it could be asked before, the scan is cut short.
    void no_way(const scan::Probe& probe, const std::string& why, Time now);
    void take(const UdpSockets::Heard& heard);
    void take_error(const scan::Probe& probe, const runtime::PathError& error);
    /// The port that was asked, of those of this target; a TFTP server answers from another one.
    [[nodiscard]] Port asked_port(std::uint32_t target, Port from) const;
    void tell_listeners(Time now);
    void look_for_neighbours(Time now);
    [[nodiscard]] scan::Report finish(scan::Report::End end, Time now);

    const scan::Job& job_;
    const scan::Listeners& listeners_;
    UdpSockets sockets_;
    scan::Planner planner_;
    std::unordered_map<IpAddress, std::uint32_t> places_;  ///< of the targets
    std::vector<bool> asked_;                              ///< by target: a question has left for it
    std::vector<bool> answered_;                           ///< by target
    std::unordered_set<IpAddress> own_;
    runtime::NeighbourWatch neighbours_;
    Time told_{};
    std::string starved_;  ///< why this host could not send; empty: it could
    Time last_sent_{};
    std::size_t cut_off_ = 0;  ///< targets that there was a way to, and is none any more
};

}  // namespace garita::udp_scan
