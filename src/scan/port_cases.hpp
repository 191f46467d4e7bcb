#pragma once
// Telling people: once when ports are not as specified, again when that changes, once when it is over. All of
// it follows from the row, in the transaction that writes it: so a death in between neither loses nor doubles
// a case.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scan/host_course.hpp"
#include "store/port_book.hpp"

namespace garita::scan {

inline constexpr std::string_view drift_kind = "ports_drift";
inline constexpr std::string_view unknown_kind = "ports_unknown";
/// The device of the cases: who has looked.
inline constexpr std::string_view looking_device = "hub";
/// Rows that stand for many hosts that failed at once; no host is spelled so.
inline constexpr std::string_view all_names = "DNS";
inline constexpr std::string_view all_network = "NETWORK";
/// All that an agent looks at: "AGENT web1".
[[nodiscard]] inline std::string all_of_agent(const std::string& agent) {
    return "AGENT " + agent;
}

/// Brings cases and alerts in line with the row's drift. `wanted`: what facts say of the specification.
void tell_drift(store::Transaction& transaction, HostPorts& row, const WantedPorts& wanted, Time now);

/// Raises or closes the case about what nobody knows. `trouble`: whether there is something to be told.
enum class Trouble { none, untold };
void tell_unknown(store::Transaction& transaction, HostPorts& row, Trouble trouble, const Facts& more,
                  Time now);

/// The host is not specified any more: what is open about it is over.
void forget(store::Transaction& transaction, store::PortBook& book, const HostPorts& row, Time now);

/// The newest case, if it was told and answered, and the answer has had no effect yet.
[[nodiscard]] std::optional<Case> answered_case(store::View& view, const HostPorts& row,
                                                std::string_view kind);

/// Adds a fact to a case that is over, so that its copies show it.
void add_fact(store::Transaction& transaction, Case about, std::string name, std::string value, Time now);

}  // namespace garita::scan
