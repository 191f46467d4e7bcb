#pragma once
// One scan by connect(): the planner's questions, the pool's sockets, and the answers between them.

#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/connect_scan/attempt.hpp"
#include "adapters/connect_scan/socket_pool.hpp"
#include "runtime/neighbours/neighbours.hpp"
#include "scan/engine.hpp"
#include "scan/planner.hpp"

namespace garita::connect_scan {

class ConnectRun {
  public:
    ConnectRun(const scan::Job& job, const scan::Listeners& listeners, SocketPool pool);

    /// Until everything is judged, or somebody stops it.
    [[nodiscard]] Result<scan::Report> run(const std::stop_token& stop);
    /// After run(): silent targets (by place) of this host's own links whose hardware address the kernel has
    /// found only when all had been asked. Waits as long as the kernel still asks for some.
    [[nodiscard]] std::vector<std::uint32_t> came_late(const scan::Report& report,
                                                       const std::stop_token& stop);

  private:
    void take_answers(Duration wait);
    void take_expired(Time now);
    /// How many have gone out.
    std::size_t ask(std::span<const scan::Probe> probes);
    /// False: this one could not be sent now.
    [[nodiscard]] bool ask_one(const scan::Probe& probe);
    /// Nobody can send anything: ends what could wait for ever.
    void tell_starved(const scan::Probe& probe, Time now);
    void settle(SocketPool::Place place, const scan::Probe& probe, const Outcome& outcome);
    /// Where it could be asked before, or has answered, the scan is cut short.
    void no_way(const scan::Probe& probe, const Outcome& outcome, Time now);
    void tell_listeners(Time now);
    void look_for_neighbours(Time now);
    void give_up(const IpAddress& address);
    void doubt_silence(scan::Report& report, const std::stop_token& stop);
    void wait_for_neighbours(const std::stop_token& stop);
    void add_warnings(scan::Report& report) const;
    [[nodiscard]] const IpAddress& address_of(const scan::Probe& probe) const {
        return job_.targets[probe.target].address;
    }

    const scan::Job& job_;
    const scan::Listeners& listeners_;
    SocketPool pool_;
    scan::Planner planner_;
    std::vector<bool> asked_;                              ///< by target: a question has left for it
    std::vector<bool> answered_;                           ///< by target
    std::unordered_map<IpAddress, std::uint32_t> places_;  ///< of the targets; made when it is needed
    runtime::NeighbourWatch neighbours_;
    Time told_{};
    Time last_sent_{};
    std::uint64_t refused_here_ = 0;  ///< probes that this host could not send at once
    std::string why_refused_;
    std::size_t cut_off_ = 0;  ///< targets that there was a way to, and is none any more
};

}  // namespace garita::connect_scan
