#pragma once
// The one place where an answer becomes a decision: checked, stored by compare-and-set, and its effects
// ordered, all in one transaction. People, policies and silence come through here.

#include <optional>
#include <string>

#include "decide/protection.hpp"
#include "model/case.hpp"
#include "store/store.hpp"

namespace garita::decide {

struct Verdict {
    Response response = Response::nothing;
    Actor by;
    std::optional<Duration> lasts;  ///< of a block; empty: until it is unset
    bool lasts_said = false;        ///< by the person, not by a policy or the configuration
    std::string comment;
    BlockOn block_on = BlockOn::all;
    std::optional<IpAddress> from;  ///< where the deciding person sits
    std::optional<Time> at;         ///< decided before now, elsewhere: its time counts from then
};

/// Whoever answers may not answer so: it takes the role `least`.
[[nodiscard]] Refusal role_too_low(Response response, Role least, const Actor& by);

/// Somebody else wrote the case between reading and writing.
[[nodiscard]] Refusal changed_meanwhile(CaseId id);

/// What may be wrong with the answer itself: not offered, the role is too low, nobody could carry it out,
/// a protected network. In this order.
[[nodiscard]] std::optional<Refusal> refuse_verdict(const Case& about, const Verdict& verdict,
                                                    const DeskOptions& options, const Surroundings& around);

/// Stores the decision and orders its effects. False: the case is not open any more, nothing is done.
/// The verdict must have passed refuse_verdict in the same transaction.
[[nodiscard]] bool carry_out(store::Transaction& transaction, const Case& about, const Verdict& verdict,
                             const DeskOptions& options, const Surroundings& around, Time now);

/// Whether a worker of a source carries the answer out, and closes the case itself: a silence in
/// Alertmanager, what a policy did.
[[nodiscard]] bool is_carried_out_elsewhere(std::string_view kind, Response response);

/// "case 12"
[[nodiscard]] std::string object_of(CaseId id);

}  // namespace garita::decide
