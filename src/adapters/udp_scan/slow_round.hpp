#pragma once
// Hosts that tell of closed ports only so many times a second (Linux: once) look silent to whoever asks
// faster. Their silent ports are asked again, one a second, all such hosts beside each other.

#include <cstdint>
#include <optional>
#include <stop_token>
#include <unordered_map>
#include <vector>

#include "adapters/udp_scan/udp_sockets.hpp"
#include "scan/engine.hpp"

namespace garita::udp_scan {

class SlowRound {
  public:
    /// `report`: of the usual rounds, in the order of the job; ports move from filtered to where they belong.
    SlowRound(const scan::Job& job, const scan::Listeners& listeners, UdpSockets& sockets,
              scan::Report& report);

    /// Until all are asked, or stopped: what has not been asked then is unknown. A host that stays silent for
    /// long has told all it will.
    void run(const std::stop_token& stop);

  private:
    struct Host {
        std::uint32_t target = 0;
        std::vector<Port> ports;
        std::size_t next = 0;
        Time due{};
        std::optional<Port> waiting;
        unsigned silent = 0;  ///< questions in a row without an answer
    };

    [[nodiscard]] bool is_over(const Host& host) const;
    void ask(Host& host, Time now);
    void take(const UdpSockets::Heard& heard);
    void tell_listeners() const;
    void tell_people();
    void leave_unknown();

    const scan::Job& job_;
    const scan::Listeners& listeners_;
    UdpSockets& sockets_;
    scan::Report& report_;
    std::vector<Host> hosts_;
    std::unordered_map<IpAddress, std::size_t> places_;  ///< in hosts_
    Duration pace_;
    std::uint64_t all_ = 0;
};

}  // namespace garita::udp_scan
