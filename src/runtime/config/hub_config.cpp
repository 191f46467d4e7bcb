#include "runtime/config/hub_config.hpp"

#include "model/mail_identity.hpp"
#include "runtime/config/build.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

DangerSet dangers(const Section& section, std::string_view key) {
    DangerSet set;
    for (const auto& word : section.texts(key))
        if (const auto danger = parse_danger(word)) set.insert(*danger);
    return set;
}

Person build_person(const std::string& name, const Section& section) {
    Person person;
    person.name = name;
    person.role = parse_role(section.text("role")).value_or(Role::viewer);
    person.telegram_id = section.integer_if_given("telegram");
    person.system_user = section.text("system_user");
    for (const std::string& address : section.texts("mail"))
        if (auto spelled = parse_mail_address(address)) person.mail.push_back(std::move(*spelled));
    for (const std::string& key : section.texts("keys"))
        if (auto spelled = parse_key_fingerprint(key)) person.keys.push_back(std::move(*spelled));
    person.language = section.text("language");
    return person;
}

TelegramConfig build_telegram(const Section& section, SecretFetcher& secrets) {
    TelegramConfig telegram;
    telegram.token = secrets.fetch(section, "token");
    telegram.api_base = parse_url(section.text("api_base")).value_or(Url{}).text;
    telegram.proxy = parse_url(section.text("proxy")).value_or(Url{}).text;
    telegram.poll_timeout = section.span("poll_timeout");
    telegram.asks_admission = section.text("admission") == "ask";
    telegram.ping = section.text("ping");
    for (const auto& id : section.texts("banned"))
        telegram.banned.push_back(parse_integer(id).value_or(0));
    for (const Section& chat : section.list("chats"))
        telegram.chats.push_back({chat.integer("id"), chat.text("language"), chat.integer_if_given("thread"),
                                  chat.text("name"), chat.text("time_zone"), build_quiet_hours(chat)});
    return telegram;
}

PolicyConfig build_policy(const Section& section, const SpanOrNever& default_for) {
    PolicyConfig policy;
    policy.kind = section.text("kind");
    policy.name = section.text("name");
    policy.device = section.text("device");
    policy.severity = parse_severity(section.text("severity"));
    const std::string mode = section.text("mode");
    policy.mode = mode == "auto"      ? PolicyConfig::Mode::automatic
                  : mode == "observe" ? PolicyConfig::Mode::observe
                                      : PolicyConfig::Mode::ask;
    if (policy.mode == PolicyConfig::Mode::automatic)
        policy.response = parse_response(section.text("response"));
    policy.block_for = section.given("for") ? section.span_or_never("for") : default_for;
    policy.wait = section.span("wait");
    policy.on_silence = parse_response(section.text("on_silence")).value_or(Response::nothing);
    policy.on_silence_for = section.span_or_never("on_silence_for");
    policy.block_on =
        section.text("block_on") == "origin" ? PolicyConfig::BlockOn::origin : PolicyConfig::BlockOn::all;
    policy.approvals = static_cast<int>(section.integer("approvals"));
    policy.two_persons = dangers(section, "two_persons");
    policy.at_most = section.integer_if_given("at_most");
    policy.per = section.span("per");
    policy.locally = section.yes("locally");
    return policy;
}

LimitsConfig build_limits(const Section& section) {
    return {section.integer("alerts_per_second"), section.integer("alerts_in_batch"),
            section.integer("request_bytes"),     section.integer("connections"),
            section.integer("open_cases"),        section.integer("automatic_blocks"),
            section.span("automatic_blocks_per"), section.span("reboot_pause"),
            section.span("restart_within")};
}

BlockConfig build_block(const Section& section) {
    return {section.span_or_never("default_for"),
            static_cast<unsigned>(section.integer("widest_ipv4")),
            static_cast<unsigned>(section.integer("widest_ipv6")),
            {static_cast<unsigned>(section.integer("wide_ipv4")),
             static_cast<unsigned>(section.integer("wide_ipv6"))},
            section.span_or_never("confirm_within")};
}

RetentionConfig build_retention(const Section& section) {
    return {section.span_or_never("closed_cases"), section.span_or_never("alerts"),
            section.span_or_never("audit"), section.span_or_never("rule_history")};
}

void build_hub(const Section& hub, HubConfig& config) {
    config.listen = parse_endpoint(hub.text("listen")).value_or(config.listen);
    config.socket = hub.text("socket");
    config.state = hub.text("state");
    config.certificate = hub.text("certificate");
    config.key = hub.text("key");
    config.url = parse_url(hub.text("url")).value_or(Url{}).text;
    config.agent_certificates = hub.span("agent_certificates");
    config.language = hub.text("language");
    config.time_zone = hub.text("time_zone");
    if (hub.given("step_up")) config.step_up = dangers(hub, "step_up");
}

}  // namespace

HubConfig build_hub_config(const Document& document, SecretFetcher& secrets) {
    const Section root(&document.root(), shape_of(FileKind::hub));
    HubConfig config;
    build_hub(root.section("hub"), config);
    config.log = build_log(root.section("log"));
    root.each_named("agents", [&](const std::string& name, const Section& agent) {
        config.agents.emplace(name, secrets.fetch(agent, "code"));
    });
    root.each_named("people", [&](const std::string& name, const Section& person) {
        config.people.push_back(build_person(name, person));
        if (person.given("totp")) config.totp.emplace(name, secrets.fetch(person, "totp"));
    });
    root.each_named("tokens", [&](const std::string& name, const Section& token) {
        config.tokens.emplace(
            name, TokenConfig{secrets.fetch(token, "secret"), token.texts("scopes"), token.text("person")});
    });
    if (root.given("telegram")) config.telegram = build_telegram(root.section("telegram"), secrets);
    if (root.given("mail")) config.mail = build_mail(root.section("mail"), secrets);
    config.siems = build_siems(root.section("sources"), secrets);
    config.webhooks = build_webhooks(root, secrets);
    config.exec = build_programs(root);
    if (root.given("on_call")) config.on_call = build_on_call(root.section("on_call"));
    config.block = build_block(root.section("block"));
    const Section quiet = root.section("quiet");
    config.quiet = {quiet.span("after_allow"), quiet.span("after_nothing")};
    for (const Section& policy : root.list("policies"))
        config.policies.push_back(build_policy(policy, config.block.default_for));
    config.protected_networks = root.networks("protected");
    config.limits = build_limits(root.section("limits"));
    config.retention = build_retention(root.section("retention"));
    config.rules_log = build_rules_log(root.section("rules_log"));
    config.devices = build_devices(root);
    const Section sources = root.section("sources");
    sources.each_named("alertmanager", [&](const std::string& name, const Section& source) {
        config.alertmanagers.emplace(name, build_alertmanager(source, secrets));
    });
    sources.each_named("crowdsec", [&](const std::string& name, const Section& source) {
        config.crowdsecs.emplace(name, build_crowdsec(source, secrets));
    });
    config.written = written_settings(document);
    config.warnings = document.texts(Problem::Weight::warning);
    return config;
}

Result<HubConfig> load_hub_config(const std::filesystem::path& file) {
    const auto document = read_checked(file, FileKind::hub);
    if (!document) return tl::unexpected(document.error());
    SecretFetcher secrets;
    HubConfig config = build_hub_config(*document, secrets);
    if (!secrets.problems().empty()) return failed_secrets(*document, secrets);
    const Section root(&document->root(), shape_of(FileKind::hub));
    if (root.given("ports")) {
        auto ports = build_ports(root.section("ports"), file.string());
        if (!ports) return tl::unexpected(ports.error());
        config.ports = std::move(*ports);
    }
    if (root.given("access")) {
        auto access = build_access(root.section("access"), file.string());
        if (!access) return tl::unexpected(access.error());
        config.access = std::move(*access);
    }
    return config;
}

}  // namespace garita::runtime
