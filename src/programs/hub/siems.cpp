#include "programs/hub/siems.hpp"

#include "adapters/maxpatrol/siem.hpp"
#include "decide/settlement.hpp"
#include "incidents/incident_moves.hpp"
#include "incidents/incident_watch.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/tls/fingerprint.hpp"

namespace garita::programs {
namespace {

/// What the login must remember, in the hub's store.
class StoredMemory final : public maxpatrol::AccessMemory {
  public:
    StoredMemory(store::Store& store, std::string source) : store_(store), source_(std::move(source)) {}

    std::string load(const std::string& key) override {
        std::string value;
        (void)store_.read([&](store::View& view) -> Result<void> {
            value = view.value(full(key)).value_or("");
            return {};
        });
        return value;
    }
    void keep(const std::string& key, const std::string& value) override {
        (void)store_.write([&](store::Transaction& transaction) -> Result<void> {
            transaction.set_value(full(key), value);
            return {};
        });
    }

  private:
    [[nodiscard]] std::string full(const std::string& key) const { return "login." + source_ + '.' + key; }
    store::Store& store_;
    std::string source_;
};

Result<maxpatrol::Settings> settings_of(const runtime::MaxPatrolConfig& from) {
    maxpatrol::Settings to;
    to.name = "maxpatrol." + from.name;
    to.url = from.url;
    to.login_url = from.login_url;
    to.link_url = from.link_url;
    to.access_token = from.access_token;
    to.refresh_token = from.refresh_token;
    to.user = from.user;
    to.password = from.password;
    to.client_id = from.client_id;
    to.client_secret = from.client_secret;
    to.scope = from.scope;
    to.response_type = from.response_type;
    to.amr = from.amr;
    to.ca = from.ca;
    to.proxy = from.proxy;
    to.timeout = from.timeout;
    if (!from.pin.empty()) {
        auto pin = runtime::tls::parse_fingerprint(from.pin);
        if (!pin) return tl::unexpected(pin.error());
        to.pin = *pin;
    }
    return to;
}

incidents::WatchOptions watch_options(const std::string& source, const runtime::MaxPatrolConfig& from) {
    incidents::WatchOptions options;
    options.source = source;
    options.interval = from.interval;
    options.first_look = from.first_look;
    options.begin = from.begin;
    options.look_back = from.look_back;
    options.max_events = static_cast<std::size_t>(from.max_events);
    return options;
}

}  // namespace

struct Siems::Siem {
    Siem(store::Store& store, maxpatrol::Settings how, const runtime::MaxPatrolConfig& config)
        : settings(std::move(how)),
          memory(store, settings.name),
          access(settings, memory, runtime::system_now),
          polled(settings, access),
          moved(settings, access),
          watch(polled, store, watch_options(settings.name, config),
                [] { return std::chrono::steady_clock::now(); }),
          moves(moved, store, settings.name, static_cast<std::size_t>(config.max_events),
                decide::settle_case) {}

    const maxpatrol::Settings settings;
    StoredMemory memory;
    maxpatrol::Access access;
    maxpatrol::Siem polled;
    maxpatrol::Siem moved;
    incidents::IncidentWatch watch;
    incidents::IncidentMoves moves;
    runtime::WorkerThread* moves_thread = nullptr;
};

Siems::Siems() = default;
Siems::~Siems() = default;

Result<std::unique_ptr<Siems>> Siems::make(store::Store& store, const runtime::HubConfig& config) {
    std::unique_ptr<Siems> siems(new Siems());
    for (const auto& one : config.siems) {
        auto settings = settings_of(one);
        if (!settings) return tl::unexpected(settings.error());
        siems->all_.push_back(std::make_unique<Siem>(store, std::move(*settings), one));
    }
    return siems;
}

void Siems::open(runtime::WorkerGroup& workers) {
    for (auto& siem : all_) {
        workers.start(siem->watch);
        siem->moves_thread = &workers.start(siem->moves);
    }
}

void Siems::cancel() {
    for (auto& siem : all_) {
        siem->polled.cancel();
        siem->moved.cancel();
    }
}

void Siems::heard(const store::Ring& ring) {
    if (ring.topic != store::Topic::actions) return;
    for (auto& siem : all_)
        if (siem->settings.name == ring.device && siem->moves_thread != nullptr) siem->moves_thread->wake();
}

}  // namespace garita::programs
