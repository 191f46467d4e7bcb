#pragma once
// The agent's store in memory, with the semantics of the real one (it passes the same contract).

#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "store/agent_store.hpp"

namespace garita::fakes {

class MemoryAgentStore final : public store::AgentStore {
  public:
    Result<void> push_alerts(const std::vector<Alert>& alerts, std::size_t limit) override;
    Result<std::vector<Alert>> oldest_alerts(std::size_t limit) override;
    Result<void> remove_alerts(const std::vector<AlertId>& delivered) override;
    Result<store::SpoolCounts> spool_counts() override;
    Result<std::vector<Alert>> alerts_after(AlertId after, std::size_t limit) override;
    Result<bool> decide_alone(const Alert& alert, const DecidedAlone& decided) override;
    Result<std::vector<store::OwnDecision>> own_decisions() override;
    Result<void> settle_own(const std::vector<std::string>& uids) override;

    Result<void> hold_rules(const std::vector<Rule>& changes, std::int64_t up_to_seq) override;
    Result<void> replace_rules(const std::vector<Rule>& all, std::int64_t up_to_seq) override;
    Result<std::vector<HeldRule>> held_rules() override;
    Result<std::int64_t> rules_seq() override;
    Result<std::size_t> forget_expired_rules(Time now) override;

    Result<bool> begin_action(ActionId id, Time now) override;
    Result<void> finish_action(const store::ActionReport& report, Time now) override;
    Result<std::vector<store::ActionReport>> unreported_actions() override;
    Result<void> acknowledge_actions(const std::vector<ActionId>& ids) override;
    Result<void> forget_actions() override;

    Result<void> hold_head(const store::HeldHead& head) override;
    Result<std::vector<store::HeldHead>> held_heads() override;

    Result<std::optional<std::string>> value(std::string_view key) override;
    Result<void> set_value(std::string_view key, std::string_view value) override;
    Result<void> push_alerts_and_value(const std::vector<Alert>& alerts, std::size_t limit,
                                       std::string_view key, std::string_view value) override;

    /// As if the agent had been started anew: what was begun and not finished counts as failed.
    void restart();

  private:
    struct BegunAction {
        store::ActionReport report;
        bool acknowledged = false;
        bool of_this_start = true;
    };

    void push(const std::vector<Alert>& alerts, std::size_t limit);
    void hold(const std::vector<Rule>& changes);
    [[nodiscard]] bool waits(const std::string& uid) const;

    std::mutex mutex_;
    std::map<std::int64_t, Alert> spool_;
    std::map<std::string, store::OwnDecision> own_;  ///< by the alert's uid
    std::int64_t last_alert_ = 0;
    std::int64_t dropped_ = 0;
    std::map<std::pair<std::string, std::string>, HeldRule> rules_;
    std::int64_t rules_seq_ = 0;
    std::map<std::int64_t, BegunAction> actions_;
    std::map<std::string, std::string, std::less<>> values_;
    std::map<std::pair<std::int64_t, std::int64_t>, store::HeldHead> heads_;  ///< by line and hour
};

}  // namespace garita::fakes
