#pragma once
// One round of a watch: names to addresses, addresses to ports, and what was found of each host.

#include <stop_token>
#include <vector>

#include "scan/engine.hpp"
#include "scan/judgement.hpp"
#include "scan/name_resolver.hpp"
#include "scan/service_looks.hpp"

namespace garita::scan {

struct Eyes;

/// Other places to look from, by the agent's name.
class FarEyes {
  public:
    FarEyes() = default;
    FarEyes(const FarEyes&) = delete;
    FarEyes& operator=(const FarEyes&) = delete;
    virtual ~FarEyes() = default;
    /// Any thread. Fails where nobody can look from there now; the text begins with "agent NAME ".
    [[nodiscard]] virtual Result<const Eyes*> of(const std::string& agent) = 0;
};

/// What carries looks out. All outlive whoever has it.
struct Eyes {
    Engine& tcp;
    Engine* udp = nullptr;  ///< null: ports of UDP are unknown
    NameResolver& names;
    ServiceProbe* services = nullptr;  ///< null: what answers is unknown
    FarEyes* far = nullptr;            ///< null: nobody looks from elsewhere
};

/// One host that is looked at.
struct Look {
    enum class Kind {
        whole,   ///< all ports
        second,  ///< those that were otherwise than before
    };
    const Subject* subject = nullptr;
    WantedPorts wanted;  ///< with what was accepted
    Asked asked;
    Kind kind = Kind::whole;
};

/// Whether this is unknown because of the agent that should have looked.
[[nodiscard]] bool is_about_agent(const WantedPorts& wanted, HostAnswer answer, std::string_view why);

/// An observation for each look, in their order; `now`: which certificates are over. Agents look at the same
/// time as this host. Blocks as long as the scans take; stopped or failed here: an error, and nothing is
/// known. `warned` is told, by one thread at a time, what makes the result less sure.
[[nodiscard]] Result<std::vector<Observation>> look_at(const std::vector<Look>& looks, const Eyes& eyes,
                                                       const Limits& limits, const std::stop_token& stop,
                                                       const std::function<void(const std::string&)>& warned,
                                                       Time now);

}  // namespace garita::scan
