#pragma once
// The agent's own small store: alerts until the hub has them, the rules it must keep, the actions it has
// begun, and where its detectors have read to. What a call wrote is visible when it returns, and survives the
// end of the program; it also survives a power cut, but for the calls marked "after flush": they let the next
// hop begin while the disk is still writing. Any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/action.hpp"
#include "model/alert.hpp"
#include "model/audit_chain.hpp"
#include "model/result.hpp"
#include "model/rule.hpp"

namespace garita::store {

using garita::HeldRule;

struct ActionReport {
    ActionId id;
    ActionState state = ActionState::pending;
    std::string result;
};

struct SpoolCounts {
    std::int64_t waiting = 0;
    std::int64_t dropped = 0;  ///< since the store was made
};

/// A head of the hub's audit trail, kept so that the hub cannot take back what it once said.
struct HeldHead {
    std::string store_id;   ///< of the hub's store
    std::int64_t line = 1;  ///< another one begins where the hub contradicted what is kept
    AuditHead head;
    Time kept_at{};
    friend bool operator==(const HeldHead&, const HeldHead&) = default;
};
/// One for each hour of 400 days.
inline constexpr std::size_t held_heads_limit = 9'600;

/// A block that the agent decided on by itself, kept until the hub has taken it over or refused it.
struct OwnDecision {
    std::string uid;  ///< of the alert
    IpNetwork network;
    DecidedAlone decided;
    bool delivered = false;  ///< the hub has the alert
    friend bool operator==(const OwnDecision&, const OwnDecision&) = default;
};

class AgentStore {
  public:
    virtual ~AgentStore() = default;

    /// Blocks until all that was written before is on disk. Holds up no other call. A store that writes
    /// everything at once need not have it.
    virtual Result<void> flush() { return {}; }

    /// At the limit, the oldest alert of the lowest severity makes room, and is counted as dropped.
    virtual Result<void> push_alerts(const std::vector<Alert>& alerts, std::size_t limit) = 0;
    virtual Result<std::vector<Alert>> oldest_alerts(
        std::size_t limit) = 0;  ///< with id set to the spool's own
    /// After flush; what comes back by a power cut is delivered twice, and the hub drops the second.
    virtual Result<void> remove_alerts(const std::vector<AlertId>& delivered) = 0;
    virtual Result<SpoolCounts> spool_counts() = 0;

    // What the agent decides on by itself. A store of an agent that never does need not have it.
    /// Those that wait, with an id beyond this, oldest first.
    virtual Result<std::vector<Alert>> alerts_after(AlertId /*after*/, std::size_t /*limit*/) {
        return std::vector<Alert>{};
    }
    /// True: kept, on disk, and told with the alert (`Alert::decided`) from now on. False: nothing is kept,
    /// because the alert does not wait any more, is decided on, or a block of its network is held already.
    virtual Result<bool> decide_alone(const Alert& /*alert*/, const DecidedAlone& /*decided*/) {
        return false;
    }
    virtual Result<std::vector<OwnDecision>> own_decisions() { return std::vector<OwnDecision>{}; }
    /// The hub has dealt with these: what it wants stands among the rules.
    virtual Result<void> settle_own(const std::vector<std::string>& /*uids*/) { return {}; }

    /// Applies changes (desired empty: the rule goes) and remembers the position. One transaction, after
    /// flush: the hub gives again what it was not told to be in force.
    virtual Result<void> hold_rules(const std::vector<Rule>& changes, std::int64_t up_to_seq) = 0;
    /// Forgets all rules and takes these instead (the hub's store is another, or younger, than the agent
    /// knew).
    virtual Result<void> replace_rules(const std::vector<Rule>& all, std::int64_t up_to_seq) = 0;
    virtual Result<std::vector<HeldRule>> held_rules() = 0;
    virtual Result<std::int64_t> rules_seq() = 0;
    virtual Result<std::size_t> forget_expired_rules(Time now) = 0;

    /// True: this id was never begun, and is now. Exactly once over all restarts.
    virtual Result<bool> begin_action(ActionId id, Time now) = 0;
    virtual Result<void> finish_action(const ActionReport& report, Time now) = 0;
    /// Finished, or begun before the last start and never finished (reported as failed), and not yet
    /// acknowledged.
    virtual Result<std::vector<ActionReport>> unreported_actions() = 0;
    virtual Result<void> acknowledge_actions(const std::vector<ActionId>& ids) = 0;
    /// The hub counts anew: its store is another one, so its ids mean other actions than those begun here.
    virtual Result<void> forget_actions() = 0;

    /// Of each hour and line the last one stays; beyond the limit the oldest goes. After flush.
    virtual Result<void> hold_head(const HeldHead& head) = 0;
    virtual Result<std::vector<HeldHead>> held_heads() = 0;  ///< by line and seq

    virtual Result<std::optional<std::string>> value(std::string_view key) = 0;
    virtual Result<void> set_value(std::string_view key, std::string_view value) = 0;
    /// In one transaction, after flush: what a detector found, and how far it has read.
    virtual Result<void> push_alerts_and_value(const std::vector<Alert>& alerts, std::size_t limit,
                                               std::string_view key, std::string_view value) = 0;
};

}  // namespace garita::store
