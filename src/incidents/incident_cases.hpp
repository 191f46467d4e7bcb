#pragma once
// How alerts and cases of incidents are written.

#include <optional>
#include <string>
#include <string_view>

#include "incidents/incident.hpp"
#include "store/store.hpp"

namespace garita::incidents {

/// True: it is new. The same incident a second time changes nothing.
bool raise(store::Transaction& transaction, std::string_view source, const Incident& incident, Facts facts,
           Time now);

/// What the SIEM says of an incident now.
struct News {
    Incident incident;
    std::optional<IncidentEvents> events;  ///< nothing: not asked for, or not to be had
    std::string moved_by;                  ///< who moved it last, as far as it is known
    std::optional<Time> refreshed;         ///< somebody wanted to see it; nothing: nobody asked
};

/// Brings the case of this incident up to date, if there is one. A case that is open while the SIEM has moved
/// the incident on is over: nobody has to answer it any more. False: nothing has changed, or there is no such
/// case.
bool update(store::Transaction& transaction, std::string_view source, const News& news, Time now);

/// Whether nothing is left to do about an incident in this state.
[[nodiscard]] bool is_over(const std::string& status);

/// An incident that was over when it was first seen asks nobody, but is told: its case ends when everybody
/// who is told of it has been, or could have been for ten minutes. False: it waits still.
bool end_when_told(store::Transaction& transaction, std::string_view source, const std::string& id, Time now);

}  // namespace garita::incidents
