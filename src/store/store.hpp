#pragma once
// The hub's store: what must not be lost. One interface, one contract suite (tests/contract/store), several
// stores.
//
// Reading and writing happen in functions that get a View or a Transaction. A store that cannot go on (disk
// full, file damaged) throws StoreFailure out of these calls; the store turns it into the Result of read() or
// write(), and nothing of that write stays. Never keep a View or Transaction beyond the function.

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "model/action.hpp"
#include "model/alert.hpp"
#include "model/audit.hpp"
#include "model/audit_chain.hpp"
#include "model/case.hpp"
#include "model/counts.hpp"
#include "model/device.hpp"
#include "model/enrolment.hpp"
#include "model/message.hpp"
#include "model/result.hpp"
#include "model/rule.hpp"

namespace garita::store {

/// The result of an action of which no device has said in time what became of it.
inline constexpr std::string_view not_begun_in_time = "not begun in time";
/// An action that seems to come from the future by more than this has outlived a clock that was set back:
/// nobody can tell its age, so it is over.
inline constexpr Duration clock_slack = std::chrono::minutes{1};

/// The environment failed (disk, file, connection), not the request.
struct StoreFailure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What may have changed, so that whoever waits looks at once.
enum class Topic {
    alerts,
    cases,
    rules,  ///< that agents keep
    actions,
    messages,
    device_rules,  ///< of configured classes: device_rules.hpp
    access,        ///< requests of access_book.hpp
    letters,       ///< letter_book.hpp
};

/// Rung after the commit. `device` only with rules, actions and device_rules.
struct Ring {
    Topic topic;
    std::string device;
    friend bool operator==(const Ring&, const Ring&) = default;
};

struct CaseQuery {
    std::vector<CaseState> states{};  ///< empty: any
    std::string device{};             ///< empty: any
    std::string kind{};               ///< empty: any
    std::optional<CaseId> before{};   ///< only older ids, for paging
    std::size_t limit = 100;
};

struct RuleQuery {
    std::string device{};  ///< empty: any
    std::string name{};    ///< empty: any
    std::string params{};  ///< empty: any
    std::optional<CaseId> case_id{};
    std::optional<RuleId> after{};  ///< only greater ids, for paging
    std::size_t limit = 100;
};

struct AuditQuery {
    std::string object{};  ///< empty: any
    std::optional<std::int64_t> before{};
    std::size_t limit = 100;
    std::optional<Time> since{};
};

/// Rows of the audit trail as they are kept, for exporting and proving.
struct AuditRange {
    std::int64_t after = 0;  ///< only greater seqs, for paging
    std::string object{};    ///< empty: any
    std::optional<Time> since{};
    std::size_t limit = 1000;
};

/// A change that a device could not make.
struct FailedRule {
    std::int64_t seq = 0;
    std::string error;
    friend bool operator==(const FailedRule&, const FailedRule&) = default;
};

using garita::StoreCounts;

/// Audit rows are removed once the oldest is too old by so much: a row about it a day, not one for each.
inline constexpr Duration audit_prune_step = std::chrono::hours{24};

/// A consistent state of the store; several may be open at the same time, also beside a Transaction.
class View {
  public:
    virtual ~View() = default;

    /// Alerts that no case has taken yet, oldest first.
    virtual std::vector<Alert> unfiled_alerts(std::size_t limit) = 0;
    virtual std::vector<Alert> alerts_of(CaseId id, std::size_t limit) = 0;  ///< newest first

    virtual std::optional<Case> find_case(CaseId id) = 0;
    /// The open case about the same thing, if there is one (at most one: see insert_case).
    virtual std::optional<Case> open_case_about(std::string_view device, std::string_view kind,
                                                std::string_view subject) = 0;
    /// The newest case about the same thing in any state.
    virtual std::optional<Case> last_case_about(std::string_view device, std::string_view kind,
                                                std::string_view subject) = 0;
    virtual std::vector<Case> cases(const CaseQuery& query) = 0;  ///< newest first
    /// Open cases whose expires_at has come, oldest first.
    virtual std::vector<Case> silent_cases(Time now, std::size_t limit) = 0;
    virtual std::optional<Time> next_silence() = 0;  ///< the smallest expires_at of an open case
    /// Cases in state `decided`, whose effects are under way, oldest first, ids greater than `after`.
    virtual std::vector<Case> decided_cases(CaseId after, std::size_t limit) = 0;
    /// Cases with a block that waits for a confirmation whose time is over, the longest over first.
    virtual std::vector<Case> unconfirmed_cases(Time now, std::size_t limit) = 0;
    /// Decisions of this policy after (since, after) in the order of (time, id): the first call with
    /// `after` 0 gives those made at `since` or later, the next goes on behind the last one given.
    virtual std::vector<Decision> policy_decisions(std::string_view policy, Time since, DecisionId after,
                                                   std::size_t limit) = 0;
    /// Counted from the case's actions and rules (state settled / pending / failed), but for rules of revoked
    /// devices.
    virtual Progress progress(CaseId id) = 0;

    virtual std::optional<Action> find_action(ActionId id) = 0;
    virtual std::vector<Action> actions_of(CaseId id) = 0;
    /// Not finished and not expired (expire_actions), for this device, oldest first.
    virtual std::vector<Action> pending_actions(std::string_view device, Time now) = 0;

    virtual std::vector<Rule> rules(const RuleQuery& query) = 0;  ///< by id
    /// Rules of the device whose desired value changed after this position, by seq.
    virtual std::vector<Rule> rule_changes(std::string_view device, std::int64_t after_seq,
                                           std::size_t limit) = 0;
    virtual std::int64_t last_rule_seq(std::string_view device) = 0;  ///< 0: none
    virtual std::optional<Time> next_rule_expiry() = 0;               ///< of a rule with a desired value

    virtual std::optional<Device> find_device(std::string_view name) = 0;
    virtual std::vector<Device> devices() = 0;  ///< by name

    virtual std::optional<AgentCertificate> find_certificate(std::string_view key) = 0;
    virtual std::vector<AgentCertificate> certificates_of(std::string_view device) = 0;  ///< newest first
    virtual std::vector<EnrolmentCode> enrolment_codes() = 0;  ///< all that are kept, by their end

    virtual std::vector<AuditEntry> audit(const AuditQuery& query) = 0;     ///< newest first
    virtual std::vector<AuditRow> audit_rows(const AuditRange& range) = 0;  ///< oldest first
    virtual AuditHead audit_head() = 0;

    /// Open cases that have no message in this place yet, oldest first.
    virtual std::vector<Case> cases_without_message(std::string_view channel, std::string_view place,
                                                    std::size_t limit) = 0;
    /// Sent messages that show an older version of their case, or whose sending was begun and never
    /// confirmed; not abandoned, next_try not in the future. What is `held_back` comes back with each new
    /// version of its case, too.
    virtual std::vector<Message> stale_messages(std::string_view channel, Time now, std::size_t limit) = 0;
    virtual std::vector<Message> messages_of(CaseId id) = 0;
    virtual std::optional<ButtonTicket> find_ticket(std::string_view ticket) = 0;

    virtual std::optional<std::string> value(std::string_view key) = 0;
    /// The saved answer to a request with this idempotency key.
    virtual std::optional<std::string> saved_answer(std::string_view scope, std::string_view key) = 0;

    virtual StoreCounts counts() = 0;
};

class Transaction : public View {
  public:
    /// Nullopt: an alert with this (device, uid) is there already.
    virtual std::optional<AlertId> add_alert(const Alert& alert) = 0;
    virtual void file_alert(AlertId alert, CaseId into) = 0;

    /// Stores with version 1. There is at most one open case per (device, kind, subject): a second is a
    /// programmer error.
    virtual CaseId insert_case(const Case& new_case) = 0;
    /// Writes everything but id and decision if the stored version is still `changed.version`, and adds 1 to
    /// it. Returns whether it was.
    [[nodiscard]] virtual bool update_case(const Case& changed) = 0;
    /// Like update_case, for what nobody need be shown at once (one more alert of a flood): the version
    /// stays.
    [[nodiscard]] virtual bool note_case(const Case& changed) = 0;
    /// Adds 1 to the version: something that people see (progress) has changed.
    virtual void touch_case(CaseId id, Time now) = 0;
    /// Stores the decision and sets the state if the case is open. False: somebody was faster, or it is over.
    [[nodiscard]] virtual bool decide(const Decision& decision, CaseState state_after, Time now) = 0;

    virtual ActionId insert_action(const Action& action) = 0;
    /// Only a pending action is finished, or one that expired: what the device says of it counts, whenever it
    /// comes. False: it already was.
    [[nodiscard]] virtual bool finish_action(ActionId id, ActionState state, std::string_view result,
                                             Time now) = 0;
    /// Fails the pending actions whose expires_at has come with `not_begun_in_time`, and those that were made
    /// later than `now` by more than `clock_slack`; returns the cases they belong to.
    virtual std::vector<CaseId> expire_actions(Time now) = 0;

    /// Upserts (device, name, params); every call that changes desired value or expiry gives the rule the
    /// next seq. Unsetting a rule that is not there does nothing. A rule that was wished for everywhere stays
    /// so until it is unset. Returns the rule as stored; nullopt: nothing to change.
    virtual std::optional<Rule> change_rule(const RuleChange& change, Time now) = 0;
    /// For a device that is new: it gets every rule that is wished for everywhere and not over, once, with
    /// the expiry, author, case and comment of the newest such wish, and a seq of its own. What the device
    /// has already stays as it is. Returns how many it got.
    virtual std::size_t inherit_rules(std::string_view device, Time now) = 0;
    /// The device reports that its changes up to this seq are in force, but for `failed`. For the others
    /// current becomes desired, last_error empty, attempts 0; rows that are absent on both sides are removed.
    /// A failed one keeps its current value, gets the error, and counts an attempt. Compare-and-set by
    /// nature: a later change has a greater seq and is not touched. `connections_cut` (since the device's
    /// report before) is credited to the newest of the confirmed rules that is in force, and counted in its
    /// case's Progress. Returns the cases (without 0) that the touched rules belong to, each once.
    virtual std::vector<CaseId> confirm_rules(std::string_view device, std::int64_t up_to_seq,
                                              const std::vector<FailedRule>& failed,
                                              std::int64_t connections_cut, Time now) = 0;
    /// Unsets rules whose expiry has come, at most `limit`; returns the devices touched, each once.
    virtual std::vector<std::string> expire_rules(Time now, std::size_t limit) = 0;

    /// Everything but `revoked_at`, which only set_revoked changes.
    virtual void put_device(const Device& device) = 0;
    /// Since when a device is revoked; nullopt: it is not (any more). Its rules do not count in progress().
    virtual void set_revoked(std::string_view device, std::optional<Time> since) = 0;
    virtual void put_certificate(const AgentCertificate& certificate) = 0;  ///< by key
    virtual void put_enrolment_code(const EnrolmentCode& code) = 0;         ///< by hash
    /// Removes the device's unused codes, and all codes that had ended by then.
    virtual void remove_enrolment_codes(std::string_view device, Time expired_before) = 0;

    /// Adds the next link of the chain (model/audit_chain.hpp). Returns its seq, which is the entry's id.
    virtual std::int64_t add_audit(const AuditEntry& entry) = 0;

    virtual std::int64_t insert_message(const Message& message) = 0;  ///< unique (case, channel, place)
    virtual void update_message(const Message& message) = 0;          ///< by id
    /// A chat got a new id: its messages and tickets follow (their external ids are worthless then).
    virtual void move_messages(std::string_view channel, std::string_view from_place,
                               std::string_view to_place) = 0;
    virtual void insert_tickets(const std::vector<ButtonTicket>& tickets) = 0;

    virtual void set_value(std::string_view key, std::string_view value) = 0;
    virtual void save_answer(std::string_view scope, std::string_view key, std::string_view answer,
                             Time now) = 0;

    struct Retention {
        Time cases_before;
        Time alerts_before;
        Time audit_before;
        Time answers_before;
        Time now{};  ///< of the audit row that tells which audit rows were removed
    };
    /// Removes what is over and older, at most `limit` rows a call; returns how many. Never an open or
    /// decided case. Audit rows go a day's worth at a time, oldest first and only from the start of the
    /// chain; a new row vouches for what is left.
    virtual std::size_t prune(const Retention& retention, std::size_t limit) = 0;

    /// Delivered to the store's listener after the commit.
    virtual void ring(Ring ring) = 0;
};

class Store {
  public:
    virtual ~Store() = default;
    using Reading = std::function<Result<void>(View&)>;
    using Writing = std::function<Result<void>(Transaction&)>;

    /// Any thread. The function may be called on another thread; it must not call the store again.
    [[nodiscard]] virtual Result<void> read(const Reading& work) = 0;
    /// Any thread; blocks until the change is durable (several writers share one commit). If the function
    /// returns an error or throws, nothing of it stays and the others are not disturbed. It must not call the
    /// store again.
    [[nodiscard]] virtual Result<void> write(const Writing& work) = 0;
    /// `work` is done within each commit that rings this topic, after what it holds, so that an answer is on
    /// disk together with its cause and costs no sync of its own. It saves time, no more: a store may leave
    /// it out, and nothing of it stays if it fails, so whoever sets it also comes by himself. One, set before
    /// use; empty: none.
    virtual void before_commit(Topic /*topic*/, const Writing& /*work*/) {}
    /// One listener, set before use; called without locks held, from the committing thread; must not block.
    virtual void on_ring(std::function<void(const Ring&)> listener) = 0;
};

}  // namespace garita::store
