#pragma once
// The hub's watch of open ports, as its configuration says.

#include <functional>
#include <memory>

#include "adapters/service_probe/open_services.hpp"
#include "adapters/system_names/system_names.hpp"
#include "adapters/udp_scan/udp_engine.hpp"
#include "decide/time_zone.hpp"
#include "programs/ports/agent_eyes.hpp"
#include "programs/ports/file_editor.hpp"
#include "programs/scan/scan_engines.hpp"
#include "runtime/config/port_config.hpp"
#include "runtime/log/log.hpp"
#include "scan/watch.hpp"

namespace garita::programs {

class HubPorts {
  public:
    /// What is not this object's own.
    struct Ground {
        store::Store& store;
        store::PortBook& book;
        std::shared_ptr<const decide::TimeZone> zone;
        runtime::Log log;
        std::function<void()> wake;  ///< the watch's worker; any thread
        FindVantage vantage{};       ///< for hosts that an agent looks at
    };
    /// Nothing is looked at yet. Fails where the specification is wrong as a whole, or its engine cannot work
    /// here.
    [[nodiscard]] static Result<std::unique_ptr<HubPorts>> make(const Ground& ground,
                                                                const runtime::PortsConfig& config);
    [[nodiscard]] scan::PortWatch& watch() { return watch_; }
    /// Any thread: ends a look that is under way.
    void cancel();

  private:
    HubPorts(const Ground& ground, const runtime::PortsConfig& config, scan::Specification specification,
             std::unique_ptr<scan::Engine> tcp, std::unique_ptr<scan::Engine> side_tcp);

    FileEditor editor_;
    std::stop_source stop_;
    /// One scan at a time each.
    struct Instruments {
        Instruments(std::unique_ptr<scan::Engine> engine, std::stop_token stop);
        [[nodiscard]] scan::Eyes eyes(scan::FarEyes& far) { return {*tcp, &udp, names, &services, &far}; }
        std::unique_ptr<scan::Engine> tcp;
        udp_scan::UdpEngine udp;
        system_names::SystemNames names;
        service_probe::OpenServices services;
    };
    AgentEyes agents_;
    Instruments main_;
    Instruments side_;  ///< for hosts with ports of UDP
    scan::PortWatch watch_;
};

}  // namespace garita::programs
