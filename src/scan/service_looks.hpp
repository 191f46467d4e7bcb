#pragma once
// The services that one round of a watch asks for what they are.

#include <map>
#include <stop_token>
#include <utility>
#include <vector>

#include "scan/service_judgement.hpp"
#include "scan/service_probe.hpp"
#include "scan/specification.hpp"

namespace garita::scan {

class ServiceLooks {
  public:
    /// `probe` null: none of them is known.
    ServiceLooks(ServiceProbe* probe, Time now) : probe_(probe), now_(now) {}

    /// For the look with this number: open ports of one of its addresses.
    void ask(std::size_t look, const Subject& subject, const WantedPorts& wanted, const PortSet& ports,
             const IpAddress& address);
    /// Asks all of them together.
    void run(const std::stop_token& stop);
    [[nodiscard]] std::map<Port, ServiceFinding> of(std::size_t look, const IpAddress& address) const;

  private:
    struct Group {
        std::vector<ServiceQuestion> questions;
        std::vector<std::pair<std::size_t, ExpectedService>> of;  ///< look, and what is expected
    };
    void run(const Group& group, Wanted wanted, const std::stop_token& stop);

    ServiceProbe* const probe_;
    const Time now_;
    Group banners_;
    Group certificates_;
    std::map<std::pair<std::size_t, IpAddress>, std::map<Port, ServiceFinding>> findings_;
};

}  // namespace garita::scan
