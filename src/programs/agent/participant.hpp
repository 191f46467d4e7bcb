#pragma once
// The agent's side of each exchange with the hub: what it reports, and where orders go.

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "adapters/hub_link/agent_workers.hpp"
#include "detect/sensor.hpp"
#include "enforce/action_runner.hpp"
#include "enforce/local_network.hpp"
#include "enforce/rule_inbox.hpp"
#include "enforce/rule_report.hpp"

namespace garita::programs {

class Participant final : public hub_link::SyncParticipant, public enforce::RuleReportSink {
  public:
    struct World {
        std::string name;  ///< of this host
        enforce::RuleInbox& rules;
        enforce::ActionInbox& actions;
        enforce::LocalNetworks& local;
        std::function<std::vector<detect::SensorStatus>()> sensors;
        std::vector<IpNetwork> configured_protection;
        std::function<std::vector<Login>()> logins;  ///< open SSH sessions at this moment
        std::filesystem::path state;
        std::function<Result<void>(const Alert&)> raise;
        hub_link::Scans scans = hub_link::Scans::refused;  ///< by this host's own file
    };
    struct Nudges {
        std::function<void()> reconciler;
        std::function<void()> action_runner;
        std::function<void()> reporter;
        std::function<void()> stand_in = [] {};
    };
    /// What `world` refers to outlives it.
    explicit Participant(World world);
    /// Once, before anything runs.
    void connect(Nudges nudges) { nudges_ = std::move(nudges); }

    // hub_link::SyncParticipant: called by the worker that speaks to the hub
    hub_link::HostReport host_report() override;
    hub_link::RulesReport rules_report() override;
    void rules_report_delivered(const hub_link::RulesReport& delivered) override;
    std::vector<ActionId> known_actions() override;
    void orders_refused(const std::string& why) override;
    void rules_held(std::vector<Rule> changes, std::int64_t after_seq, std::int64_t up_to_seq) override;
    void actions_ordered(const std::vector<hub_link::ActionTicket>& tickets, Time written) override;
    void own_settled(const std::vector<store::OwnDecision>& settled) override;
    void standing_changed() override { nudges_.stand_in(); }
    Result<void> raise(const Alert& alert) override { return world_.raise(alert); }

    // enforce::RuleReportSink: called by the reconciler
    void report(const enforce::RuleReport& report) override;

  private:
    World world_;
    Nudges nudges_;
    std::string boot_id_;
    std::mutex mutex_;
    hub_link::RulesReport pending_;
    std::string enforcement_trouble_;
    std::string link_trouble_;           ///< until the hub itself answers again
    std::optional<Time> link_alert_at_;  ///< one alert about it in an hour is enough
    std::set<ActionId> ordered_;         ///< in this run; the hub stops sending them once it has a result
};

}  // namespace garita::programs
