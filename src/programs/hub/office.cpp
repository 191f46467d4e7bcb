#include "programs/hub/office.hpp"

#include <algorithm>

#include "adapters/zoneinfo/zone.hpp"
#include "programs/hub/desk_setup.hpp"
#include "programs/hub/link_setup.hpp"
#include "programs/hub/mail_setup.hpp"
#include "programs/hub/scan_setup.hpp"
#include "programs/hub/sink_setup.hpp"
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

boost::json::value mail_status(const mail::Health::Snapshot& health) {
    return json::Writer()
        .time_if("last_sent", health.last_sent)
        .number("waiting", static_cast<std::int64_t>(health.waiting))
        .finish();
}

boost::json::value sinks_status(const std::vector<std::unique_ptr<sinks::Channel>>& all) {
    json::Writer status;
    for (const auto& one : all) {
        const auto health = one->health();
        status.value(one->title(), json::Writer()
                                       .time_if("last_sent", health.last_sent)
                                       .number("waiting", static_cast<std::int64_t>(health.waiting))
                                       .finish());
    }
    return status.finish();
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
      escalation_(house_.store, options_),
      rule_door_(house_.device_rules, rule_classes(config)),
      rule_upkeep_(house_.device_rules, rule_history(config)),
      rule_keepers_(config.devices, house_.device_rules, trace, house_.log),
      class_desk_({house_.device_rules, runtime::system_now, house_.wake, house_.given}),
      all_rule_keepers_(rule_keepers_, class_desk_, left_rules_, config.devices),
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
    if (const auto access = office->open_access(config); !access) return tl::unexpected(access.error());
    if (const auto channels = office->open_channels(config); !channels)
        return tl::unexpected(channels.error());
    if (const auto ports = office->open_ports(config); !ports) return tl::unexpected(ports.error());
    auto sources = Sources::make(config, house.store);
    if (!sources) return tl::unexpected(sources.error());
    office->sources_ = *std::move(sources);
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
    agent.scans = &house_.scans;
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
    if (const auto mail = open_mail(config); !mail) return mail;
    auto further = open_sinks({house_.store, house_.texts, house_.log}, config);
    if (!further) return tl::unexpected(further.error());
    sinks_ = std::move(*further);
    if (!config.telegram) return {};
    if (const auto fine = telegram::check_token(config.telegram->token); !fine) return fine;
    auto settings = telegram_settings(config);
    if (!settings) return tl::unexpected(settings.error());
    telegram::AccessDoor door;
    if (access_) door = {&access_->desk(), &house_.access_book};
    telegram_ = std::make_unique<telegram::Channel>(
        bot_options(*config.telegram), *settings, telegram::Voice{house_.texts, *zone_}, house_.store, desk_,
        runtime::system_now, house_.log.with("telegram"), door);
    return {};
}

Result<void> Office::open_mail(const runtime::HubConfig& config) {
    if (!config.mail) return {};
    auto setup = mail_setup(config, *config.mail);
    if (!setup) return tl::unexpected(setup.error());
    auto links = open_links(config, setup->settings.to);
    if (!links) return tl::unexpected(links.error());
    if ((links_ = std::move(*links))) {
        setup->settings.way_to_answer = [&links = *links_](const Case& about, std::string_view to, Time now) {
            auto link = links.write(about, to, now);
            return link ? mail::WayToAnswer{std::move(link->url), link->until} : mail::WayToAnswer{};
        };
        link_door_ = std::make_unique<decision_links::Door>(
            decision_links::DoorParts{*links_, house_.store, desk_, house_.texts, zone_, config.language,
                                      options_.wide, runtime::system_now, house_.log.with("decision links")});
    }
    mail_ =
        std::make_unique<mail::Channel>(std::move(setup->server), std::move(setup->settings), house_.texts,
                                        house_.store, house_.letter_book, house_.log.with("mail"));
    return {};
}

Result<void> Office::open_ports(const runtime::HubConfig& config) {
    if (!config.ports) return {};
    const auto wake = [this] {
        const std::lock_guard lock(workers_mutex_);
        if (auto* const thread = ports_thread_.load()) thread->wake();
    };
    auto made = HubPorts::make(
        {house_.store, house_.port_book, zone_, house_.log.with("ports"), wake, find_vantage(house_.scans)},
        *config.ports);
    if (!made) return tl::unexpected(made.error());
    ports_ = std::move(*made);
    return {};
}

Result<void> Office::open_access(const runtime::HubConfig& config) {
    if (!config.access) return {};
    auto made = HubAccess::make({house_.store, house_.access_book, house_.letter_book, house_.syslog,
                                 key_paths(config), house_.log.with("access")},
                                config);
    if (!made) return tl::unexpected(made.error());
    access_ = std::move(*made);
    access_parts_.emplace(rest_api::AccessParts{access_->desk(), house_.access_book, *access_, house_.texts});
    return {};
}

void Office::add_routes(const runtime::HubConfig& config) {
    agents_.add_to(router_);
    const rest_api::ApiParts parts{house_.store,
                                   desk_,
                                   rule_desk_,
                                   policy_desk_,
                                   registry_,
                                   callers_,
                                   runtime::system_now,
                                   [this] { return status(); },
                                   static_cast<std::size_t>(config.limits.alerts_in_batch),
                                   &alert_rate_,
                                   [heads = house_.audit_heads] { return heads->all(); },
                                   &house_.device_rules,
                                   &rule_door_,
                                   &all_rule_keepers_,
                                   ports_ ? &ports_->watch() : nullptr,
                                   &house_.scans,
                                   access_parts_ ? &*access_parts_ : nullptr};
    rest_api::add_api(router_, parts);
    if (link_door_) link_door_->add_to(router_);
    Sources::add_routes(router_, parts, config);
}

void Office::open() {
    filing_thread_ = &workers_.start(filing_);
    silence_thread_ = &workers_.start(silence_);
    expiry_thread_ = &workers_.start(expiry_);
    escalation_thread_ = &workers_.start(escalation_);
    upkeep_thread_ = &workers_.start(rule_upkeep_);
    if (const auto kept = left_rules_.keep(devices_, runtime::system_now()); !kept)
        house_.log.with("devices").warning(kept.error().text);
    workers_.start(left_rules_);
    rule_keepers_.open(workers_);
    workers_.start(stuck_rules_);
    workers_.start(settlement_);
    undo_thread_ = &workers_.start(policy_desk_);
    if (mail_) mail_thread_ = &workers_.start(mail_->sender());
    for (const auto& one : sinks_)
        sink_threads_.push_back(&workers_.start(one->sink()));
    if (ports_) ports_thread_ = &workers_.start(ports_->watch());
    sources_->open(workers_);
    if (access_)
        access_->open(workers_);
    else
        house_.syslog.open({}, {}, {});
    if (!telegram_) return;
    sender_thread_ = &workers_.start(telegram_->sender());
    workers_.start(telegram_->poller());
}

void Office::close() {
    closing_ = true;
    if (telegram_) telegram_->cancel();
    if (mail_) mail_->cancel();
    for (const auto& one : sinks_)
        one->cancel();
    if (ports_) ports_->cancel();
    if (sources_) sources_->cancel();
    if (access_) access_->cancel();
    const std::lock_guard lock(workers_mutex_);
    ports_thread_ = nullptr;
    workers_.stop();
    rule_keepers_.close();
}

void Office::heard(const store::Ring& ring) {
    using store::Topic;
    if (ring.topic == Topic::alerts) filing_thread_->wake();
    if (ring.topic == Topic::rules) expiry_thread_->wake();
    sources_->heard(ring);
    if (access_) access_->heard(ring);
    if (ring.topic == Topic::device_rules) {
        upkeep_thread_->wake();
        rule_keepers_.heard(ring.device);
    }
    if (ring.topic == Topic::cases) {
        silence_thread_->wake();
        escalation_thread_->wake();
        undo_thread_->wake();
        if (auto* const thread = ports_thread_.load()) thread->wake();
    }
    const bool of_channels = ring.topic == Topic::cases || ring.topic == Topic::messages;
    if (sender_thread_ != nullptr && of_channels) sender_thread_->wake();
    if (of_channels)
        for (auto* const thread : sink_threads_)
            thread->wake();
    if (mail_thread_ != nullptr && (of_channels || ring.topic == Topic::letters)) mail_thread_->wake();
}

Result<void> Office::file(store::Transaction& transaction) {
    return filing_.file_with_cause(transaction, runtime::system_now());
}

void Office::add_troubles_of_channels(std::vector<std::string>& troubles) const {
    if (telegram_)
        for (const auto& trouble : telegram_->health().troubles)
            troubles.push_back("Telegram: " + trouble);
    if (mail_)
        for (const auto& trouble : mail_->health().troubles)
            troubles.push_back("Mail: " + trouble);
    for (const auto& one : sinks_)
        if (auto health = one->health(); !health.trouble.empty())
            troubles.push_back(one->title() + ": " + health.trouble);
    if (access_)
        for (auto& trouble : access_->troubles())
            troubles.push_back(std::move(trouble));
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
    add_troubles_of_channels(troubles);
    auto status = house_.house_status();
    status["workers"] = std::move(working);
    status["troubles"] = json::to_json(troubles);
    if (telegram_) status["telegram"] = telegram_status(telegram_->health());
    if (!sinks_.empty()) status["sinks"] = sinks_status(sinks_);
    if (mail_) status["mail"] = mail_status(mail_->health());
    return status;
}

}  // namespace garita::programs
