#include "runtime/config/agent_config.hpp"

#include "runtime/config/build.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

SshSessionsConfig build_ssh_sessions(const Section& section) {
    using Source = SshSessionsConfig::Source;
    const std::string source = section.text("source");
    return {section.yes("enabled"),
            source == "journal" ? Source::journal
            : source == "file"  ? Source::file
                                : Source::automatic,
            section.text("file"),
            section.given("file") || source == "file" ? Origin::file : Origin::by_default};
}

HttpErrorsConfig build_http_errors(const Section& section) {
    using Format = HttpErrorsConfig::Format;
    HttpErrorsConfig config;
    config.enabled = section.yes("enabled");
    config.files = section.texts("files");
    config.files_from = section.given("files") ? Origin::file : Origin::by_default;
    const std::string format = section.text("format");
    config.format = format == "json"       ? Format::json
                    : format == "combined" ? Format::combined
                                           : Format::automatic;
    config.statuses.clear();
    for (const std::string& status : section.texts("statuses"))
        config.statuses.push_back(parse_status(status).value_or(StatusRange{}));
    config.warning = static_cast<std::uint32_t>(section.integer("warning"));
    config.critical = static_cast<std::uint32_t>(section.integer("critical"));
    config.window = section.span("window");
    config.ipv4_prefix = static_cast<unsigned>(section.integer("ipv4_prefix"));
    config.ipv6_prefix = static_cast<unsigned>(section.integer("ipv6_prefix"));
    config.trusted_proxies = section.networks("trusted_proxies");
    config.repeat_after = section.span("repeat_after");
    config.max_tracked = static_cast<std::size_t>(section.integer("max_tracked"));
    config.from =
        section.text("from") == "start" ? HttpErrorsConfig::From::start : HttpErrorsConfig::From::end;
    return config;
}

CpuLoadConfig build_cpu_load(const Section& section) {
    const auto number = [&](std::string_view key) { return static_cast<unsigned>(section.integer(key)); };
    return {section.yes("enabled"),       number("warning"),      number("critical"),
            section.span("interval"),     section.span("window"), number("hysteresis"),
            section.span("repeat_after"), number("top")};
}

LogPatternConfig build_log_pattern(const Section& section) {
    LogPatternConfig config;
    config.enabled = section.yes("enabled");
    config.files = section.texts("files");
    config.unit = section.text("unit");
    config.filter = section.text("filter");
    config.patterns = section.texts("patterns");
    config.threshold = static_cast<std::uint32_t>(section.integer("threshold"));
    config.window = section.span("window");
    config.severity = parse_severity(section.text("severity")).value_or(Severity::warning);
    config.ipv4_prefix = static_cast<unsigned>(section.integer("ipv4_prefix"));
    config.ipv6_prefix = static_cast<unsigned>(section.integer("ipv6_prefix"));
    config.repeat_after = section.span("repeat_after");
    config.max_tracked = static_cast<std::size_t>(section.integer("max_tracked"));
    return config;
}

JsonAlertsConfig build_json_alerts(const Section& section) {
    using Format = JsonAlertsConfig::Format;
    JsonAlertsConfig config;
    config.enabled = section.yes("enabled");
    config.files = section.texts("files");
    config.format = section.text("format") == "wazuh" ? Format::wazuh : Format::suricata;
    config.priority = static_cast<std::uint32_t>(section.integer("priority"));
    config.level = static_cast<std::uint32_t>(section.integer("level"));
    config.window = section.span("window");
    config.max_tracked = static_cast<std::size_t>(section.integer("max_tracked"));
    return config;
}

FirewallConfig build_firewall(const Section& section) {
    return {
        section.text("backend") == "none" ? FirewallConfig::Backend::none : FirewallConfig::Backend::nftables,
        section.text("table"),
        section.yes("keep_on_stop") ? FirewallConfig::OnStop::keep : FirewallConfig::OnStop::remove};
}

AllowConfig build_allow(const Section& section) {
    AllowConfig config;
    config.responses.clear();
    for (const std::string& name : section.texts("responses"))
        if (const auto response = parse_response(name)) config.responses.push_back(*response);
    config.widest_ipv4 = static_cast<unsigned>(section.integer("widest_ipv4"));
    config.widest_ipv6 = static_cast<unsigned>(section.integer("widest_ipv6"));
    config.blocks_in_force = static_cast<std::uint64_t>(section.integer("blocks_in_force"));
    config.blocks_per_minute = static_cast<std::uint32_t>(section.integer("blocks_per_minute"));
    if (!section.given("scan")) return config;
    const Section scan = section.section("scan");
    config.scan = AllowConfig::Scan{scan.networks("targets"), scan.ports("ports"),
                                    static_cast<std::uint32_t>(scan.integer("max_rate"))};
    return config;
}

}  // namespace

AgentConfig build_agent_config(const Document& document, SecretFetcher& secrets) {
    const Section root(&document.root(), shape_of(FileKind::agent));
    const Section agent = root.section("agent");
    const Section detectors = root.section("detectors");
    AgentConfig config;
    config.name = agent.text("name");
    config.hub = parse_url(agent.text("hub")).value_or(Url{}).text;
    config.hub_pin = parse_pin(agent.text("hub_pin")).value_or("");
    if (agent.given("code")) config.code = secrets.fetch(agent, "code");
    config.state = agent.text("state");
    config.user = agent.text("user");
    config.alert_spool_limit = static_cast<std::size_t>(agent.integer("alert_spool_limit"));
    config.alone_after = agent.span("alone_after");
    config.log = build_log(root.section("log"));
    config.detectors.silent_after = detectors.span_or_never("silent_after");
    config.detectors.ssh_sessions = build_ssh_sessions(detectors.section("ssh_sessions"));
    config.detectors.http_errors = build_http_errors(detectors.section("http_errors"));
    config.detectors.cpu_load = build_cpu_load(detectors.section("cpu_load"));
    detectors.each_named("log_patterns", [&](const std::string& name, const Section& pattern) {
        config.detectors.log_patterns.emplace(name, build_log_pattern(pattern));
    });
    detectors.each_named("json_alerts", [&](const std::string& name, const Section& alerts) {
        config.detectors.json_alerts.emplace(name, build_json_alerts(alerts));
    });
    config.firewall = build_firewall(root.section("firewall"));
    config.allow = build_allow(root.section("allow"));
    config.protected_networks = root.networks("protected");
    config.rules = build_device_classes(root);
    config.rules_log = build_rules_log(root.section("rules_log"));
    config.written = written_settings(document);
    config.warnings = document.texts(Problem::Weight::warning);
    return config;
}

Result<AgentConfig> load_agent_config(const std::filesystem::path& file) {
    const auto document = read_checked(file, FileKind::agent);
    if (!document) return tl::unexpected(document.error());
    SecretFetcher secrets;
    AgentConfig config = build_agent_config(*document, secrets);
    if (!secrets.problems().empty()) return failed_secrets(*document, secrets);
    return config;
}

}  // namespace garita::runtime
