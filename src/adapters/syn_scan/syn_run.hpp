#pragma once
// One scan by packets of our own: the planner's questions go out, what comes back is checked and told.

#include <chrono>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "adapters/syn_scan/answer.hpp"
#include "adapters/syn_scan/receive_ring.hpp"
#include "adapters/syn_scan/sender.hpp"
#include "adapters/syn_scan/ways.hpp"
#include "scan/engine.hpp"
#include "scan/planner.hpp"

namespace garita::syn_scan {

/// Whichever thread has the lock takes in what has arrived, before it asks for more to send: so no answer is
/// older than a batch when silence is judged, and no thread is needed that does nothing but receive.
class SynRun {
  public:
    SynRun(const scan::Job& job, const scan::Listeners& listeners, Ways ways, const CookieKey& key);

    [[nodiscard]] Result<scan::Report> run(unsigned threads, const std::stop_token& stop);

  private:
    /// What one thread sends with: one sender for each link.
    struct Outlet {
        std::vector<Sender> senders;
        std::vector<scan::Probe> batch;
        std::vector<std::vector<scan::Probe>> added;  ///< by link, as the sender has them
    };
    struct Turn {
        std::size_t count = 0;
        Time wake{};
    };
    [[nodiscard]] Result<void> open_rings();
    [[nodiscard]] Result<Outlet> open_outlet() const;
    void begin();
    void work(Outlet& outlet, const std::stop_token& stop);
    [[nodiscard]] Turn turn(Outlet& outlet, Time now);
    void take_in(Time now);
    void take(const Answered& answered, std::uint32_t link, Time at);
    void take_tcp(const TcpAnswer& answer, Time at);
    void take_icmp(const IcmpAnswer& answer, Time at);
    void take_neighbour(const NeighbourAnswer& answer, std::uint32_t link, Time at);
    /// The probe that this port of ours has asked with; nothing: it is none of our ports.
    [[nodiscard]] std::optional<scan::Probe> probe_of(const IpAddress& target, Port port, Port own) const;
    [[nodiscard]] Port own_port(unsigned attempt) const { return static_cast<Port>(first_port_ | attempt); }
    void look_after_neighbours(Outlet& outlet, Time now);
    void send(Outlet& outlet, std::size_t count);
    void flush(Outlet& outlet, std::uint32_t link);
    void not_sent(std::uint32_t link, std::span<const scan::Probe> probes, int error);
    /// Nobody can be asked by this link any more: what is not judged of its targets is unknown.
    void lose(std::uint32_t link, int error);
    [[nodiscard]] static Time now_is();
    void tell_progress(Time now);
    void wait(Time until, Time now);

    const scan::Job& job_;
    const scan::Listeners& listeners_;
    Ways ways_;
    AddressIndex index_;
    std::uint16_t first_port_;
    std::vector<ReceiveRing> rings_;  ///< by link
    std::mutex lock_;                 ///< of all below
    scan::Planner planner_;
    bool over_ = false;
    Time looked_{};                  ///< at the rings
    std::vector<std::string> lost_;  ///< what is said of links that were lost
    Time progress_told_{};
    std::optional<Time> stuck_since_;  ///< since when nothing can be sent
    std::uint64_t stuck_at_ = 0;       ///< what had been sent then
};

}  // namespace garita::syn_scan
