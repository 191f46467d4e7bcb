#include "model/incident.hpp"

#include <array>

namespace garita {
namespace {

using enum Response;

constexpr std::array all_states = {IncidentStatus::fresh, IncidentStatus::approved,
                                   IncidentStatus::in_progress, IncidentStatus::resolved,
                                   IncidentStatus::closed};

}  // namespace

std::string_view to_text(IncidentStatus status) {
    switch (status) {
        case IncidentStatus::fresh:
            return "New";
        case IncidentStatus::approved:
            return "Approved";
        case IncidentStatus::in_progress:
            return "InProgress";
        case IncidentStatus::resolved:
            return "Resolved";
        case IncidentStatus::closed:
            return "Closed";
    }
    return "New";
}

std::optional<IncidentStatus> parse_incident_status(std::string_view text) {
    for (const auto status : all_states)
        if (to_text(status) == text) return status;
    return std::nullopt;
}

std::optional<IncidentStatus> status_asked_by(Response response) {
    switch (response) {
        case approve:
            return IncidentStatus::approved;
        case start_work:
            return IncidentStatus::in_progress;
        case resolve:
            return IncidentStatus::resolved;
        case dismiss:
            return IncidentStatus::closed;
        default:
            return std::nullopt;
    }
}

std::vector<Response> answers_in(std::optional<IncidentStatus> status) {
    if (!status) return {refresh};
    switch (*status) {
        case IncidentStatus::fresh:
            return {refresh, approve, dismiss, start_work, resolve, nothing};
        case IncidentStatus::approved:
            return {refresh, start_work, resolve, dismiss};
        case IncidentStatus::in_progress:
            return {refresh, resolve, dismiss};
        case IncidentStatus::resolved:
            return {refresh, dismiss};
        case IncidentStatus::closed:
            break;
    }
    return {refresh};
}

}  // namespace garita
