#pragma once
// Rules of configured classes, as their producers see them: written in bulk, listed, looked up in their
// history. What the reconciler of a device reads and writes is its ClassBook. Keys and values are packed
// (model/rule_class); a store keeps them and never looks inside.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/packed.hpp"
#include "model/person.hpp"
#include "model/result.hpp"
#include "model/time.hpp"
#include "store/class_book.hpp"

namespace garita::store {

/// Where rules are: on which device, of which name.
struct RuleTarget {
    std::string device;
    std::string rules;
    friend auto operator<=>(const RuleTarget&, const RuleTarget&) = default;
};

struct RuleWish {
    std::uint32_t target = 0;  ///< index of RuleChanges::targets
    RuleKey key;
    std::optional<RuleValue> want;  ///< nothing: shall not be there
};

/// What one producer wants, all at once or not at all.
struct RuleChanges {
    std::vector<RuleTarget> targets;
    std::vector<RuleWish> wishes;      ///< of two about the same rule the later one counts
    std::optional<Time> expires_at{};  ///< from then on nothing is wanted
    std::optional<Lane> lane{};        ///< otherwise by their number: few are quick
    Actor by;
    std::string comment{};
    std::string idempotency_key{};  ///< of this actor; empty: none
};

/// The greatest number of wishes that are quick by themselves.
inline constexpr std::size_t quick_wishes = 1000;

struct ChangesOutcome {
    std::int64_t changed = 0;
    std::int64_t unchanged = 0;  ///< were wanted so already, or are not there anyway
    /// The same request was carried out before; the numbers are of that time, and nothing was done now.
    enum class Repeated { no, yes } repeated = Repeated::no;
};

/// A rule as it stands.
struct DeviceRule {
    RuleTarget target;
    RuleKey key;
    std::optional<RuleValue> want;
    std::optional<RuleValue> current;  ///< as the device last confirmed
    std::optional<Time> expires_at;
    std::int64_t seq = 0;
    Lane lane = Lane::quick;
    Time changed_at{};
    std::string author;  ///< Actor::text() of who wanted it last; empty: longer ago than history is kept
    std::string comment;
    std::string error;  ///< why the device refused it; empty: it did not
    int attempts = 0;

    [[nodiscard]] bool settled() const { return want == current && error.empty(); }
};

struct DeviceRuleQuery {
    std::string device{};  ///< empty: any
    std::string rules{};   ///< empty: any
    std::optional<RuleKey> key{};
    enum class Which {
        all,
        different,  ///< not as they are wanted
        refused,    ///< by the device
    } which = Which::all;
    std::string after{};  ///< DeviceRulePage::next of the page before
    std::size_t limit = 1000;
};

struct DeviceRulePage {
    std::vector<DeviceRule> rules;  ///< in the store's own order, which does not change
    std::string next;               ///< where the next page begins; empty: there is none
};

/// What was wanted of one rule at a time.
struct RuleVersion {
    std::optional<RuleValue> want;
    Time since{};
    std::string author;
    std::string comment;
};

/// One RuleChanges that changed something.
struct RuleChangesEntry {
    std::int64_t id = 0;
    Time at{};
    std::string author;
    std::string comment;
    std::string what;  ///< "border1 inet_access", of several targets their number
    std::int64_t changed = 0;
};

/// A rule as whoever keeps it elsewhere is told of it.
struct FedRule {
    RuleKey key;
    std::optional<RuleValue> want;  ///< nothing: shall not be there
    std::int64_t seq = 0;
    Lane lane = Lane::quick;
    std::optional<Time> expires_at;
};
/// Numbers of changes, one a lane.
struct LanePositions {
    std::int64_t quick = 0;
    std::int64_t bulk = 0;
    friend bool operator==(const LanePositions&, const LanePositions&) = default;
};
/// What has changed since positions, in one snapshot.
struct ClassFeed {
    std::vector<FedRule> rules;  ///< the quick ones first, each lane by seq
    LanePositions up_to;         ///< everything of the lane up to there is known with these
    LanePositions recorded;      ///< as the device has confirmed
    std::int64_t last_seq = 0;   ///< of the device; no position is beyond it
    enum class Rest { none, more } rest = Rest::none;
};

struct ClassCounts {
    RuleTarget target;
    std::int64_t wanted = 0;   ///< rules that shall be there
    std::int64_t pending = 0;  ///< changed and not recorded yet
    std::int64_t refused = 0;  ///< by the device
};

/// Any thread. Errors: the store's own; conflict where a call is made inside a write of the store.
class DeviceRules {
  public:
    DeviceRules() = default;
    DeviceRules(const DeviceRules&) = delete;
    DeviceRules& operator=(const DeviceRules&) = delete;
    virtual ~DeviceRules() = default;

    /// One durable transaction with one row in the audit trail, if it changes anything; then rings
    /// Topic::device_rules for each device that has something to do.
    [[nodiscard]] virtual Result<ChangesOutcome> change(const RuleChanges& changes, Time now) = 0;

    [[nodiscard]] virtual Result<DeviceRulePage> list(const DeviceRuleQuery& query) = 0;
    /// Newest first: the present one and those before it that are kept.
    [[nodiscard]] virtual Result<std::vector<RuleVersion>> versions(const RuleTarget& target,
                                                                    const RuleKey& key,
                                                                    std::size_t limit) = 0;
    /// Newest first; `before`: only smaller ids, 0: from the newest on.
    [[nodiscard]] virtual Result<std::vector<RuleChangesEntry>> changes(std::int64_t before,
                                                                        std::size_t limit) = 0;
    /// By device and name; only what has ever had a rule.
    [[nodiscard]] virtual Result<std::vector<ClassCounts>> counts() = 0;

    /// Wants nothing any more of rules whose end has come, at most `limit` a call; returns how many.
    [[nodiscard]] virtual Result<std::size_t> expire(Time now, std::size_t limit) = 0;
    [[nodiscard]] virtual Result<std::optional<Time>> next_expiry() = 0;
    /// Removes rules that are neither wanted nor there, and history that ended before this time, at most
    /// about `limit` rows a call; returns how many.
    [[nodiscard]] virtual Result<std::size_t> prune(Time history_before, std::size_t limit) = 0;

    /// At most `limit` rules. What was never written is empty.
    [[nodiscard]] virtual Result<ClassFeed> feed(const RuleTarget& target, const LanePositions& since,
                                                 std::size_t limit) = 0;

    /// Of one device; outlived by this.
    [[nodiscard]] virtual std::unique_ptr<ClassBook> book(std::string device) = 0;
};

}  // namespace garita::store
