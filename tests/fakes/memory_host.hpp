#pragma once
// A host in memory: remembers what was done to it instead of doing it.

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "enforce/connection_cutter.hpp"
#include "enforce/host_control.hpp"
#include "enforce/local_network.hpp"

namespace garita::fakes {

class MemoryHostControl final : public enforce::HostControl {
  public:
    std::optional<Error> away;                ///< every call fails with this while it is set
    std::vector<std::int32_t> live_sessions;  ///< ids of the processes that are still there
    std::vector<CloseSession> closed;
    int reboots = 0;
    int power_offs = 0;

    Result<enforce::SessionClosed> close_session(const CloseSession& session) override {
        if (away) return tl::unexpected(*away);
        const auto found = std::find(live_sessions.begin(), live_sessions.end(), session.pid);
        if (found == live_sessions.end())
            return enforce::SessionClosed{enforce::SessionEnd::already_gone, "not there"};
        live_sessions.erase(found);
        closed.push_back(session);
        return enforce::SessionClosed{enforce::SessionEnd::ended, "process " + std::to_string(session.pid)};
    }
    Result<void> reboot() override {
        if (away) return tl::unexpected(*away);
        ++reboots;
        return {};
    }
    Result<void> power_off() override {
        if (away) return tl::unexpected(*away);
        ++power_offs;
        return {};
    }
};

class MemoryConnectionCutter final : public enforce::ConnectionCutter {
  public:
    std::vector<IpAddress> open;  ///< remote side of every open connection
    int calls = 0;

    Result<std::uint64_t> cut(std::span<const IpNetwork> networks) override {
        ++calls;
        const auto before = open.size();
        std::erase_if(open, [&](const IpAddress& remote) {
            return std::any_of(networks.begin(), networks.end(),
                               [&](const auto& n) { return n.contains(remote); });
        });
        return before - open.size();
    }
};

class FixedLocalNetworks final : public enforce::LocalNetworks {
  public:
    std::vector<enforce::LocalNetwork> networks;
    Result<std::vector<enforce::LocalNetwork>> protected_networks() override { return networks; }
};

}  // namespace garita::fakes
