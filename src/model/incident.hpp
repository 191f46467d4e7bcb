#pragma once
// A SIEM's incident at the desk: which states it has, and which answers lead from one to another.

#include <optional>
#include <string_view>
#include <vector>

#include "model/response.hpp"

namespace garita {

/// Of alerts and cases that a SIEM is the owner of: subject is the incident's id there, the fact "status" its
/// state as the SIEM last said it.
inline constexpr std::string_view incident_kind = "siem_incident";
inline constexpr std::string_view incident_status_fact = "status";

/// As MaxPatrol SIEM 10 has them.
enum class IncidentStatus { fresh, approved, in_progress, resolved, closed };

/// "New", "Approved", "InProgress", "Resolved", "Closed": the SIEM's own words.
[[nodiscard]] std::string_view to_text(IncidentStatus status);
[[nodiscard]] std::optional<IncidentStatus> parse_incident_status(std::string_view text);

/// The state that an answer asks the SIEM for; nothing: it asks for none.
[[nodiscard]] std::optional<IncidentStatus> status_asked_by(Response response);

/// What may be answered while the incident is in this state; of a state that nobody knows, only `refresh`.
[[nodiscard]] std::vector<Response> answers_in(std::optional<IncidentStatus> status);

}  // namespace garita
