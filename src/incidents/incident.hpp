#pragma once
// What a SIEM says of its incidents, whichever SIEM it is.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/alert.hpp"
#include "model/incident.hpp"
#include "model/time.hpp"

namespace garita::incidents {

struct Incident {
    std::string id;   ///< the SIEM's own: never shown, never changes
    std::string key;  ///< "INC-75": what people call it
    std::string name;
    std::string type;
    std::string status;    ///< the SIEM's word; see parse_incident_status
    std::string severity;  ///< "High", "Medium", "Low"; may be empty
    std::string assigned;  ///< to whom; may be empty
    Time created{};        ///< by the SIEM's clock
};

struct IncidentEvent {
    std::string at;  ///< ISO 8601, as far as it was a time at all
    std::string description;
};

/// What led to an incident.
struct IncidentEvents {
    std::vector<IncidentEvent> first;  ///< no more than were asked for, in the SIEM's order
    std::int64_t total = 0;
};

/// One change of state.
struct Transition {
    std::string to;
    std::string by;  ///< whoever made it, as the SIEM names them; may be empty
    std::string comment;
};

/// High is critical, Low is info, and whatever else a warning.
[[nodiscard]] Severity severity_of(const Incident& incident);

/// The facts of alert and case. `events`: nothing if they could not be had.
[[nodiscard]] Facts facts_of(const Incident& incident, const std::optional<IncidentEvents>& events,
                             const std::string& link);

/// Replaces what the SIEM says now, and leaves the rest.
void bring_up_to_date(Facts& facts, const Incident& incident, const std::optional<IncidentEvents>& events);

}  // namespace garita::incidents
