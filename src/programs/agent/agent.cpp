#include "programs/agent/agent.hpp"

#include <netdb.h>
#include <random>

#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#include "adapters/hub_link/agent_workers.hpp"
#include "adapters/linux_host/local_network.hpp"
#include "adapters/sqlite/sqlite_agent_store.hpp"
#include "enforce/protection_source.hpp"
#include "enforce/reconciler.hpp"
#include "programs/agent/enforcing_part.hpp"
#include "programs/agent/hub_address.hpp"
#include "programs/agent/participant.hpp"
#include "programs/agent/sensor_setup.hpp"
#include "programs/agent/spool.hpp"
#include "programs/process/process.hpp"
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
          std::unique_ptr<EnforcingPart> enforcing, std::unique_ptr<store::AgentStore> opened)
        : config(settings),
          log(to),
          enforcer(std::move(enforcing)),
          store(std::move(opened)),
          clock(kept_clock(*store)),
          spool(*store, config.alert_spool_limit, [this] { delivery_thread_->wake(); }),
          hub_names(config.hub),
          protection(local, config.protected_networks, [this] { return hub_names.addresses(); }),
          participant({rule_inbox, action_inbox, local, sensors, config.protected_networks, config.state,
                       runtime::system_now, lasting()}),
          runner(*store, enforcer->host(), action_inbox, [this] { sync->report_soon(); }),
          workers(runtime::system_now, [this](std::string_view worker, const Error& error, Duration) {
              log.with(worker).warning(error.text);
          }) {}
    ~Parts() { stop(); }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    Result<void> set_up(Time now);
    void start_workers();
    void stop();

    const runtime::AgentConfig config;
    const runtime::Log log;
    std::unique_ptr<EnforcingPart> enforcer;
    std::unique_ptr<store::AgentStore> store;
    const runtime::LastingClock clock;
    Spool spool;
    linux_host::LocalNetworks local;
    Surroundings surroundings{enforcer->processes()};
    std::vector<std::unique_ptr<detect::Sensor>> sensors;
    HubNames hub_names;
    enforce::HostProtection protection;
    enforce::RuleInbox rule_inbox;
    enforce::ActionInbox action_inbox;
    Participant participant;
    std::unique_ptr<enforce::Reconciler> reconciler;  ///< none: this agent only watches
    enforce::ActionRunner runner;
    std::unique_ptr<hub_link::AlertDelivery> delivery;
    std::unique_ptr<hub_link::HubSync> sync;
    runtime::WorkerGroup workers;

  private:
    void set_up_reconciler(enforce::RuleBackend& firewall);
    [[nodiscard]] std::function<Time()> lasting() const {
        return [this] { return clock.now(); };
    }
    Result<void> connect_hub();

    runtime::WorkerThread* delivery_thread_ = nullptr;
};

Result<void> Agent::Parts::set_up(Time now) {
    auto made = make_sensors(config, surroundings, spool, now);
    if (!made) return tl::unexpected(made.error());
    sensors = std::move(*made);
    if (const auto connected = connect_hub(); !connected) return connected;
    if (auto* const firewall = enforcer->rules()) set_up_reconciler(*firewall);
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
    hub_link::HubAddress hub;
    hub.url = config.hub;
    hub.agent_name = config.name;
    hub.code = config.code;
    if (!config.hub_pin.empty()) {
        const auto pin = runtime::tls::parse_fingerprint(config.hub_pin);
        if (!pin) return tl::unexpected(pin.error());
        hub.pin = *pin;
    }
    delivery = std::make_unique<hub_link::AlertDelivery>(hub, *store);
    sync = std::make_unique<hub_link::HubSync>(hub, *store, participant, lasting());
    return {};
}

void Agent::Parts::start_workers() {
    // Who is nudged stands before who nudges.
    delivery_thread_ = &workers.start(*delivery);
    auto* const runner_thread = &workers.start(runner, lasting());
    Participant::Nudges nudges{[] {}, [runner_thread] { runner_thread->wake(); },
                               [this] { sync->report_soon(); }};
    runtime::WorkerThread* reconciler_thread = nullptr;
    auto wake_reconciler = std::make_shared<std::atomic<runtime::WorkerThread*>>(nullptr);
    nudges.reconciler = [wake_reconciler] {
        if (auto* const thread = wake_reconciler->load()) thread->wake();
    };
    participant.connect(std::move(nudges));
    if (reconciler) reconciler_thread = &workers.start(*reconciler, lasting());
    wake_reconciler->store(reconciler_thread);
    workers.start(*sync);
    for (const auto& sensor : sensors)
        workers.start(*sensor);
}

void Agent::Parts::stop() {
    if (sync) sync->stop();
    if (delivery) delivery->cancel();
    workers.stop();
    auto* const firewall = std::exchange(reconciler, nullptr) ? enforcer->rules() : nullptr;
    if (firewall && config.firewall.on_stop == runtime::FirewallConfig::OnStop::remove)
        if (const auto removed = firewall->remove_all(); !removed) log.error(removed.error().text);
}

Agent::Agent(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Agent::~Agent() = default;

Result<std::unique_ptr<Agent>> Agent::start(const runtime::AgentConfig& config, const runtime::Log& log) {
    std::error_code error;
    std::filesystem::create_directories(config.state, error);
    if (error)
        return fail(ErrorCode::io,
                    "agent.state: cannot make " + config.state.string() + ": " + error.message());
    chmod(config.state.c_str(), 0700);
    log.redact(config.code);
    sqlite::SqliteAgentStore::Options options;
    options.file = config.state / "agent.db";
    auto store = sqlite::SqliteAgentStore::open(options);
    if (!store) return tl::unexpected(store.error());
    auto enforcer = EnforcingPart::open(config);
    if (!enforcer) return tl::unexpected(enforcer.error());
    auto parts = std::make_unique<Parts>(config, log, std::move(*enforcer), std::move(*store));
    if (const auto ready = parts->set_up(runtime::system_now()); !ready) return tl::unexpected(ready.error());
    parts->start_workers();
    return std::unique_ptr<Agent>(new Agent(std::move(parts)));
}

int run_agent(const std::filesystem::path& config_file, std::optional<runtime::LogFormat> log_format) {
    keep_memory_small();
    const StopSignal stop;  // before any thread: all of them inherit the mask
    const auto config = runtime::load_agent_config(config_file);
    if (!config) {
        early_log(log_format).error(config.error().text);
        return 2;
    }
    const auto log = configured_log(config->log, log_format);
    for (const auto& warning : config->warnings)
        log.warning(warning);
    const auto agent = Agent::start(*config, log);
    if (!agent) {
        log.error(agent.error().text);
        return 1;
    }
    log.info("the agent is running", {{"version", version()}, {"name", config->name}, {"hub", config->hub}});
    sd_notify(0, "READY=1");
    const auto signal = wait_with_little_memory(stop);
    log.info("stopping", {{"signal", signal}});
    sd_notify(0, "STOPPING=1");
    return 0;
}

}  // namespace garita::programs
