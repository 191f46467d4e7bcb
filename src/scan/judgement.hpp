#pragma once
// What a scan has found, held against what is wanted.

#include <functional>
#include <string>
#include <vector>

#include "scan/engine.hpp"
#include "scan/service_judgement.hpp"
#include "scan/specification.hpp"

namespace garita::scan {

/// What was asked of a host's addresses.
struct Asked {
    PortSet tcp;
    PortSet udp;
    PortSet services;  ///< of them what answers, where they are open
};

/// All that one look at a host has told, over all of its addresses.
struct Observation {
    HostAnswer answer = HostAnswer::none;
    std::string why;         ///< something is not known
    PortDifference differs;  ///< of the ports that were asked; what is not known is not among them
    PortDifference unsure;   ///< the same for what could not be found out
    PortSet open;
    PortSet open_udp;
    ServiceTexts services;  ///< what answered
    std::vector<IpAddress> addresses;
    std::string where;  ///< "192.0.2.1: -80; 2001:db8::1: +8080", where there are several addresses

    [[nodiscard]] bool is_unknown() const {
        return answer == HostAnswer::unresolved || answer == HostAnswer::unreachable || !unsure.empty();
    }
};

/// What an engine has said of one address; null: it was not asked.
struct AddressResult {
    IpAddress address;
    const TargetResult* tcp = nullptr;
    const TargetResult* udp = nullptr;
    std::map<Port, ServiceFinding> services{};  ///< of ports that are open and were asked
};

/// A port that must be open is missing when it is not open on any one of the addresses; silence is no proof
/// that it is missing with UDP.
[[nodiscard]] Observation judge(const WantedPorts& wanted, const Asked& asked,
                                const std::vector<AddressResult>& results);

[[nodiscard]] Observation unresolved(std::string why);

/// What a host's drift is after a look at it. Where nothing was found out, it stays as it was; what answers
/// as it did before is the same.
[[nodiscard]] PortDifference seen(const PortDifference& drift, const Observation& now);

/// After the second look, at these ports only: what has shown again is the drift, what has not is as before.
[[nodiscard]] PortDifference confirmed(const PortDifference& drift, const PortDifference& looked_at,
                                       const Observation& now);

/// Where the two differ; of a service both have otherwise, what `other` has.
[[nodiscard]] PortDifference between(const PortDifference& one, const PortDifference& other);

[[nodiscard]] Asked ports_of(const PortDifference& difference);

}  // namespace garita::scan
