#pragma once
// What a look changes in a host's row: suspicion, confirmation, drift, and what stays unknown. Pure.

#include <functional>
#include <vector>

#include "scan/looks.hpp"

namespace garita::scan {

struct WatchOptions {
    Duration interval = std::chrono::hours{1};
    Duration confirm_after = std::chrono::seconds{30};  ///< from the first look to the second
    int unknown_after = 3;                              ///< looks in a row, until people are told
    Duration mute_for = std::chrono::hours{24};         ///< where nobody says
    Duration keep_history = std::chrono::days{400};
    Limits limits;
    /// By the clock of the administrator's time zone, from Monday 00:00; none: UTC.
    std::function<unsigned(Time)> minute_of_week;
};

/// How it is with all hosts together, at this moment.
enum class Silence { of_some, of_many };

/// How many of them have to fail at once for the cause to be a common one.
[[nodiscard]] std::size_t many_of(std::size_t all);

/// The next whole look, in an interval but for a tenth, which is different for each host and time.
[[nodiscard]] Time next_look(const std::string& host, const WatchOptions& options, Time now);

/// Whether the look has told nothing about the host's ports.
[[nodiscard]] bool tells_nothing(const Look& look, const Observation& found, Silence silence);

/// Takes a look's outcome into the row, and adds what happened to the history. An address of a network that
/// has never answered is nobody: the row stays as it was.
void take_in(HostPorts& row, const Look& look, const Observation& found, Silence silence,
             const WatchOptions& options, Time now, std::vector<PortEvent>& events);

/// A network's address that has never answered.
[[nodiscard]] bool is_nobody(const Look& look, const HostPorts& row, const Observation& found);

[[nodiscard]] bool in_maintenance(const WantedPorts& wanted, const WatchOptions& options, Time now);

}  // namespace garita::scan
