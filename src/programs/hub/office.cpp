#include "programs/hub/office.hpp"

#include <algorithm>

#include "adapters/zoneinfo/zone.hpp"
#include "programs/hub/desk_setup.hpp"
#include "programs/process/disk.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

boost::json::value telegram_status(const telegram::Health::Snapshot& health) {
    return json::Writer()
        .time_if("last_poll", health.last_poll)
        .time_if("last_sent", health.last_sent)
        .finish();
}

}  // namespace

Office::Office(const House& house, const runtime::HubConfig& config, PersonCodes codes,
               const RuleTrace& trace)
    : house_(house),
      codes_(std::move(codes)),
      options_(desk_options(config, house_.local, codes_)),
      callers_(caller_directory(config)),
      desk_(house_.store, options_),
      rule_desk_(house_.store, options_),
      policy_desk_(house_.store, options_),
      filing_(house_.store, options_),
      settlement_(house_.store),
      silence_(house_.store, options_),
      expiry_(house_.store, options_),
      rule_door_(house_.device_rules, rule_classes(config)),
      rule_upkeep_(house_.device_rules, rule_history(config)),
      rule_keepers_(config.devices, house_.device_rules, trace, house_.log),
      class_desk_({house_.device_rules, runtime::system_now, house_.wake}),
      all_rule_keepers_(rule_keepers_, class_desk_, config.devices),
      stuck_rules_(house_.store, [this] { return all_rule_keepers_.health(); }),
      left_rules_(house_.store, trace, house_.log.with("devices")),
      devices_(config.devices),
      alert_rate_(static_cast<std::size_t>(config.limits.alerts_per_second)),
      registry_(house_.store, house_.keys.authority, hub_identity(config, house_.keys),
                registry_options(config)),
      agents_({house_.store, settlement_, registry_, house_.keys.orders}, agent_options()),
      workers_(runtime::system_now, [this](std::string_view worker, const Error& error, Duration) {
          if (!closing_) house_.log.with(worker).warning(error.text);
      }) {}

Result<std::unique_ptr<Office>> Office::make(const House& house, const runtime::HubConfig& config) {
    auto codes = PersonCodes::from(config);
    if (!codes) return tl::unexpected(codes.error());
    const auto trace = RuleTrace::open(config.rules_log, house.watching);
    if (!trace) return tl::unexpected(trace.error());
    std::unique_ptr<Office> office(new Office(house, config, *std::move(codes), *trace));
    if (const auto channels = office->open_channels(config); !channels)
        return tl::unexpected(channels.error());
    office->add_routes(config);
    return office;
}

hub_link::AgentRegistryOptions Office::registry_options(const runtime::HubConfig& config) {
    hub_link::AgentRegistryOptions registered;
    registered.pre_shared = config.agents;
    registered.lifetime = config.agent_certificates;
    registered.cut = house_.cut;
    return registered;
}

hub_link::AgentRoutesOptions Office::agent_options() {
    hub_link::AgentRoutesOptions agent;
    agent.clock = runtime::system_now;
    agent.alert_rate = &alert_rate_;
    agent.heads = house_.audit_heads;
    agent.classes = &class_desk_;
    agent.standing = [this](store::View& view, std::string_view device, Time now) {
        const bool some = std::any_of(options_.policies.begin(), options_.policies.end(),
                                      [](const decide::Policy& policy) { return policy.locally; });
        return some ? decide::standing_for(view, options_, decide::hub_networks(options_), device, now)
                    : std::nullopt;
    };
    agent.log = [log = house_.log.with("agents")](std::string_view line) { log.warning(line); };
    return agent;
}

Result<void> Office::open_channels(const runtime::HubConfig& config) {
    auto found = zoneinfo::find_zone(config.time_zone);
    if (!found) return tl::unexpected(found.error());
    zone_ = *found;
    if (!config.telegram) return {};
    if (const auto fine = telegram::check_token(config.telegram->token); !fine) return fine;
    telegram_ = std::make_unique<telegram::Channel>(bot_options(*config.telegram), telegram_settings(config),
                                                    telegram::Voice{house_.texts, *zone_}, house_.store,
                                                    desk_, runtime::system_now, house_.log.with("telegram"));
    return {};
}

void Office::add_routes(const runtime::HubConfig& config) {
    agents_.add_to(router_);
    rest_api::add_api(
        router_, {house_.store, desk_, rule_desk_, policy_desk_, registry_, callers_, runtime::system_now,
                  [this] { return status(); }, static_cast<std::size_t>(config.limits.alerts_in_batch),
                  &alert_rate_, [heads = house_.audit_heads] { return heads->all(); }, &house_.device_rules,
                  &rule_door_, &all_rule_keepers_});
}

void Office::open() {
    filing_thread_ = &workers_.start(filing_);
    silence_thread_ = &workers_.start(silence_);
    expiry_thread_ = &workers_.start(expiry_);
    upkeep_thread_ = &workers_.start(rule_upkeep_);
    if (const auto kept = left_rules_.keep(devices_, runtime::system_now()); !kept)
        house_.log.with("devices").warning(kept.error().text);
    workers_.start(left_rules_);
    rule_keepers_.open(workers_);
    workers_.start(stuck_rules_);
    workers_.start(settlement_);
    undo_thread_ = &workers_.start(policy_desk_);
    if (!telegram_) return;
    sender_thread_ = &workers_.start(telegram_->sender());
    workers_.start(telegram_->poller());
}

void Office::close() {
    closing_ = true;
    if (telegram_) telegram_->cancel();
    const std::lock_guard lock(workers_mutex_);
    workers_.stop();
    rule_keepers_.close();
}

void Office::heard(const store::Ring& ring) {
    using store::Topic;
    if (ring.topic == Topic::alerts) filing_thread_->wake();
    if (ring.topic == Topic::rules) expiry_thread_->wake();
    if (ring.topic == Topic::device_rules) {
        upkeep_thread_->wake();
        rule_keepers_.heard(ring.device);
    }
    if (ring.topic == Topic::cases) {
        silence_thread_->wake();
        undo_thread_->wake();
    }
    if (sender_thread_ != nullptr && (ring.topic == Topic::cases || ring.topic == Topic::messages))
        sender_thread_->wake();
}

Result<void> Office::file(store::Transaction& transaction) {
    return filing_.file_with_cause(transaction, runtime::system_now());
}

boost::json::value Office::status() const {
    boost::json::array working;
    std::vector<std::string> troubles;
    const std::lock_guard lock(workers_mutex_);
    for (const auto& worker : workers_.health()) {
        working.push_back(json::Writer()
                              .text("name", worker.name)
                              .time_if("last_success", worker.last_success)
                              .text_if("error", worker.last_error)
                              .finish());
        if (worker.failures_in_a_row > 2) troubles.push_back(worker.name + ": " + worker.last_error);
    }
    for (auto& trouble : left_rules_.troubles())
        troubles.push_back(std::move(trouble));
    if (auto disk = disk_trouble(house_.state)) troubles.push_back(std::move(*disk));
    if (telegram_)
        for (const auto& trouble : telegram_->health().troubles)
            troubles.push_back("Telegram: " + trouble);
    auto status = house_.house_status();
    status["workers"] = std::move(working);
    status["troubles"] = json::to_json(troubles);
    if (telegram_) status["telegram"] = telegram_status(telegram_->health());
    return status;
}

}  // namespace garita::programs
