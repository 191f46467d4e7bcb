#include "programs/hub/hub.hpp"

#include <sys/stat.h>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/hub_link/store_identity.hpp"
#include "adapters/linux_host/local_network.hpp"
#include "adapters/sqlite/sqlite_access_book.hpp"
#include "adapters/sqlite/sqlite_device_rules.hpp"
#include "adapters/sqlite/sqlite_letter_book.hpp"
#include "adapters/sqlite/sqlite_port_book.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "programs/hub/agent_keys.hpp"
#include "programs/hub/desk_setup.hpp"
#include "programs/hub/office.hpp"
#include "programs/hub/scan_setup.hpp"
#include "programs/process/process.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/http/server.hpp"
#include "runtime/json/writer.hpp"

namespace garita::programs {
namespace http = runtime::http;
namespace json = runtime::json;
namespace {

/// Place of the endpoint for other machines among the server's.
constexpr std::size_t remote_endpoint = 1;

std::string pin_of(const runtime::tls::KeyPaths& keys) {
    const auto fingerprint = runtime::tls::fingerprint_sha256(keys.certificate);
    return fingerprint ? to_text(*fingerprint) : std::string();
}

}  // namespace

/// Members are destroyed in reverse: first what takes requests in, last the store.
class Hub::Parts {
  public:
    Parts(const runtime::HubConfig& settings, const runtime::Log& to,
          std::unique_ptr<sqlite::SqliteStore> opened, AgentKeys made, std::optional<runtime::Log> watching)
        : config(settings),
          address_("https://" + settings.listen.text()),
          log(to),
          store(std::move(opened)),
          device_rules_(*store),
          keys_(std::move(made)),
          watching_(std::move(watching)) {}
    ~Parts() { stop(); }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    Result<void> start();
    Result<void> reload(runtime::HubConfig with);
    void stop();
    [[nodiscard]] const std::string& address() const { return address_; }
    [[nodiscard]] std::string pin() const;

  private:
    Result<void> register_agents(const runtime::HubConfig& with);
    void hide_secrets(const runtime::HubConfig& with) const;
    void make_server(const Office& office);
    Result<void> listen();
    Result<std::shared_ptr<Office>> make_office(const runtime::HubConfig& with);
    void change_over(const std::shared_ptr<Office>& to);
    [[nodiscard]] std::shared_ptr<Office> office_now() const;
    [[nodiscard]] boost::json::object status() const;
    void heard(const store::Ring& ring);
    Result<void> file(store::Transaction& transaction);

    runtime::HubConfig config;  ///< in force; changed by the thread that reloads only
    const std::string address_;
    const runtime::Log log;
    const Time started_ = runtime::system_now();
    std::unique_ptr<sqlite::SqliteStore> store;
    sqlite::SqliteDeviceRules device_rules_;
    sqlite::SqlitePortBook port_book_;
    sqlite::SqliteAccessBook access_book_;
    sqlite::SqliteLetterBook letter_book_;
    SyslogPost syslog_{runtime::system_now};
    const AgentKeys keys_;
    const std::optional<runtime::Log> watching_;
    linux_host::LocalNetworks local_;
    catalogue::MessageCatalogue texts_;
    const std::shared_ptr<hub_link::HeadsBook> audit_heads_ = std::make_shared<hub_link::HeadsBook>();
    hub_link::FurthestGiven given_;
    hub_link::ScanDesk scan_desk_{scan_world(*store, [this](const std::string& topic) {
        if (server_) server_->wake(topic);
    })};
    mutable std::mutex mutex_;  ///< over the two below
    std::string pin_;
    std::shared_ptr<Office> office_;  ///< an old one lives on until its last request is answered
    std::mutex ring_mutex_;
    Office* listening_ = nullptr;  ///< the office that rings go to; none while one changes over to the next
    std::unique_ptr<http::Server> server_;
};

/// Configured agents are devices from the start: a block reaches them when they come.
Result<void> Hub::Parts::register_agents(const runtime::HubConfig& with) {
    return store->write([&](store::Transaction& tx) -> Result<void> {
        for (const auto& device : tx.devices())
            audit_heads_->load(tx, device.name);
        for (const auto& [name, code] : with.agents) {
            if (!tx.find_device(name)) {
                Device device;
                device.name = name;
                decide::record_device(tx, device, runtime::system_now());
            }
        }
        return {};
    });
}

void Hub::Parts::hide_secrets(const runtime::HubConfig& with) const {
    for (const auto& [name, code] : with.agents)
        log.redact(code);
    for (const auto& [name, token] : with.tokens)
        log.redact(token.secret);
    for (const auto& [name, secret] : with.totp)
        log.redact(secret);
    if (with.mail) log.redact(with.mail->password);
    if (with.access) hide_access_secrets(*with.access, log);
}

Result<std::shared_ptr<Office>> Hub::Parts::make_office(const runtime::HubConfig& with) {
    const auto cut = [this](std::vector<std::string> certificates) {
        server_->close_peers(std::move(certificates));
    };
    const auto wake = [this](const std::string& topic) {
        if (server_) server_->wake(topic);
    };
    const Office::House house{*store,
                              device_rules_,
                              port_book_,
                              access_book_,
                              letter_book_,
                              syslog_,
                              local_,
                              texts_,
                              config.state,
                              keys_,
                              cut,
                              log,
                              [this] { return status(); },
                              audit_heads_,
                              wake,
                              given_,
                              scan_desk_,
                              watching_};
    auto made = Office::make(house, with);
    if (!made) return tl::unexpected(made.error());
    return std::shared_ptr<Office>(std::move(*made));
}

/// The server has one set of routes for good; whichever office is there answers.
void Hub::Parts::make_server(const Office& office) {
    http::Router router;
    const auto& routes = office.router().routes();
    for (std::size_t i = 0; i < routes.size(); ++i)
        router.add(
            routes[i].method, routes[i].pattern,
            [this, i](const http::Request& request) {
                const auto now = office_now();
                return now->router().routes()[i].handler(request);
            },
            routes[i].body_limit);
    http::ServerOptions options;
    options.limits.body_bytes = static_cast<std::size_t>(config.limits.request_bytes);
    options.limits.sessions = static_cast<std::size_t>(config.limits.connections);
    options.log = [this](std::string_view line) { log.with("http").warning(line); };
    server_ = std::make_unique<http::Server>(std::move(router), std::move(options));
}

Result<void> Hub::Parts::listen() {
    // Every user may ask: what each may do is decided by who asks.
    http::UnixEndpoint local_socket{config.socket.string(), 0666, std::nullopt};
    http::TlsEndpoint remote{config.listen.host, config.listen.port, tls_settings(config, keys_)};
    return server_->start({local_socket, remote});
}

Result<void> Hub::Parts::start() {
    hide_secrets(config);
    if (const auto known = register_agents(config); !known) return known;
    pin_ = pin_of(key_paths(config));
    auto office = make_office(config);
    if (!office) return tl::unexpected(office.error());
    make_server(**office);
    store->before_commit(store::Topic::alerts,
                         [this](store::Transaction& transaction) { return file(transaction); });
    store->on_ring([this](const store::Ring& ring) { heard(ring); });
    change_over(*office);
    return listen();
}

Result<void> Hub::Parts::reload(runtime::HubConfig with) {
    with = reloadable(std::move(with), config);
    hide_secrets(with);
    auto office = make_office(with);
    if (!office) return tl::unexpected(office.error());
    if (const auto known = register_agents(with); !known) return known;
    const auto tls = tls_settings(with, keys_);
    if (const auto renewed = server_->renew_certificate(remote_endpoint, tls); !renewed) return renewed;
    {
        const std::lock_guard lock(mutex_);
        pin_ = pin_of(tls.files);
    }
    change_over(*office);
    config = std::move(with);
    return {};
}

/// The old office's workers stop before the new one's start: each row of work has one worker at any time.
void Hub::Parts::change_over(const std::shared_ptr<Office>& to) {
    const auto before = office_now();
    {
        const std::lock_guard lock(ring_mutex_);
        listening_ = nullptr;  // workers look at all rows when they start: a ring is not missed
    }
    if (before) before->close();
    {
        const std::lock_guard lock(mutex_);
        office_ = to;
    }
    to->open();
    const std::lock_guard lock(ring_mutex_);
    listening_ = to.get();
}

std::shared_ptr<Office> Hub::Parts::office_now() const {
    const std::lock_guard lock(mutex_);
    return office_;
}

/// Passes on what has changed to whoever waits for it. Must not block.
void Hub::Parts::heard(const store::Ring& ring) {
    if (server_ && (ring.topic == store::Topic::rules || ring.topic == store::Topic::actions))
        server_->wake(hub_link::agent_topic(ring.device));
    if (server_ && ring.topic == store::Topic::device_rules)
        server_->wake(hub_link::rules_topic(ring.device));
    const std::lock_guard lock(ring_mutex_);
    if (listening_ != nullptr) listening_->heard(ring);
}

/// Alerts become cases in the commit that brings them; while offices change over, the next one's worker does
/// it.
Result<void> Hub::Parts::file(store::Transaction& transaction) {
    const std::lock_guard lock(ring_mutex_);
    return listening_ != nullptr ? listening_->file(transaction) : Result<void>{};
}

void Hub::Parts::stop() {
    if (server_) server_->stop();
    {
        const std::lock_guard lock(ring_mutex_);
        listening_ = nullptr;
    }
    if (const auto office = office_now()) office->close();
    if (!store) return;
    store->on_ring({});
    store->before_commit(store::Topic::alerts, {});
}

std::string Hub::Parts::pin() const {
    const std::lock_guard lock(mutex_);
    return pin_;
}

boost::json::object Hub::Parts::status() const {
    const auto stats = server_->stats();
    return json::Writer()
        .text("version", version())
        .time("started", started_)
        .text("address", address())
        .text("pin", pin())
        .text("store", "sqlite")
        .number("connections", static_cast<std::int64_t>(stats.sessions))
        .number("waiting_agents", static_cast<std::int64_t>(stats.parked))
        .finish()
        .as_object();
}

Hub::Hub(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Hub::~Hub() = default;

Result<std::unique_ptr<Hub>> Hub::start(const runtime::HubConfig& config, const runtime::Log& log,
                                        std::optional<runtime::Log> watching) {
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
    auto keys = make_agent_keys(config, log);
    if (!keys) return tl::unexpected(keys.error());
    auto parts =
        std::make_unique<Parts>(config, log, std::move(*store), std::move(*keys), std::move(watching));
    if (const auto started = parts->start(); !started) return tl::unexpected(started.error());
    return std::unique_ptr<Hub>(new Hub(std::move(parts)));
}

Result<void> Hub::reload(const runtime::HubConfig& config) {
    return parts_->reload(config);
}

std::string Hub::address() const {
    return parts_->address();
}
std::string Hub::pin() const {
    return parts_->pin();
}

}  // namespace garita::programs
