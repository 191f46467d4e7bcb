#include "programs/hub/desk_setup.hpp"

#include <algorithm>

#include "enforce/protection_source.hpp"

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

std::vector<decide::ProtectedNetwork> networks_of_hub(enforce::LocalNetworks& local) {
    std::vector<decide::ProtectedNetwork> networks;
    if (const auto found = local.protected_networks())
        for (const auto& one : *found)
            networks.push_back({one.network, of_hub(enforce::in_words(one.role))});
    return networks;
}

}  // namespace

decide::DeskOptions desk_options(const runtime::HubConfig& config, enforce::LocalNetworks& local) {
    decide::DeskOptions options;
    for (const auto& policy : config.policies)
        options.policies.push_back(policy_of(policy));
    options.block_lasts = config.block.default_for;
    options.widest_v4 = config.block.widest_ipv4;
    options.widest_v6 = config.block.widest_ipv6;
    options.quiet_after_allow = config.quiet.after_allow;
    options.quiet_after_nothing = config.quiet.after_nothing;
    options.auto_per_minute = static_cast<std::size_t>(config.limits.automatic_per_minute);
    options.auto_pause = config.limits.automatic_pause;
    options.reboot_pause = config.limits.reboot_pause;
    for (const auto& network : config.protected_networks)
        options.protected_networks.push_back({network, "protected by the hub's configuration"});
    options.hub_networks = [&local] { return networks_of_hub(local); };
    options.people = config.people;
    options.open_cases = static_cast<std::size_t>(config.limits.open_cases);
    options.retention.cases = config.retention.closed_cases;
    options.retention.alerts = config.retention.alerts;
    options.retention.audit = config.retention.audit;
    return options;
}

rest_api::CallerDirectory caller_directory(const runtime::HubConfig& config) {
    std::vector<rest_api::Token> tokens;
    for (const auto& [name, settings] : config.tokens) {
        rest_api::Token token;
        token.name = name;
        token.secret = settings.secret;
        for (const auto& text : settings.scopes)
            if (const auto scope = rest_api::parse_scope(text)) token.scopes.insert(*scope);
        const auto person = std::find_if(config.people.begin(), config.people.end(),
                                         [&](const Person& p) { return p.name == settings.person; });
        if (person != config.people.end()) token.person = *person;
        tokens.push_back(std::move(token));
    }
    return {config.people, std::move(tokens)};
}

telegram::Settings telegram_settings(const runtime::HubConfig& config) {
    telegram::Settings settings;
    settings.people = config.people;
    settings.language = config.language;
    if (!config.telegram) return settings;
    for (const auto& chat : config.telegram->chats)
        settings.chats.push_back({{chat.id, chat.thread}, chat.language});
    settings.poll_timeout = config.telegram->poll_timeout;
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
