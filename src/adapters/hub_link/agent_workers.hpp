#pragma once
// The agent's side of the link: one worker delivers alerts, another reports and waits for orders. Each has
// its own connection, so that a long wait never delays an alert.

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/hub_link/audit_watch.hpp"
#include "adapters/hub_link/hub_line.hpp"
#include "adapters/hub_link/protocol.hpp"
#include "model/worker.hpp"
#include "store/agent_store.hpp"

namespace garita::hub_link {

/// Sends what waits in the spool, oldest first, and forgets it once the hub has stored it. When the hub has
/// enough for now (429), all stays in the spool until the time that the hub named.
class AlertDelivery : public Worker {
  public:
    /// Store and identity outlive it. `own_delivered` is called after the hub has taken an alert that this
    /// agent decided on by itself.
    AlertDelivery(
        const std::string& hub, AgentIdentity& identity, store::AgentStore& store,
        std::function<void()> own_delivered = [] {});
    std::string_view name() const override { return "alert delivery"; }
    Result<Duration> step(Time now) override;
    /// Ends a running call, for shutdown. Any thread.
    void cancel() { line_.cancel(); }

  private:
    store::AgentStore& store_;
    std::function<void()> own_delivered_;
    HubLine line_;
    Time not_before_{};  ///< the hub asked to be left alone until then
};

/// What the rest of the agent has to say to the hub, and wants to hear from it.
class SyncParticipant {
  public:
    virtual ~SyncParticipant() = default;
    [[nodiscard]] virtual HostReport host_report() = 0;
    /// What changed since the last delivered report; asked before each call.
    [[nodiscard]] virtual RulesReport rules_report() = 0;
    /// The hub has stored this report.
    virtual void rules_report_delivered(const RulesReport& report) = 0;
    /// Actions begun or queued, which the hub need not send again.
    [[nodiscard]] virtual std::vector<ActionId> known_actions() = 0;
    /// The store now holds these changes, from one position to another: reconcile. `after_seq` -1 and no
    /// changes: the store holds another set of rules altogether.
    virtual void rules_held(std::vector<Rule> changes, std::int64_t after_seq, std::int64_t up_to_seq) = 0;
    /// What they last counts from `written`, by the clock that this worker goes by.
    virtual void actions_ordered(const std::vector<ActionTicket>& tickets, Time written) = 0;
    /// The hub has dealt with these decisions of this agent's own; the store has forgotten them.
    virtual void own_settled(const std::vector<store::OwnDecision>& /*settled*/) {}
    /// The store holds other standing policies now.
    virtual void standing_changed() {}
    /// An alert of the agent itself, to be delivered like any other; durable when it returns.
    [[nodiscard]] virtual Result<void> raise(const Alert& alert) = 0;
    /// Something answered in the hub's place, or what the hub said was altered. It was not followed.
    virtual void orders_refused(const std::string& why) = 0;
};

/// Where the agent's store keeps the standing policies (hub_link/standing_json.hpp).
inline constexpr std::string_view standing_key = "standing";

/// Reports and waits, in one call after the other.
class HubSync : public Worker {
  public:
    HubSync(const std::string& hub, AgentIdentity& identity, store::AgentStore& store,
            SyncParticipant& participant, std::function<Time()> clock);
    std::string_view name() const override { return "hub sync"; }
    Result<Duration> step(Time now) override;

    /// There is something to report: a waiting call is cut short and made again with the report. Any thread.
    void report_soon();
    /// Ends a running call for good, for shutdown. Any thread.
    void stop();
    /// When the hub last answered.
    [[nodiscard]] std::optional<Time> last_contact() const;
    /// Since when nothing at all comes from the hub, be it the acknowledgement of a probe, by this worker's
    /// clock; nothing: the last call had an answer.
    [[nodiscard]] std::optional<Time> away_since() const;

  private:
    Result<void> flush();
    Result<SyncRequest> compose(Time now);
    Result<void> take(const SyncRequest& request, const SyncAnswer& answer, Time written);
    Result<void> compose_own(SyncRequest& request, Time now);
    Result<void> take_own(const SyncAnswer& answer);
    Result<SyncAnswer> call(const SyncRequest& request);
    Result<void> renew();

    store::AgentStore& store_;
    SyncParticipant& participant_;
    AuditWatch audit_;
    std::function<Time()> clock_;
    AgentIdentity& identity_;
    HubLine line_;
    mutable std::mutex mutex_;
    bool report_pending_ = false;
    bool waiting_ = false;
    bool stopped_ = false;
    bool unflushed_ = false;  ///< something was taken that may not be on disk yet
    bool behind_ = true;      ///< the last answer was not all: do not wait
    std::optional<Time> last_contact_;
    std::optional<Time> away_since_;
    Duration hub_ahead_{};  ///< the hub's clock minus ours
    std::optional<Time> renewal_tried_;
    Duration renewal_pause_{};
};

}  // namespace garita::hub_link
