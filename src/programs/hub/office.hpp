#pragma once
// Everything of the hub that follows the configuration: desk, workers, channels, and what answers requests. A
// reload makes a new office beside the old one on the same store, and changes over when it stands.

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>

#include <boost/json/value.hpp>

#include "adapters/decision_links/door.hpp"
#include "adapters/hub_link/agent_routes.hpp"
#include "adapters/mail/channel.hpp"
#include "adapters/rest_api/api.hpp"
#include "adapters/sinks/channel.hpp"
#include "adapters/telegram/channel.hpp"
#include "decide/desk.hpp"
#include "decide/escalation.hpp"
#include "decide/expiry.hpp"
#include "decide/filing.hpp"
#include "decide/policy_desk.hpp"
#include "decide/rule_desk.hpp"
#include "decide/rule_door.hpp"
#include "decide/rule_upkeep.hpp"
#include "decide/settlement.hpp"
#include "decide/silence.hpp"
#include "enforce/local_network.hpp"
#include "programs/hub/agent_keys.hpp"
#include "programs/hub/all_rule_keepers.hpp"
#include "programs/hub/left_rules.hpp"
#include "programs/hub/person_codes.hpp"
#include "programs/hub/rule_keepers.hpp"
#include "programs/hub/sources.hpp"
#include "programs/hub_access/hub_access.hpp"
#include "programs/ports/hub_ports.hpp"
#include "runtime/config/hub_config.hpp"
#include "runtime/http/router.hpp"
#include "runtime/log/log.hpp"
#include "runtime/worker/runner.hpp"
#include "store/access_book.hpp"
#include "store/letter_book.hpp"

namespace garita::programs {

class Office {
  public:
    /// What outlives every office.
    struct House {
        store::Store& store;
        store::DeviceRules& device_rules;
        store::PortBook& port_book;
        store::AccessBook& access_book;
        store::LetterBook& letter_book;
        SyslogPost& syslog;  ///< its sockets stay open over a reload
        enforce::LocalNetworks& local;
        const decide::Catalogue& texts;
        std::filesystem::path state;  ///< whose disk must have room
        const AgentKeys& keys;
        /// Closes the connections that showed these certificates.
        std::function<void(std::vector<std::string>)> cut;
        runtime::Log log;
        /// What the hub adds to its status: connections, address; a JSON object.
        std::function<boost::json::object()> house_status;
        std::shared_ptr<hub_link::HeadsBook> audit_heads;  ///< as agents have kept them
        std::function<void(const std::string&)> wake;      ///< requests that are parked on a topic
        hub_link::FurthestGiven& given;                    ///< of rules, to agents
        hub_link::ScanDesk& scans;  ///< of looking from agents: what is under way goes on over a reload
        std::optional<runtime::Log> watching{};  ///< is told all that is sent to devices
    };

    /// Nothing runs yet. Fails when the configuration names what is not there (a time zone, a token's form).
    [[nodiscard]] static Result<std::unique_ptr<Office>> make(const House& house,
                                                              const runtime::HubConfig& config);
    ~Office() { close(); }
    Office(const Office&) = delete;
    Office& operator=(const Office&) = delete;

    /// Starts the workers.
    void open();
    /// Stops the workers; requests are answered still. Again is harmless. Not to be called from two threads.
    void close();
    /// Wakes whoever waits for it. Must not block; not after close().
    void heard(const store::Ring& ring);
    /// Files the alerts that this transaction brings; not after close().
    Result<void> file(store::Transaction& transaction);
    [[nodiscard]] const runtime::http::Router& router() const { return router_; }

  private:
    Office(const House& house, const runtime::HubConfig& config, PersonCodes codes, const RuleTrace& trace);
    [[nodiscard]] Result<void> open_channels(const runtime::HubConfig& config);
    [[nodiscard]] Result<void> open_mail(const runtime::HubConfig& config);
    void add_troubles_of_channels(std::vector<std::string>& troubles) const;
    [[nodiscard]] Result<void> open_ports(const runtime::HubConfig& config);
    [[nodiscard]] Result<void> open_access(const runtime::HubConfig& config);
    [[nodiscard]] hub_link::AgentRegistryOptions registry_options(const runtime::HubConfig& config);
    [[nodiscard]] hub_link::AgentRoutesOptions agent_options();
    void add_routes(const runtime::HubConfig& config);
    [[nodiscard]] boost::json::value status() const;

    House house_;
    const PersonCodes codes_;
    const decide::DeskOptions options_;
    const rest_api::CallerDirectory callers_;
    decide::Desk desk_;
    decide::RuleDesk rule_desk_;
    decide::PolicyDesk policy_desk_;
    decide::Filing filing_;
    decide::Settlement settlement_;
    decide::Silence silence_;
    decide::Expiry expiry_;
    decide::Escalation escalation_;
    decide::RuleDoor rule_door_;
    decide::RuleUpkeep rule_upkeep_;
    RuleKeepers rule_keepers_;
    hub_link::ClassDesk class_desk_;
    AllRuleKeepers all_rule_keepers_;
    decide::StuckRules stuck_rules_;
    LeftRules left_rules_;
    const std::vector<runtime::DeviceConfig> devices_;
    runtime::http::RateLimit alert_rate_;
    hub_link::AgentRegistry registry_;
    hub_link::AgentRoutes agents_;
    std::shared_ptr<const decide::TimeZone> zone_;
    std::unique_ptr<telegram::Channel> telegram_;
    std::unique_ptr<decision_links::Links> links_;     ///< none: letters have none
    std::unique_ptr<decision_links::Door> link_door_;  ///< with the links
    std::unique_ptr<mail::Channel> mail_;
    std::vector<std::unique_ptr<sinks::Channel>> sinks_;  ///< webhooks and programs
    std::unique_ptr<HubPorts> ports_;                     ///< none: none are watched
    std::unique_ptr<Sources> sources_;
    std::unique_ptr<HubAccess> access_;  ///< none: nobody is let in
    std::optional<rest_api::AccessParts> access_parts_;
    runtime::http::Router router_;
    std::atomic<bool> closing_{false};  ///< a call that was cut short is no failure then
    mutable std::mutex workers_mutex_;  ///< status is asked while the office closes
    runtime::WorkerGroup workers_;
    runtime::WorkerThread* filing_thread_ = nullptr;
    runtime::WorkerThread* silence_thread_ = nullptr;
    runtime::WorkerThread* expiry_thread_ = nullptr;
    runtime::WorkerThread* escalation_thread_ = nullptr;
    runtime::WorkerThread* upkeep_thread_ = nullptr;
    runtime::WorkerThread* undo_thread_ = nullptr;
    runtime::WorkerThread* sender_thread_ = nullptr;
    runtime::WorkerThread* mail_thread_ = nullptr;
    std::vector<runtime::WorkerThread*> sink_threads_;
    std::atomic<runtime::WorkerThread*> ports_thread_ = nullptr;
};

}  // namespace garita::programs
