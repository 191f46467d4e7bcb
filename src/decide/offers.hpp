#pragma once
// Which of the answers of its kind (model/alert_kinds.hpp) a case has ground for.

#include <optional>
#include <vector>

#include "model/action.hpp"
#include "model/alert.hpp"
#include "model/case.hpp"

namespace garita::decide {

/// The answers of the alert's kind, without those that it gives no ground for: no address, no session.
[[nodiscard]] std::vector<Response> offered_responses(const Alert& alert);

/// The session that the facts speak of: "pid", "start_ticks", "peer_port", "local_port", and the case's
/// address as the peer. Nullopt: they do not say enough to hit exactly one, or
/// that it is over ("ended").
[[nodiscard]] std::optional<CloseSession> session_of(const std::optional<IpNetwork>& address,
                                                     const Facts& facts);

}  // namespace garita::decide
