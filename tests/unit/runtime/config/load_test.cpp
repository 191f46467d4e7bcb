// Whole files to typed values.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>

#include "runtime/config/agent_config.hpp"
#include "runtime/config/hub_config.hpp"

namespace garita::runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// A file that is there as long as the object.
class TemporaryFile {
  public:
    explicit TemporaryFile(const std::string& text,
                           std::filesystem::perms mode = std::filesystem::perms::owner_read |
                                                         std::filesystem::perms::owner_write) {
        std::string name = (std::filesystem::temp_directory_path() / "garita-XXXXXX").string();
        ::close(::mkstemp(name.data()));
        path_ = name;
        std::ofstream(path_) << text;
        std::filesystem::permissions(path_, mode);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() { std::filesystem::remove(path_); }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

TEST(LoadHub, the_example_says_what_it_says) {
    ::setenv("GARITA_TELEGRAM_TOKEN", "123456:the-token-of-the-bot", 1);
    const auto hub = load_hub_config(GARITA_SOURCE_DIR "/examples/hub.yml");
    ASSERT_TRUE(hub) << hub.error().text;
    EXPECT_EQ(hub->listen, (Endpoint{"0.0.0.0", 8443}));
    EXPECT_THAT(hub->agents, IsEmpty());
    ASSERT_THAT(hub->people, SizeIs(2));
    EXPECT_EQ(hub->people[0].name, "ana");
    EXPECT_EQ(hub->people[0].role, Role::administrator);
    EXPECT_EQ(hub->people[0].telegram_id, 123456);
    EXPECT_EQ(hub->people[1].role, Role::operator_);
    EXPECT_EQ(hub->people[1].language, "ru");
    ASSERT_TRUE(hub->telegram);
    EXPECT_TRUE(hub->telegram->token.matches("123456:the-token-of-the-bot"));
    ASSERT_THAT(hub->telegram->chats, SizeIs(1));
    EXPECT_EQ(hub->telegram->chats[0].id, -1001234567890);
    ASSERT_THAT(hub->policies, SizeIs(3));
    EXPECT_EQ(hub->policies[0].mode, PolicyConfig::Mode::automatic);
    EXPECT_EQ(hub->policies[0].response, Response::block);
    EXPECT_EQ(hub->policies[0].severity, Severity::critical);
    EXPECT_EQ(hub->policies[2].on_silence, Response::block);
    EXPECT_EQ(hub->policies[2].wait, std::chrono::minutes(15));
    EXPECT_THAT(hub->protected_networks, SizeIs(2));
    EXPECT_THAT(hub->warnings, IsEmpty());
}

TEST(LoadAgent, the_example_says_what_it_says) {
    const auto agent = load_agent_config(GARITA_SOURCE_DIR "/examples/agent.yml");
    ASSERT_TRUE(agent) << agent.error().text;
    EXPECT_EQ(agent->name, "web1");
    EXPECT_EQ(agent->hub, "https://hub.example:8443");
    EXPECT_TRUE(agent->code.empty()) << "enrolled by hand";
    EXPECT_THAT(agent->detectors.http_errors.statuses,
                ElementsAre(StatusRange{404, 404}, StatusRange{500, 599}));
    ASSERT_TRUE(agent->detectors.log_patterns.contains("webapp"));
    EXPECT_EQ(agent->detectors.log_patterns.at("webapp").threshold, 10U);
    EXPECT_THAT(agent->detectors.log_patterns.at("webapp").patterns,
                ElementsAre(R"(login failed for \S+ from (?P<address>\S+)$)"));
    EXPECT_EQ(agent->detectors.log_patterns.at("sshd").filter, "sshd");
}

TEST(LoadHub, without_settings_every_value_is_the_default_of_the_struct) {
    const TemporaryFile file(
        "hub:\npolicies: [{}]\ntelegram: {token: 1234567890123456}\npeople: {ana: {}}\n");
    const auto hub = load_hub_config(file.path());
    ASSERT_TRUE(hub) << hub.error().text;
    const HubConfig plain;
    EXPECT_EQ(hub->listen, plain.listen);
    EXPECT_EQ(hub->socket, plain.socket);
    EXPECT_EQ(hub->state, plain.state);
    EXPECT_EQ(hub->certificate, plain.certificate);
    EXPECT_EQ(hub->key, plain.key);
    EXPECT_EQ(hub->url, plain.url);
    EXPECT_EQ(hub->agent_certificates, plain.agent_certificates);
    EXPECT_EQ(hub->language, plain.language);
    EXPECT_EQ(hub->time_zone, plain.time_zone);
    EXPECT_EQ(hub->log.level, plain.log.level);
    EXPECT_EQ(hub->log.format, plain.log.format);
    EXPECT_EQ(hub->block.default_for, plain.block.default_for);
    EXPECT_EQ(hub->block.widest_ipv4, plain.block.widest_ipv4);
    EXPECT_EQ(hub->block.widest_ipv6, plain.block.widest_ipv6);
    EXPECT_EQ(hub->quiet.after_allow, plain.quiet.after_allow);
    EXPECT_EQ(hub->quiet.after_nothing, plain.quiet.after_nothing);
    EXPECT_EQ(hub->limits.alerts_per_second, plain.limits.alerts_per_second);
    EXPECT_EQ(hub->limits.alerts_in_batch, plain.limits.alerts_in_batch);
    EXPECT_EQ(hub->limits.request_bytes, plain.limits.request_bytes);
    EXPECT_EQ(hub->limits.connections, plain.limits.connections);
    EXPECT_EQ(hub->limits.open_cases, plain.limits.open_cases);
    EXPECT_EQ(hub->limits.automatic_blocks, plain.limits.automatic_blocks);
    EXPECT_EQ(hub->limits.automatic_blocks_per, plain.limits.automatic_blocks_per);
    EXPECT_EQ(hub->block.confirm_within, plain.block.confirm_within);
    EXPECT_EQ(hub->block.wide.v4, plain.block.wide.v4);
    EXPECT_EQ(hub->block.wide.v6, plain.block.wide.v6);
    EXPECT_FALSE(hub->step_up);
    EXPECT_EQ(hub->limits.reboot_pause, plain.limits.reboot_pause);
    EXPECT_EQ(hub->retention.closed_cases, plain.retention.closed_cases);
    EXPECT_EQ(hub->retention.alerts, plain.retention.alerts);
    EXPECT_EQ(hub->retention.audit, plain.retention.audit);
    const TelegramConfig telegram;
    EXPECT_EQ(hub->telegram->api_base, telegram.api_base);
    EXPECT_EQ(hub->telegram->poll_timeout, telegram.poll_timeout);
    EXPECT_EQ(hub->telegram->proxy, telegram.proxy);
    const PolicyConfig policy;
    EXPECT_EQ(hub->policies.at(0).mode, policy.mode);
    EXPECT_EQ(hub->policies.at(0).response, policy.response);
    EXPECT_EQ(hub->policies.at(0).block_for, policy.block_for);
    EXPECT_EQ(hub->policies.at(0).wait, policy.wait);
    EXPECT_EQ(hub->policies.at(0).on_silence, policy.on_silence);
    EXPECT_EQ(hub->policies.at(0).on_silence_for, policy.on_silence_for);
    EXPECT_EQ(hub->policies.at(0).block_on, policy.block_on);
    EXPECT_EQ(hub->people.at(0).role, Person{}.role);
}

TEST(LoadAgent, without_settings_every_value_is_the_default_of_the_struct) {
    const TemporaryFile file(
        "agent: {name: web1, hub: 'https://hub:8443/', code: a-long-code}\n"
        "detectors: {log_patterns: {one: {unit: ssh.service, filter: sshd}}}\n");
    const auto agent = load_agent_config(file.path());
    ASSERT_TRUE(agent) << agent.error().text;
    EXPECT_EQ(agent->hub, "https://hub:8443") << "the slash at the end is dropped";
    const AgentConfig plain;
    EXPECT_EQ(agent->state, plain.state);
    EXPECT_EQ(agent->user, plain.user);
    EXPECT_EQ(agent->alert_spool_limit, plain.alert_spool_limit);
    const auto& ssh = agent->detectors.ssh_sessions;
    EXPECT_EQ(ssh.enabled, SshSessionsConfig{}.enabled);
    EXPECT_EQ(ssh.source, SshSessionsConfig{}.source);
    EXPECT_EQ(ssh.file, SshSessionsConfig{}.file);
    const auto& http = agent->detectors.http_errors;
    const HttpErrorsConfig plain_http;
    EXPECT_EQ(http.enabled, plain_http.enabled);
    EXPECT_EQ(http.files, plain_http.files);
    EXPECT_EQ(http.format, plain_http.format);
    EXPECT_EQ(http.statuses, plain_http.statuses);
    EXPECT_EQ(http.warning, plain_http.warning);
    EXPECT_EQ(http.critical, plain_http.critical);
    EXPECT_EQ(http.window, plain_http.window);
    EXPECT_EQ(http.ipv4_prefix, plain_http.ipv4_prefix);
    EXPECT_EQ(http.ipv6_prefix, plain_http.ipv6_prefix);
    EXPECT_EQ(http.trusted_proxies, plain_http.trusted_proxies);
    EXPECT_EQ(http.repeat_after, plain_http.repeat_after);
    EXPECT_EQ(http.max_tracked, plain_http.max_tracked);
    EXPECT_EQ(http.from, plain_http.from);
    const auto& cpu = agent->detectors.cpu_load;
    const CpuLoadConfig plain_cpu;
    EXPECT_EQ(cpu.enabled, plain_cpu.enabled);
    EXPECT_EQ(cpu.warning, plain_cpu.warning);
    EXPECT_EQ(cpu.critical, plain_cpu.critical);
    EXPECT_EQ(cpu.interval, plain_cpu.interval);
    EXPECT_EQ(cpu.window, plain_cpu.window);
    EXPECT_EQ(cpu.hysteresis, plain_cpu.hysteresis);
    EXPECT_EQ(cpu.repeat_after, plain_cpu.repeat_after);
    EXPECT_EQ(cpu.top, plain_cpu.top);
    const auto& pattern = agent->detectors.log_patterns.at("one");
    const LogPatternConfig plain_pattern;
    EXPECT_EQ(pattern.enabled, plain_pattern.enabled);
    EXPECT_EQ(pattern.threshold, plain_pattern.threshold);
    EXPECT_EQ(pattern.window, plain_pattern.window);
    EXPECT_EQ(pattern.severity, plain_pattern.severity);
    EXPECT_EQ(pattern.ipv4_prefix, plain_pattern.ipv4_prefix);
    EXPECT_EQ(pattern.ipv6_prefix, plain_pattern.ipv6_prefix);
    EXPECT_EQ(pattern.repeat_after, plain_pattern.repeat_after);
    EXPECT_EQ(pattern.max_tracked, plain_pattern.max_tracked);
    EXPECT_EQ(agent->firewall.backend, plain.firewall.backend);
    EXPECT_EQ(agent->firewall.table, plain.firewall.table);
    EXPECT_EQ(agent->firewall.on_stop, plain.firewall.on_stop);
    EXPECT_EQ(agent->allow.responses, plain.allow.responses);
    EXPECT_EQ(agent->allow.widest_ipv4, plain.allow.widest_ipv4);
    EXPECT_EQ(agent->allow.widest_ipv6, plain.allow.widest_ipv6);
    EXPECT_EQ(agent->allow.blocks_in_force, plain.allow.blocks_in_force);
    EXPECT_EQ(agent->allow.blocks_per_minute, plain.allow.blocks_per_minute);
}

TEST(LoadAgent, its_ceiling_is_what_is_written) {
    const auto load = [](const std::string& allow) {
        const TemporaryFile file(
            "agent: {name: web1, hub: 'https://hub:8443/', code: a-long-code}\nallow: " + allow + "\n");
        return load_agent_config(file.path());
    };
    const auto agent = load(
        "{responses: [block], widest_ipv4: 24, widest_ipv6: 56, blocks_in_force: 10, blocks_per_minute: 3}");
    ASSERT_TRUE(agent) << agent.error().text;
    EXPECT_THAT(agent->allow.responses, ElementsAre(Response::block));
    EXPECT_EQ(agent->allow.widest_ipv4, 24U);
    EXPECT_EQ(agent->allow.widest_ipv6, 56U);
    EXPECT_EQ(agent->allow.blocks_in_force, 10U);
    EXPECT_EQ(agent->allow.blocks_per_minute, 3U);
    const auto watches = load("{responses: []}");
    ASSERT_TRUE(watches) << watches.error().text;
    EXPECT_THAT(watches->allow.responses, IsEmpty()) << "an empty list is not the default";
    const auto wrong = load("{responses: [allow]}");
    ASSERT_FALSE(wrong);
}

TEST(LoadHub, every_value_that_is_written_arrives) {
    const TemporaryFile file(R"(
hub: {listen: "[::1]:9443", socket: /tmp/s, state: /tmp/state, language: pt_BR, time_zone: Europe/Madrid, step_up: [power_off, wide_block]}
log: {level: debug, format: json}
agents: {web1: {code: a-long-code}}
people: {ana: {role: approver, telegram: 7, system_user: ana, language: es, totp: GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ}}
tokens: {billing: {secret: sixteen-letters-or-more, scopes: [alerts:write, status:read], person: ana}}
telegram:
  token: sixteen-letters-or-more
  api_base: http://127.0.0.1:9000/
  proxy: socks5h://127.0.0.1:1080
  chats: [{id: -5, language: ru, thread: 9}]
  poll_timeout: 7s
policies:
  - {kind: log_patterns, name: sshd, severity: warning, device: web1, mode: auto, response: block, for: never, block_on: origin}
  - {kind: cpu_load, wait: 2h, on_silence: reboot, on_silence_for: 3h, approvals: 3, two_persons: [reboot, wide_block]}
  - {kind: billing_fraud, mode: observe}
  - {kind: ssh_login, mode: auto, response: block, at_most: 7, per: 3m}
block: {default_for: 1h30m, widest_ipv4: 9, widest_ipv6: 33, wide_ipv4: 20, wide_ipv6: 48, confirm_within: 30s}
quiet: {after_allow: 5m, after_nothing: 0s}
protected: [192.0.2.1, "2001:db8::/32"]
limits: {alerts_per_second: 1, alerts_in_batch: 2, request_bytes: 4097, connections: 9, open_cases: 101,
  automatic_blocks: 3, automatic_blocks_per: 11s, reboot_pause: 2m}
retention: {closed_cases: never, alerts: 2h, audit: 3d}
)");
    const auto hub = load_hub_config(file.path());
    ASSERT_TRUE(hub) << hub.error().text;
    EXPECT_EQ(hub->listen, (Endpoint{"::1", 9443}));
    EXPECT_EQ(hub->listen.text(), "[::1]:9443");
    EXPECT_EQ(hub->socket, "/tmp/s");
    EXPECT_EQ(hub->state, "/tmp/state");
    EXPECT_EQ(hub->language, "pt_BR");
    EXPECT_EQ(hub->time_zone, "Europe/Madrid");
    EXPECT_EQ(hub->log.level, LogLevel::debug);
    EXPECT_EQ(hub->log.format, LogFormat::json);
    EXPECT_EQ(hub->people.at(0).system_user, "ana");
    EXPECT_THAT(hub->tokens.at("billing").scopes, ElementsAre("alerts:write", "status:read"));
    EXPECT_EQ(hub->tokens.at("billing").person, "ana");
    EXPECT_EQ(hub->telegram->api_base, "http://127.0.0.1:9000");
    EXPECT_EQ(hub->telegram->proxy, "socks5h://127.0.0.1:1080");
    EXPECT_EQ(hub->telegram->chats.at(0).thread, 9);
    EXPECT_EQ(hub->telegram->chats.at(0).language, "ru");
    EXPECT_EQ(hub->telegram->poll_timeout, std::chrono::seconds(7));
    EXPECT_EQ(hub->policies.at(0).name, "sshd");
    EXPECT_EQ(hub->policies.at(0).device, "web1");
    EXPECT_EQ(hub->policies.at(0).block_for, std::nullopt);
    EXPECT_EQ(hub->policies.at(0).block_on, PolicyConfig::BlockOn::origin);
    EXPECT_EQ(hub->policies.at(1).on_silence, Response::reboot);
    EXPECT_EQ(hub->policies.at(1).wait, std::chrono::hours(2));
    EXPECT_EQ(hub->policies.at(1).on_silence_for, std::chrono::hours(3));
    EXPECT_EQ(hub->policies.at(2).mode, PolicyConfig::Mode::observe);
    EXPECT_EQ(hub->policies.at(3).block_for, std::chrono::minutes(90)) << "block.default_for";
    EXPECT_EQ(hub->protected_networks.at(0).text(), "192.0.2.1");
    EXPECT_EQ(hub->protected_networks.at(1).text(), "2001:db8::/32");
    EXPECT_EQ(hub->limits.alerts_per_second, 1);
    EXPECT_EQ(hub->limits.alerts_in_batch, 2);
    EXPECT_EQ(hub->limits.request_bytes, 4097);
    EXPECT_EQ(hub->limits.connections, 9);
    EXPECT_EQ(hub->limits.open_cases, 101);
    EXPECT_EQ(hub->limits.automatic_blocks, 3);
    EXPECT_EQ(hub->limits.automatic_blocks_per, std::chrono::seconds(11));
    EXPECT_EQ(hub->limits.reboot_pause, std::chrono::minutes(2));
    EXPECT_EQ(hub->block.widest_ipv4, 9U);
    EXPECT_EQ(hub->block.widest_ipv6, 33U);
    EXPECT_EQ(hub->block.wide.v4, 20U);
    EXPECT_EQ(hub->block.wide.v6, 48U);
    EXPECT_EQ(hub->block.confirm_within, std::chrono::seconds(30));
    EXPECT_TRUE(hub->totp.at("ana").matches("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
    ASSERT_TRUE(hub->step_up);
    EXPECT_FALSE(hub->step_up->contains(Danger::reboot));
    EXPECT_TRUE(hub->step_up->contains(Danger::power_off));
    EXPECT_TRUE(hub->step_up->contains(Danger::wide_block));
    EXPECT_EQ(hub->policies.at(0).approvals, 1);
    EXPECT_TRUE(hub->policies.at(0).two_persons.empty());
    EXPECT_EQ(hub->policies.at(0).at_most, std::nullopt);
    EXPECT_EQ(hub->policies.at(1).approvals, 3);
    EXPECT_TRUE(hub->policies.at(1).two_persons.contains(Danger::reboot));
    EXPECT_TRUE(hub->policies.at(1).two_persons.contains(Danger::wide_block));
    EXPECT_FALSE(hub->policies.at(1).two_persons.contains(Danger::power_off));
    EXPECT_EQ(hub->policies.at(3).at_most, 7);
    EXPECT_EQ(hub->policies.at(3).per, std::chrono::minutes(3));
    EXPECT_EQ(hub->quiet.after_allow, std::chrono::minutes(5));
    EXPECT_EQ(hub->quiet.after_nothing, std::chrono::seconds(0));
    EXPECT_EQ(hub->retention.closed_cases, std::nullopt);
    EXPECT_EQ(hub->retention.alerts, std::chrono::hours(2));
    EXPECT_EQ(hub->retention.audit, std::chrono::hours(72));
}

TEST(LoadHub, mode_auto_is_not_to_do_alone_what_takes_two_persons) {
    const auto refused = [](const std::string& policy) {
        const TemporaryFile file("hub: {}\npolicies: [" + policy + "]\n");
        const auto hub = load_hub_config(file.path());
        return hub ? std::string() : hub.error().text;
    };
    EXPECT_THAT(refused("{kind: cpu_load, mode: auto, response: reboot, two_persons: [reboot]}"),
                HasSubstr("takes two persons"));
    EXPECT_THAT(refused("{kind: cpu_load, mode: auto, response: reboot, approvals: 2}"),
                HasSubstr("asks nobody who could agree"));
    EXPECT_EQ(refused("{kind: cpu_load, mode: auto, response: reboot, two_persons: [power_off]}"), "");
    EXPECT_THAT(refused("{kind: cpu_load, approvals: 6}"), HasSubstr("1 to 5"));
}

TEST(LoadHub, an_agents_file_is_refused_by_name) {
    const TemporaryFile file("agent: {name: web1, hub: https://hub:8443, code: a-long-code}\n");
    const auto hub = load_hub_config(file.path());
    ASSERT_FALSE(hub);
    EXPECT_THAT(hub.error().text, HasSubstr("this is an agent's file, but a hub's is needed"));
}

TEST(LoadHub, a_secret_that_cannot_be_had_is_an_error_with_its_place) {
    const TemporaryFile file("hub:\nagents:\n  web1: {code: {env: GARITA_NOT_SET_ANYWHERE}}\n");
    const auto hub = load_hub_config(file.path());
    ASSERT_FALSE(hub);
    EXPECT_THAT(hub.error().text,
                HasSubstr(":3:16: code: environment variable GARITA_NOT_SET_ANYWHERE is not set"));
}

TEST(LoadHub, a_missing_file_is_named) {
    const auto hub = load_hub_config("/nowhere/hub.yml");
    ASSERT_FALSE(hub);
    EXPECT_EQ(hub.error().text, "/nowhere/hub.yml: cannot be read: No such file or directory");
}

TEST(LoadHub, an_inlined_secret_is_warned_of_when_everybody_may_read_the_file) {
    using std::filesystem::perms;
    const std::string text = "hub:\nagents:\n  web1: {code: a-long-code}\n";
    const TemporaryFile open_file(text, perms::owner_all | perms::group_read | perms::others_read);
    const auto open = load_hub_config(open_file.path());
    ASSERT_TRUE(open) << open.error().text;
    ASSERT_THAT(open->warnings, SizeIs(1));
    EXPECT_THAT(open->warnings[0],
                HasSubstr(":3:16: warning: agents.web1.code: a secret in a file that everybody may"));
    EXPECT_THAT(open->warnings[0], testing::Not(HasSubstr("a-long-code")));
    const TemporaryFile own_file(text);
    const auto own = load_hub_config(own_file.path());
    ASSERT_TRUE(own) << own.error().text;
    EXPECT_THAT(own->warnings, IsEmpty());
}

}  // namespace
}  // namespace garita::runtime
