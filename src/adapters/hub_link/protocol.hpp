#pragma once
// What agent and hub say to each other: JSON over HTTPS, the agent always the one that calls.
//
//   POST /agent/v1/alerts   a batch of detections; repeating it is harmless (each alert has its uid)
//   POST /agent/v1/sync     reports what was done, and waits for rules and actions (long poll)
//
// Who calls is known by the certificate of the connection; each call brings a random number
// (signed_answer.hpp), and each answer is signed over it. Certificates: enrolment_protocol.hpp. Expiries
// travel as time left, so that a wrong clock on either side neither lengthens nor shortens a block. They
// count from the sending of the request plus as long as the hub says that it held it: an answer that was on
// its way for long, or waited for a host that stood still, has become older by as much.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/action.hpp"
#include "model/alert.hpp"
#include "model/audit_chain.hpp"
#include "model/device.hpp"
#include "model/ip.hpp"
#include "model/result.hpp"
#include "model/rule.hpp"
#include "store/agent_store.hpp"
#include "store/store.hpp"

namespace garita::hub_link {

inline constexpr std::string_view alerts_path = "/agent/v1/alerts";
inline constexpr std::string_view sync_path = "/agent/v1/sync";
inline constexpr std::size_t alerts_in_batch = 500;
inline constexpr std::size_t rules_in_answer = 10'000;
/// A full set comes in one answer as far as possible: while it is incomplete, blocks would be missing.
inline constexpr std::size_t rules_in_full_answer = 500'000;
inline constexpr std::chrono::seconds longest_wait{50};
inline constexpr std::size_t audit_heads_in_report = 256;
inline constexpr std::size_t own_decisions_in_report = 1000;

/// Whether this host may be looked from.
enum class Scans { not_said, refused, allowed };

/// What a host says about itself; unchanged parts are repeated each time.
struct HostReport {
    std::string version;
    std::string boot_id;
    std::vector<IpNetwork> protected_networks;
    std::vector<Login> logins;  ///< open SSH sessions
    std::vector<std::string> watches;
    std::vector<std::string> troubles;
    Scans scans = Scans::not_said;  ///< by its own file
    friend bool operator==(const HostReport&, const HostReport&) = default;
};

/// Rules that the device has put in force, and those that it could not.
struct RulesReport {
    std::int64_t in_force_seq = 0;
    std::vector<store::FailedRule> failed;
    std::uint64_t connections_cut = 0;  ///< since the report before
};

struct SyncRequest {
    HostReport host;
    Time agent_time{};
    std::string store_id;       ///< of the hub's store that `held_seq` belongs to; empty: none known
    std::int64_t held_seq = 0;  ///< changes up to here are on the agent's disk
    RulesReport rules;
    std::vector<store::ActionReport> actions;
    std::vector<ActionId> known_actions;  ///< begun or queued: not to be sent again
    /// Of this store's audit trail, kept by the agent: the newest; after an interruption some of all times.
    std::vector<AuditHead> audit_heads;
    std::vector<std::string> own_decisions;  ///< uids of alerts that the hub has: what became of them?
    std::string standing_version;            ///< of the standing policies that are kept; empty: none
    std::chrono::seconds wait{0};
};

struct RuleOrder {
    std::string name;
    std::string params;
    std::optional<std::string> desired;
    std::optional<Duration> lasts;  ///< time left; empty: for ever
    std::int64_t seq = 0;
};

struct ActionTicket {
    ActionId id;
    ActionOrder order;
    Duration lasts{};  ///< not to be begun after this, from when the answer was written
};

struct SyncAnswer {
    std::string store_id;
    Duration held{};  ///< from the arrival of the request until this was written
    enum class Rules {
        changes,
        all
    } rules_are = Rules::changes;  ///< all: forget what is held (first page of a full set)
    std::vector<RuleOrder> rules;
    std::int64_t rules_seq = 0;                        ///< held_seq after taking them
    enum class Rest { none, more } rest = Rest::none;  ///< more: call again at once
    std::vector<ActionTicket> actions;
    std::vector<ActionId> acknowledged;   ///< of the reported actions
    std::optional<AuditHead> audit_head;  ///< the newest row of the hub's audit trail, for the agent to keep
    std::vector<std::string> settled;     ///< of `own_decisions`: what the hub wants stands among the rules
    /// Instead of what was asked with (`standing_version`); an empty text: none any more.
    std::optional<std::string> standing{};
    std::string standing_version;  ///< of `standing`, to be asked with from now on
};

/// What an agent decided by itself travels as time since then: `now` is the clock of who writes or reads.
[[nodiscard]] std::string encode_alerts(const std::vector<Alert>& alerts, Time now);
[[nodiscard]] Result<std::vector<Alert>> decode_alerts(std::string_view json, Time now);
[[nodiscard]] std::string encode(const SyncRequest& request);
[[nodiscard]] Result<SyncRequest> decode_sync_request(std::string_view json);
[[nodiscard]] std::string encode(const SyncAnswer& answer);
[[nodiscard]] Result<SyncAnswer> decode_sync_answer(std::string_view json);

}  // namespace garita::hub_link
