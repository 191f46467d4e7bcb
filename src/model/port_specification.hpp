#pragma once
// Which ports shall be open where, as an administrator wrote it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/expected_service.hpp"
#include "model/ip.hpp"
#include "model/port_set.hpp"

namespace garita {

/// Minutes of the week, from Monday 00:00; an end before the beginning reaches into the next week.
struct WeeklyWindow {
    unsigned begins = 0;
    unsigned ends = 0;
    [[nodiscard]] bool contains(unsigned minute) const {
        return begins <= ends ? minute >= begins && minute < ends : minute >= begins || minute < ends;
    }
    friend bool operator==(const WeeklyWindow&, const WeeklyWindow&) = default;
};

inline constexpr unsigned minutes_of_week = 7 * 24 * 60;

/// "sun 02:00-04:00", "daily 23:00-01:00", "mon-fri 06:00-06:30": a window for each day meant.
[[nodiscard]] std::optional<std::vector<WeeklyWindow>> parse_weekly_windows(std::string_view text);

/// Where something is written, for messages and for changing it.
struct WrittenPlace {
    std::string file;
    std::size_t line = 0;  ///< from 1; 0: nowhere
    [[nodiscard]] std::string text() const { return file + ":" + std::to_string(line); }
    friend bool operator==(const WrittenPlace&, const WrittenPlace&) = default;
};

/// Of one host, network or group. What is not said comes from its groups, then from the whole.
struct WrittenPorts {
    std::vector<std::string> groups;  ///< not of groups
    std::optional<PortSet> must;      ///< empty: nothing may be open
    PortSet may;                      ///< tolerated
    PortSet udp_must;
    PortSet udp_may;
    std::optional<PortSet> scanports;  ///< beside those above; which else must not be open
    std::optional<bool> ipv6;          ///< every address of a name
    std::optional<std::string> from;   ///< the agent that looks; empty: the hub itself
    std::vector<IpNetwork> except;     ///< of a network
    std::vector<WeeklyWindow> maintenance;
    ExpectedServices services;
    WrittenPlace place;
};

struct WrittenSpecification {
    std::map<std::string, WrittenPorts, std::less<>> groups;
    std::vector<std::pair<std::string, WrittenPorts>> hosts;  ///< names, addresses, networks
    PortSet scanports;                                        ///< of hosts that say none
    bool ipv6 = false;
    std::vector<WeeklyWindow> maintenance;  ///< of all
};

/// What shall be written of a host or network from now on; what is not said stays.
struct SpecificationChange {
    std::optional<PortSet> must;
    std::optional<PortSet> udp_must;
    std::map<Port, std::string> banners;
    std::map<Port, std::string> certificates;  ///< their sha256
};

/// What a host is called: lower case, addresses and networks as we spell them. Nothing: it is neither a name
/// nor an address nor a network (host bits are dropped).
[[nodiscard]] std::optional<std::string> host_spelling(std::string_view text);

}  // namespace garita
