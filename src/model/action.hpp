#pragma once
// What happens once. The id makes it happen once: an agent remembers the ids that it has begun.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "model/ids.hpp"
#include "model/incident.hpp"
#include "model/ip.hpp"
#include "model/time.hpp"

namespace garita {

/// One SSH session: the very process, told apart from a later one with the same pid by its start time.
struct CloseSession {
    std::int64_t pid = 0;
    std::uint64_t start_ticks = 0;  ///< field 22 of /proc/PID/stat
    IpAddress peer;
    std::uint16_t peer_port = 0;
    std::uint16_t local_port = 0;
    friend bool operator==(const CloseSession&, const CloseSession&) = default;
};
struct Reboot {
    friend bool operator==(const Reboot&, const Reboot&) = default;
};
struct PowerOff {
    friend bool operator==(const PowerOff&, const PowerOff&) = default;
};

/// Of a SIEM's incident, for the hub itself.
struct MoveIncident {
    std::string incident;  ///< its id there
    IncidentStatus to = IncidentStatus::approved;
    std::string by;       ///< whoever decided it, as the SIEM is to show them
    std::string comment;  ///< of the decision; may be empty
    friend bool operator==(const MoveIncident&, const MoveIncident&) = default;
};

using ActionOrder = std::variant<CloseSession, Reboot, PowerOff, MoveIncident>;

enum class ActionState { pending, done, failed };

struct Action {
    ActionId id;
    DecisionId decision_id;
    CaseId case_id;
    std::string device;
    ActionOrder order;
    ActionState state = ActionState::pending;
    std::string result;  ///< what the device said: "session closed", "already gone", or the error
    Time created_at{};
    Time expires_at{};  ///< not begun after this: a reboot must not happen a day late
    std::optional<Time> finished_at;
};

[[nodiscard]] std::string_view to_text(ActionState state);
[[nodiscard]] std::optional<ActionState> parse_action_state(std::string_view text);
/// "close_session", "reboot", "power_off", "move_incident"
[[nodiscard]] std::string_view order_name(const ActionOrder& order);

}  // namespace garita
