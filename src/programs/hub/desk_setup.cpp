#include "programs/hub/desk_setup.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

#include "enforce/protection_source.hpp"
#include "programs/hub/on_call_setup.hpp"

namespace garita::programs {
namespace {

decide::Policy policy_of(const runtime::PolicyConfig& config) {
    using Mode = runtime::PolicyConfig::Mode;
    decide::Policy policy;
    policy.kind = config.kind;
    policy.name = config.name;
    policy.device = config.device;
    policy.severity = config.severity;
    policy.mode = config.mode == Mode::ask       ? decide::Policy::Mode::ask
                  : config.mode == Mode::observe ? decide::Policy::Mode::observe
                                                 : decide::Policy::Mode::automatic;
    policy.response = config.response;
    policy.lasts = config.block_for;
    policy.wait = config.wait;
    policy.on_silence = config.on_silence;
    policy.on_silence_lasts = config.on_silence_for;
    policy.block_on = config.block_on == runtime::PolicyConfig::BlockOn::all ? decide::BlockOn::all
                                                                             : decide::BlockOn::origin;
    policy.approvals = config.approvals;
    policy.two_persons = config.two_persons;
    if (config.at_most) policy.cap = decide::RateCap{static_cast<std::size_t>(*config.at_most), config.per};
    policy.locally = config.locally;
    return policy;
}

/// The words that a host has for itself, said about the hub's.
std::string of_hub(std::string_view words) {
    constexpr std::string_view itself = "this host";
    std::string text(words);
    if (const auto at = text.find(itself); at != std::string::npos)
        text.replace(at, itself.size(), "the hub's host");
    return text;
}

/// What the hub's host protects, at most a second old: in a flood the desk asks for it hundreds of times a
/// second. Agents look afresh themselves before they act.
class NetworksOfHub {
  public:
    explicit NetworksOfHub(enforce::LocalNetworks& local) : local_(local) {}

    std::vector<decide::ProtectedNetwork> now() {
        const std::lock_guard lock(mutex_);
        const auto time = std::chrono::steady_clock::now();
        if (asked_ && time < *asked_ + std::chrono::seconds{1}) return networks_;
        networks_.clear();
        if (const auto found = local_.protected_networks())
            for (const auto& one : *found)
                networks_.push_back({one.network, of_hub(enforce::in_words(one.role))});
        asked_ = time;
        return networks_;
    }

  private:
    enforce::LocalNetworks& local_;
    std::mutex mutex_;
    std::optional<std::chrono::steady_clock::time_point> asked_;
    std::vector<decide::ProtectedNetwork> networks_;
};

decide::StepUp step_up_of(const runtime::HubConfig& config, const decide::CodeBook& codes) {
    decide::StepUp step_up;
    step_up.codes = &codes;
    if (config.step_up) {
        step_up.dangers = *config.step_up;
        step_up.whom = decide::StepUp::For::everybody;
    } else {
        for (const auto danger : {Danger::reboot, Danger::power_off, Danger::wide_block})
            step_up.dangers.insert(danger);
    }
    return step_up;
}

}  // namespace

runtime::HubConfig reloadable(runtime::HubConfig config, const runtime::HubConfig& in_force) {
    config.listen = in_force.listen;
    config.socket = in_force.socket;
    config.state = in_force.state;
    config.log.format = in_force.log.format;
    config.limits.request_bytes = in_force.limits.request_bytes;
    config.limits.connections = in_force.limits.connections;
    return config;
}

decide::DeskOptions desk_options(const runtime::HubConfig& config, enforce::LocalNetworks& local,
                                 const decide::CodeBook& codes) {
    decide::DeskOptions options;
    for (const auto& policy : config.policies)
        options.policies.push_back(policy_of(policy));
    options.block_lasts = config.block.default_for;
    options.widest_v4 = config.block.widest_ipv4;
    options.widest_v6 = config.block.widest_ipv6;
    options.wide = config.block.wide;
    options.confirm_within = config.block.confirm_within;
    options.step_up = step_up_of(config, codes);
    options.quiet_after_allow = config.quiet.after_allow;
    options.quiet_after_nothing = config.quiet.after_nothing;
    options.automatic_blocks = {static_cast<std::size_t>(config.limits.automatic_blocks),
                                config.limits.automatic_blocks_per};
    options.reboot_pause = config.limits.reboot_pause;
    options.reboot_within = config.limits.restart_within;
    for (const auto& network : config.protected_networks)
        options.protected_networks.push_back({network, "protected by the hub's configuration"});
    options.hub_networks = [of_hub = std::make_shared<NetworksOfHub>(local)] { return of_hub->now(); };
    options.people = config.people;
    options.open_cases = static_cast<std::size_t>(config.limits.open_cases);
    options.on_call = on_call_of(config);
    options.retention.cases = config.retention.closed_cases;
    options.retention.alerts = config.retention.alerts;
    options.retention.audit = config.retention.audit;
    return options;
}

decide::RuleDoor::Classes rule_classes(const runtime::HubConfig& config) {
    decide::RuleDoor::Classes classes;
    for (const auto& device : config.devices)
        for (const auto& about : device.rules)
            classes.emplace(store::RuleTarget{device.name, about.name()}, about.rules);
    return classes;
}

std::optional<Duration> rule_history(const runtime::HubConfig& config) {
    return config.retention.rule_history;
}

rest_api::CallerDirectory caller_directory(const runtime::HubConfig& config) {
    std::vector<rest_api::Token> tokens;
    for (const auto& [name, settings] : config.tokens) {
        rest_api::Token token;
        token.name = name;
        token.secret = settings.secret;
        for (const auto& text : settings.scopes)
            if (const auto scope = rest_api::parse_scope(text)) token.scopes.insert(*scope);
        const auto person =
            std::find_if(config.people.begin(), config.people.end(),
                         [&wanted = settings.person](const Person& p) { return p.name == wanted; });
        if (person != config.people.end()) token.person = *person;
        tokens.push_back(std::move(token));
    }
    return {config.people, std::move(tokens)};
}

Result<telegram::Settings> telegram_settings(const runtime::HubConfig& config) {
    telegram::Settings settings;
    settings.people = config.people;
    settings.language = config.language;
    if (!config.telegram) return settings;
    for (const auto& chat : config.telegram->chats) {
        auto made = chat_settings(config, chat);
        if (!made) return tl::unexpected(made.error());
        settings.chats.push_back(*std::move(made));
    }
    if (config.on_call) settings.taking = telegram::Settings::Taking::on;
    settings.poll_timeout = config.telegram->poll_timeout;
    settings.admission = config.telegram->asks_admission ? telegram::Settings::Admission::ask
                                                         : telegram::Settings::Admission::off;
    settings.ping = config.telegram->ping;
    settings.banned = config.telegram->banned;
    return settings;
}

telegram::BotApiOptions bot_options(const runtime::TelegramConfig& config) {
    telegram::BotApiOptions options;
    options.token = config.token;
    options.api_base = config.api_base;
    options.proxy = config.proxy;
    return options;
}

}  // namespace garita::programs
