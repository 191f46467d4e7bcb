#include "programs/agent/agent.hpp"

#include <algorithm>
#include <random>

#include "adapters/hub_link/agent_workers.hpp"
#include "adapters/linux_host/local_network.hpp"
#include "adapters/sqlite/sqlite_agent_store.hpp"
#include "enforce/protection_source.hpp"
#include "enforce/reconciler.hpp"
#include "programs/agent/enforcer_process.hpp"
#include "programs/agent/enforcing_part.hpp"
#include "programs/agent/enrol_command.hpp"
#include "programs/agent/host_rules.hpp"
#include "programs/agent/host_scans.hpp"
#include "programs/agent/hub_address.hpp"
#include "programs/agent/login_watch.hpp"
#include "programs/agent/participant.hpp"
#include "programs/agent/sensor_setup.hpp"
#include "programs/agent/spool.hpp"
#include "programs/agent/stand_in_setup.hpp"
#include "programs/agent/standing_book.hpp"
#include "programs/agent/unprivileged.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/clock/lasting_clock.hpp"
#include "runtime/worker/runner.hpp"

namespace garita::programs {

/// Goes on counting as this program did before in this boot, if it did.
static runtime::LastingClock kept_clock(store::AgentStore& store) {
    constexpr std::string_view key = "lasting_clock";
    const auto saved = store.value(key);
    runtime::LastingClock clock(saved ? saved->value_or("") : "");
    (void)store.set_value(key, clock.saved());  // if that fails, the next start counts from the system's time
    return clock;
}

/// Members are destroyed in reverse: first the threads, last the store.
class Agent::Parts {
  public:
    Parts(const runtime::AgentConfig& settings, const runtime::Log& to,
          std::unique_ptr<EnforcerProcess> enforcing, std::unique_ptr<store::AgentStore> opened)
        : config(settings),
          log(to),
          enforcer(std::move(enforcing)),
          store(std::move(opened)),
          clock(kept_clock(*store)),
          spool(*store, config.alert_spool_limit, [this] { alert_kept(); }),
          standing(*store, log),
          hub_names(config.hub),
          protection(local, config.protected_networks, [this] { return hub_names.addresses(); }),
          participant({config.name, rule_inbox, action_inbox, local, [this] { return sensor_status(); },
                       config.protected_networks, [this] { return login_watch.logins(); }, config.state,
                       [this](const Alert& alert) { return raise(alert); },
                       config.allow.scan ? hub_link::Scans::allowed : hub_link::Scans::refused}),
          runner(*store, enforcer->host(), action_inbox, [this] { sync->report_soon(); }),
          workers(runtime::system_now, failure_sink()),
          watchers(runtime::system_now, failure_sink()) {}
    ~Parts() { stop(); }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    Result<void> set_up(Time now);
    void start_workers();
    /// Other detectors, or the same with other settings. Each reads on where it was; counts begin anew.
    Result<void> change_detectors(const runtime::AgentConfig& with);
    void stop();

    runtime::AgentConfig config;  ///< in force; changed by the thread that reloads only
    const runtime::Log log;
    std::unique_ptr<EnforcerProcess> enforcer;
    std::unique_ptr<store::AgentStore> store;
    const runtime::LastingClock clock;
    Spool spool;
    StandingBook standing;
    linux_host::LocalNetworks local;
    Surroundings surroundings{enforcer->processes()};
    std::mutex sensors_mutex;  ///< over the list
    std::vector<std::unique_ptr<detect::Sensor>> sensors;
    HubNames hub_names;
    enforce::HostProtection protection;
    enforce::RuleInbox rule_inbox;
    enforce::ActionInbox action_inbox;
    LoginWatch login_watch{enforcer->logins(), [this] { sync->report_soon(); }};
    Participant participant;
    std::unique_ptr<enforce::Reconciler> reconciler;  ///< none: this agent only watches
    enforce::ActionRunner runner;
    std::unique_ptr<hub_link::AgentIdentity> identity;
    std::unique_ptr<hub_link::AlertDelivery> delivery;
    std::unique_ptr<hub_link::HubSync> sync;
    std::unique_ptr<decide::StandIn> stand_in;  ///< none: this agent only watches
    std::unique_ptr<HostRules> host_rules;      ///< none: this agent keeps no rules of classes
    std::unique_ptr<HostScans> host_scans;      ///< none: nobody scans from here
    runtime::WorkerGroup workers;
    runtime::WorkerGroup watchers;  ///< of the sensors

  private:
    runtime::WorkerThread::FailureSink failure_sink() const {
        return [this](std::string_view worker, const Error& error, Duration) {
            log.with(worker).warning(error.text);
        };
    }
    std::vector<detect::SensorStatus> sensor_status();
    Result<void> put_sensors(const runtime::AgentConfig& with);
    void set_up_reconciler(enforce::RuleBackend& firewall);
    [[nodiscard]] std::function<Time()> lasting() const {
        return [this] { return clock.now(); };
    }
    Result<void> connect_hub();
    Result<void> raise(const Alert& alert);
    void alert_kept();

    runtime::WorkerThread* delivery_thread_ = nullptr;
    runtime::WorkerThread* stand_in_thread_ = nullptr;
    std::function<void()> wake_reconciler_ = [] {};
};

Result<void> Agent::Parts::set_up(Time now) {
    auto made = make_sensors(config, surroundings, spool, now);
    if (!made) return tl::unexpected(made.error());
    sensors = std::move(*made);
    if (const auto connected = connect_hub(); !connected) return connected;
    if (auto* const firewall = enforcer->rules()) {
        set_up_reconciler(*firewall);
        stand_in = make_stand_in({*store, *sync, standing, protection, rule_inbox,
                                  [this] { wake_reconciler_(); }, log.with("stand-in")},
                                 config);
    }
    return {};
}

Result<void> Agent::Parts::raise(const Alert& alert) {
    const auto kept = store->push_alerts({alert}, config.alert_spool_limit);
    if (kept) alert_kept();
    return kept;
}

void Agent::Parts::alert_kept() {
    delivery_thread_->wake();
    if (stand_in_thread_ != nullptr) stand_in_thread_->wake();
}

std::vector<detect::SensorStatus> Agent::Parts::sensor_status() {
    const std::lock_guard lock(sensors_mutex);
    std::vector<detect::SensorStatus> all;
    for (const auto& sensor : sensors)
        all.push_back(sensor->status(runtime::system_now()));
    return all;
}

Result<void> Agent::Parts::put_sensors(const runtime::AgentConfig& with) {
    auto made = make_sensors(with, surroundings, spool, runtime::system_now());
    if (!made) return tl::unexpected(made.error());
    {
        const std::lock_guard lock(sensors_mutex);
        sensors = std::move(*made);
    }
    for (const auto& sensor : sensors)
        watchers.start(*sensor);
    return {};
}

Result<void> Agent::Parts::change_detectors(const runtime::AgentConfig& with) {
    watchers.stop();
    {
        const std::lock_guard lock(sensors_mutex);
        sensors.clear();  // each leaves in the spool where it has read to
    }
    const auto changed = put_sensors(with);
    if (!changed) {
        if (const auto back = put_sensors(config); !back)
            log.error("the detectors could not be started again", {{"error", back.error().text}});
        return changed;
    }
    config.detectors = with.detectors;
    sync->report_soon();
    return {};
}

void Agent::Parts::set_up_reconciler(enforce::RuleBackend& firewall) {
    enforce::ReconcilerOptions options;
    options.ceiling = ceiling_of(config.allow);
    options.jitter_seed = std::random_device{}();
    reconciler = std::make_unique<enforce::Reconciler>(
        enforce::Reconciler::World{*store, firewall, protection, rule_inbox, participant, lasting()},
        options);
}

Result<void> Agent::Parts::connect_hub() {
    auto task = enrolment_task(config);
    if (!task) return tl::unexpected(task.error());
    auto opened = hub_link::AgentIdentity::open(hub_link::identity_path(config.state), std::move(*task));
    if (!opened) return tl::unexpected(opened.error());
    identity = std::move(*opened);
    delivery = std::make_unique<hub_link::AlertDelivery>(config.hub, *identity, *store,
                                                         [this] { sync->report_soon(); });
    sync = std::make_unique<hub_link::HubSync>(config.hub, *identity, *store, participant, lasting());
    auto rules =
        HostRules::open(config,
                        {[this](const std::string& name) { return enforcer->class_backend(name); }, *identity,
                         lasting(), [this](const std::string& why) { participant.orders_refused(why); }},
                        log.with("rules"));
    if (!rules) return tl::unexpected(rules.error());
    host_rules = std::move(*rules);
    host_scans = HostScans::open(
        config, {*identity, [this](const std::string& why) { participant.orders_refused(why); }},
        log.with("scans"));
    return {};
}

void Agent::Parts::start_workers() {
    // Who is nudged stands before who nudges.
    delivery_thread_ = &workers.start(*delivery, lasting());
    auto* const runner_thread = &workers.start(runner, lasting());
    Participant::Nudges nudges{[] {}, [runner_thread] { runner_thread->wake(); },
                               [this] { sync->report_soon(); }};
    runtime::WorkerThread* reconciler_thread = nullptr;
    auto wake_reconciler = std::make_shared<std::atomic<runtime::WorkerThread*>>(nullptr);
    nudges.reconciler = [wake_reconciler] {
        if (auto* const thread = wake_reconciler->load()) thread->wake();
    };
    wake_reconciler_ = nudges.reconciler;
    auto wake_stand_in = std::make_shared<std::atomic<runtime::WorkerThread*>>(nullptr);
    nudges.stand_in = [this, wake_stand_in] {
        standing.changed();
        if (auto* const thread = wake_stand_in->load()) thread->wake();
    };
    participant.connect(std::move(nudges));
    if (reconciler) reconciler_thread = &workers.start(*reconciler, lasting());
    wake_reconciler->store(reconciler_thread);
    if (stand_in) stand_in_thread_ = &workers.start(*stand_in, lasting());
    wake_stand_in->store(stand_in_thread_);
    workers.start(*sync);
    if (host_rules) host_rules->start(workers);
    if (host_scans) host_scans->start(workers);
    workers.start(login_watch);
    for (const auto& sensor : sensors)
        watchers.start(*sensor);
}

void Agent::Parts::stop() {
    if (identity) identity->cancel();
    if (sync) sync->stop();
    if (delivery) delivery->cancel();
    if (host_rules) host_rules->stop();
    if (host_scans) host_scans->stop();
    enforcer->interrupt();
    watchers.stop();
    workers.stop();
    auto* const firewall = std::exchange(reconciler, nullptr) ? enforcer->rules() : nullptr;
    if (firewall && !enforcer->lost() && config.firewall.on_stop == runtime::FirewallConfig::OnStop::remove)
        if (const auto removed = firewall->remove_all(); !removed) log.error(removed.error().text);
}

Agent::Agent(std::unique_ptr<Parts> parts) : parts_(std::move(parts)), in_force_(parts_->config.written) {}
Agent::~Agent() = default;

Result<std::unique_ptr<Agent>> Agent::start(const runtime::AgentConfig& config, const runtime::Log& log,
                                            const std::optional<runtime::Log>& watching) {
    log.redact(config.code);
    const auto account = account_for(config);
    if (!account) return tl::unexpected(account.error());
    if (const auto there = prepare_state(config.state, *account); !there)
        return tl::unexpected(there.error());
    auto enforcer = EnforcerProcess::start(config, log, watching);
    if (!enforcer) return tl::unexpected(enforcer.error());
    if (const auto given_up = give_up_privileges(*account, log); !given_up)
        return tl::unexpected(given_up.error());
    sqlite::SqliteAgentStore::Options options;
    options.file = config.state / "agent.db";
    auto store = sqlite::SqliteAgentStore::open(options);
    if (!store) return tl::unexpected(store.error());
    if (const auto ready = (*enforcer)->wait_until_ready(); !ready) return tl::unexpected(ready.error());
    auto parts = std::make_unique<Parts>(config, log, std::move(*enforcer), std::move(*store));
    if (const auto ready = parts->set_up(runtime::system_now()); !ready) return tl::unexpected(ready.error());
    parts->start_workers();
    return std::unique_ptr<Agent>(new Agent(std::move(parts)));
}

std::optional<Error> Agent::broken() const {
    if (!parts_->enforcer->lost()) return std::nullopt;
    return Error{ErrorCode::unavailable,
                 "the enforcing part has ended: stopping, to be started again; blocks stay in force",
                 Retry::later};
}

Result<void> Agent::reload(const runtime::AgentConfig& config) {
    const auto changed = runtime::changed_settings(in_force_, config.written, runtime::TakenUp::on_reload);
    const bool detectors = std::any_of(changed.begin(), changed.end(), [](const std::string& path) {
        return path.starts_with("detectors.");
    });
    if (detectors)
        if (const auto done = parts_->change_detectors(config); !done) return done;
    in_force_ = config.written;
    return {};
}

}  // namespace garita::programs
