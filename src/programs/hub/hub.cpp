#include "programs/hub/hub.hpp"

#include <atomic>

#include <fmt/format.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/hub_link/agent_routes.hpp"
#include "adapters/hub_link/store_identity.hpp"
#include "adapters/linux_host/local_network.hpp"
#include "adapters/rest_api/api.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/telegram/channel.hpp"
#include "adapters/zoneinfo/zone.hpp"
#include "decide/desk.hpp"
#include "decide/expiry.hpp"
#include "decide/filing.hpp"
#include "decide/rule_desk.hpp"
#include "decide/settlement.hpp"
#include "decide/silence.hpp"
#include "programs/hub/desk_setup.hpp"
#include "programs/process/disk.hpp"
#include "programs/process/process.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/http/server.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"
#include "runtime/tls/self_signed.hpp"
#include "runtime/worker/runner.hpp"

namespace garita::programs {
namespace http = runtime::http;
namespace json = runtime::json;

/// Members are destroyed in reverse: first what takes requests in, last the store.
class Hub::Parts {
  public:
    Parts(const runtime::HubConfig& settings, const runtime::Log& to, std::unique_ptr<store::Store> opened)
        : config(settings),
          log(to),
          store(std::move(opened)),
          options(desk_options(config, local)),
          callers(caller_directory(config)),
          desk(*store, options),
          rule_desk(*store, options),
          filing(*store, options),
          settlement(*store),
          silence(*store, options),
          expiry(*store, options),
          alert_rate(static_cast<std::size_t>(config.limits.alerts_per_second)),
          agents(*store, settlement, agent_options()),
          workers(runtime::system_now, [this](std::string_view worker, const Error& error, Duration) {
              log.with(worker).warning(error.text);
          }) {}
    ~Parts() { stop(); }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    Result<void> register_agents();
    Result<void> make_certificate();
    Result<void> make_server();
    Result<void> start_channels();
    void start_workers();
    void stop();
    [[nodiscard]] std::string address() const { return "https://" + config.listen.text(); }
    [[nodiscard]] std::string pin() const;

    const runtime::HubConfig config;
    const runtime::Log log;
    const Time started = runtime::system_now();
    std::unique_ptr<store::Store> store;
    linux_host::LocalNetworks local;
    const decide::DeskOptions options;
    const rest_api::CallerDirectory callers;
    decide::Desk desk;
    decide::RuleDesk rule_desk;
    decide::Filing filing;
    decide::Settlement settlement;
    decide::Silence silence;
    decide::Expiry expiry;
    catalogue::MessageCatalogue texts;
    std::shared_ptr<const decide::TimeZone> zone;
    http::RateLimit alert_rate;
    hub_link::AgentRoutes agents;
    std::unique_ptr<telegram::Channel> telegram;
    std::unique_ptr<http::Server> server;
    std::vector<http::Endpoint> endpoints;
    runtime::WorkerGroup workers;
    runtime::tls::KeyPaths keys;

  private:
    [[nodiscard]] hub_link::AgentRoutesOptions agent_options();
    [[nodiscard]] boost::json::value status();
    void heard(const store::Ring& ring);

    runtime::WorkerThread* filing_thread_ = nullptr;
    runtime::WorkerThread* silence_thread_ = nullptr;
    runtime::WorkerThread* expiry_thread_ = nullptr;
    runtime::WorkerThread* sender_thread_ = nullptr;
};

hub_link::AgentRoutesOptions Hub::Parts::agent_options() {
    hub_link::AgentRoutesOptions agent;
    agent.codes = config.agents;
    agent.clock = runtime::system_now;
    agent.alert_rate = &alert_rate;
    agent.log = [this](std::string_view line) { log.with("agents").warning(line); };
    return agent;
}

/// Configured agents are devices from the start: a block reaches them when they come.
Result<void> Hub::Parts::register_agents() {
    return store->write([&](store::Transaction& tx) -> Result<void> {
        for (const auto& [name, code] : config.agents)
            if (!tx.find_device(name)) {
                Device device;
                device.name = name;
                tx.put_device(device);
            }
        return {};
    });
}

Result<void> Hub::Parts::make_certificate() {
    keys.certificate = config.certificate.empty() ? config.state / "hub.crt" : config.certificate;
    keys.key = config.key.empty() ? config.state / "hub.key" : config.key;
    if (std::filesystem::exists(keys.certificate) && std::filesystem::exists(keys.key)) return {};
    if (!config.certificate.empty())
        return fail(ErrorCode::not_found,
                    "hub.certificate: " + keys.certificate.string() + " or its key is not there");
    std::vector<std::string> names{"localhost", "127.0.0.1"};
    if (config.listen.host != "127.0.0.1" && config.listen.host != "0.0.0.0" && config.listen.host != "::")
        names.push_back(config.listen.host);
    log.info("making the hub's key and certificate", {{"certificate", keys.certificate.string()}});
    return runtime::tls::make_self_signed(keys, names);
}

Result<void> Hub::Parts::make_server() {
    http::Router router;
    agents.add_to(router);
    rest_api::add_api(router,
                      {*store, desk, rule_desk, callers, runtime::system_now, [this] { return status(); },
                       static_cast<std::size_t>(config.limits.alerts_in_batch), &alert_rate});
    http::ServerOptions server_options;
    server_options.limits.body_bytes = static_cast<std::size_t>(config.limits.request_bytes);
    server_options.limits.sessions = static_cast<std::size_t>(config.limits.connections);
    server_options.log = [this](std::string_view line) { log.with("http").warning(line); };
    server = std::make_unique<http::Server>(std::move(router), std::move(server_options));
    // Every user may ask: what each may do is decided by who asks.
    http::UnixEndpoint local_socket{config.socket.string(), 0666, std::nullopt};
    http::TlsEndpoint remote{config.listen.host, config.listen.port, {}};
    remote.tls.files = keys;
    endpoints = {local_socket, remote};
    return {};
}

Result<void> Hub::Parts::start_channels() {
    auto found = zoneinfo::find_zone(config.time_zone);
    if (!found) return tl::unexpected(found.error());
    zone = *found;
    if (!config.telegram) return {};
    if (const auto fine = telegram::check_token(config.telegram->token); !fine) return fine;
    telegram = std::make_unique<telegram::Channel>(bot_options(*config.telegram), telegram_settings(config),
                                                   telegram::Voice{texts, *zone}, *store, desk,
                                                   runtime::system_now, log.with("telegram"));
    return {};
}

void Hub::Parts::start_workers() {
    filing_thread_ = &workers.start(filing);
    silence_thread_ = &workers.start(silence);
    expiry_thread_ = &workers.start(expiry);
    workers.start(settlement);
    if (telegram) {
        sender_thread_ = &workers.start(telegram->sender());
        workers.start(telegram->poller());
    }
    store->on_ring([this](const store::Ring& ring) { heard(ring); });
}

/// Passes on what has changed to whoever waits for it. Must not block.
void Hub::Parts::heard(const store::Ring& ring) {
    using store::Topic;
    if (ring.topic == Topic::alerts) filing_thread_->wake();
    if (ring.topic == Topic::rules || ring.topic == Topic::actions)
        server->wake(hub_link::agent_topic(ring.device));
    if (ring.topic == Topic::rules) expiry_thread_->wake();
    if (ring.topic == Topic::cases) silence_thread_->wake();
    if (telegram && (ring.topic == Topic::cases || ring.topic == Topic::messages)) sender_thread_->wake();
}

void Hub::Parts::stop() {
    if (server) server->stop();
    if (telegram) telegram->cancel();
    workers.stop();
    if (store) store->on_ring({});
}

std::string Hub::Parts::pin() const {
    const auto fingerprint = runtime::tls::fingerprint_sha256(keys.certificate);
    return fingerprint ? to_text(*fingerprint) : std::string();
}

static boost::json::value telegram_status(const telegram::Health::Snapshot& health) {
    return json::Writer()
        .time_if("last_poll", health.last_poll)
        .time_if("last_sent", health.last_sent)
        .finish();
}

boost::json::value Hub::Parts::status() {
    boost::json::array working;
    std::vector<std::string> troubles;
    for (const auto& worker : workers.health()) {
        working.push_back(json::Writer()
                              .text("name", worker.name)
                              .time_if("last_success", worker.last_success)
                              .text_if("error", worker.last_error)
                              .finish());
        if (worker.failures_in_a_row > 2) troubles.push_back(worker.name + ": " + worker.last_error);
    }
    if (auto disk = disk_trouble(config.state)) troubles.push_back(std::move(*disk));
    if (telegram)
        for (const auto& trouble : telegram->health().troubles)
            troubles.push_back("Telegram: " + trouble);
    const auto stats = server->stats();
    json::Writer writer;
    writer.text("version", version())
        .time("started", started)
        .text("address", address())
        .text("pin", pin())
        .text("store", "sqlite")
        .value("workers", std::move(working))
        .value("troubles", json::to_json(troubles))
        .number("connections", static_cast<std::int64_t>(stats.sessions))
        .number("waiting_agents", static_cast<std::int64_t>(stats.parked));
    if (telegram) writer.value("telegram", telegram_status(telegram->health()));
    return writer.finish();
}

Hub::Hub(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Hub::~Hub() = default;

Result<std::unique_ptr<Hub>> Hub::start(const runtime::HubConfig& config, const runtime::Log& log) {
    std::error_code error;
    std::filesystem::create_directories(config.state, error);
    if (error)
        return fail(ErrorCode::io,
                    "hub.state: cannot make " + config.state.string() + ": " + error.message());
    chmod(config.state.c_str(), 0700);
    sqlite::SqliteStore::Options store_options;
    store_options.file = config.state / "garita.db";
    auto store = sqlite::SqliteStore::open(store_options);
    if (!store) return tl::unexpected(store.error());
    if (const auto named = hub_link::ensure_store_identity(**store); !named)
        return tl::unexpected(named.error());

    auto parts = std::make_unique<Parts>(config, log, std::move(*store));
    for (const auto& [name, code] : config.agents)
        log.redact(code);
    for (const auto& [name, token] : config.tokens)
        log.redact(token.secret);
    const auto done = parts->register_agents()
                          .and_then([&] { return parts->make_certificate(); })
                          .and_then([&] { return parts->start_channels(); })
                          .and_then([&] { return parts->make_server(); });
    if (!done) return tl::unexpected(done.error());
    parts->start_workers();
    if (const auto listening = parts->server->start(parts->endpoints); !listening)
        return tl::unexpected(listening.error());
    return std::unique_ptr<Hub>(new Hub(std::move(parts)));
}

std::string Hub::address() const {
    return parts_->address();
}
std::string Hub::pin() const {
    return parts_->pin();
}

int run_hub(const std::filesystem::path& config_file, std::optional<runtime::LogFormat> log_format) {
    keep_memory_small();
    const StopSignal stop;  // before any thread: all of them inherit the mask
    const auto config = runtime::load_hub_config(config_file);
    if (!config) {
        early_log(log_format).error(config.error().text);
        return 2;
    }
    const auto log = configured_log(config->log, log_format);
    for (const auto& warning : config->warnings)
        log.warning(warning);
    const auto hub = Hub::start(*config, log);
    if (!hub) {
        log.error(hub.error().text);
        return 1;
    }
    log.info("the hub is running", {{"version", version()},
                                    {"address", (*hub)->address()},
                                    {"pin", (*hub)->pin()},
                                    {"socket", config->socket.string()},
                                    {"agents", config->agents.size()}});
    sd_notify(0, "READY=1");
    const auto signal = wait_with_little_memory(stop);
    log.info("stopping", {{"signal", signal}});
    sd_notify(0, "STOPPING=1");
    return 0;
}

}  // namespace garita::programs
