#pragma once
// Which answers a case offers, by its kind. A new kind of alert with answers of its own is one row here; a
// kind without a row can be blocked where it has an address, or left alone.

#include <optional>
#include <vector>

#include "model/action.hpp"
#include "model/alert.hpp"
#include "model/case.hpp"

namespace garita::decide {

struct Offer {
    std::string kind;
    std::vector<Response> responses;  ///< in the order of the buttons
};

/// The rows that come with Garita.
[[nodiscard]] const std::vector<Offer>& built_in_offers();

/// The responses of the row, without those that this case gives no ground for: no address, no session.
[[nodiscard]] std::vector<Response> offered_responses(const std::vector<Offer>& offers, const Alert& alert);

/// The session that the facts speak of: "pid", "start_ticks", "peer_port", "local_port", and the case's
/// address as the peer. Nullopt: they do not say enough to hit exactly one, or
/// that it is over ("ended").
[[nodiscard]] std::optional<CloseSession> session_of(const std::optional<IpNetwork>& address,
                                                     const Facts& facts);

}  // namespace garita::decide
