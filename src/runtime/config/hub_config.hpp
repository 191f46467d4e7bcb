#pragma once
// What a hub's file says, as plain values. Every default is that of the settings table (a test compares
// them).

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/alert.hpp"
#include "model/danger.hpp"
#include "model/ip.hpp"
#include "model/person.hpp"
#include "model/response.hpp"
#include "model/result.hpp"
#include "runtime/config/access_config.hpp"
#include "runtime/config/alertmanager_config.hpp"
#include "runtime/config/common_config.hpp"
#include "runtime/config/crowdsec_config.hpp"
#include "runtime/config/device_config.hpp"
#include "runtime/config/mail_config.hpp"
#include "runtime/config/on_call_config.hpp"
#include "runtime/config/port_config.hpp"
#include "runtime/config/siem_config.hpp"
#include "runtime/config/sink_config.hpp"
#include "runtime/config/written.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::runtime {

struct TokenConfig {
    Secret secret;
    std::vector<std::string> scopes;  ///< "alerts:write", "cases:read", …
    std::string person;               ///< acts in this person's name; empty: in the token's own
};

struct TelegramChatConfig {
    std::int64_t id = 0;
    std::string language;                ///< empty: the hub's
    std::optional<std::int64_t> thread;  ///< topic of a forum group
    std::string name;                    ///< by which steps of on call name it; empty: none
    std::string time_zone;               ///< of its quiet hours; empty: the hub's
    std::optional<QuietHoursConfig> quiet{};
};

struct TelegramConfig {
    Secret token;
    std::string api_base = "https://api.telegram.org";  ///< without a slash at its end
    std::string proxy;                                  ///< empty: none
    std::vector<TelegramChatConfig> chats;
    std::vector<std::int64_t> banned;
    std::chrono::seconds poll_timeout{50};
    bool asks_admission = true;  ///< administrators are asked about chats that are not configured
    std::string ping;            ///< empty: a word
};

struct PolicyConfig {
    enum class Mode { ask, automatic, observe };
    /// Whether a block falls on every device or only on the one that raised the alert.
    enum class BlockOn { all, origin };

    // What it applies to; empty matches everything.
    std::string kind;
    std::string name;  ///< of a log pattern
    std::string device;
    std::optional<Severity> severity;  ///< at least
    // What is done then.
    Mode mode = Mode::ask;
    std::optional<Response> response;                    ///< what `automatic` does; always there in that mode
    SpanOrNever block_for = std::chrono::hours{24};      ///< `for`; falls back to block.default_for
    std::chrono::seconds wait = std::chrono::hours{24};  ///< how long a question stays open
    Response on_silence = Response::nothing;             ///< what happens when nobody answers in time
    SpanOrNever on_silence_for = std::chrono::hours{1};
    BlockOn block_on = BlockOn::all;
    int approvals = 1;                    ///< persons who must give the same answer
    DangerSet two_persons;                ///< answers that take at least two
    std::optional<std::int64_t> at_most;  ///< automatic answers within `per`; more suspend the policy
    std::chrono::seconds per = std::chrono::minutes{10};
    bool locally = false;  ///< agents follow it by themselves while the hub is away
};

struct LimitsConfig {
    std::int64_t alerts_per_second = 100000;  ///< from one agent or token; more is answered with 429
    std::int64_t alerts_in_batch = 1000;
    std::int64_t request_bytes = 1048576;
    std::int64_t connections = 1024;
    std::int64_t open_cases = 100000;
    std::int64_t automatic_blocks = 1000;  ///< by all policies; more suspend the busiest
    std::chrono::seconds automatic_blocks_per = std::chrono::minutes{1};
    std::chrono::seconds reboot_pause = std::chrono::hours{1};  ///< between automatic restarts of one host
    std::chrono::seconds restart_within = std::chrono::minutes{2};  ///< or it is not begun any more
};

struct BlockConfig {
    SpanOrNever default_for = std::chrono::hours{24};
    unsigned widest_ipv4 = 8;  ///< prefix length of the widest network that may be blocked
    unsigned widest_ipv6 = 32;
    WideBounds wide;
    SpanOrNever confirm_within = std::chrono::minutes{1};
};

/// For so long nobody is asked again about what was answered so.
struct QuietConfig {
    std::chrono::seconds after_allow = std::chrono::hours{24};
    std::chrono::seconds after_nothing = std::chrono::hours{1};
};

struct RetentionConfig {
    SpanOrNever closed_cases = std::chrono::days{90};
    SpanOrNever alerts = std::chrono::days{30};
    SpanOrNever audit = std::chrono::days{400};
    SpanOrNever rule_history = std::chrono::days{90};
};

struct HubConfig {
    Endpoint listen{"127.0.0.1", 8443};
    std::filesystem::path socket = "/run/garita/hub.sock";
    std::filesystem::path state = "/var/lib/garita";
    std::filesystem::path certificate;  ///< empty: kept in `state`, made on the first start
    std::filesystem::path key;          ///< empty: kept in `state`, made on the first start
    std::string url;                    ///< that agents call; empty: made from `listen`
    std::chrono::seconds agent_certificates = std::chrono::days{90};
    std::string language = "en";
    std::string time_zone = "UTC";
    LogConfig log;
    std::map<std::string, Secret> agents;  ///< enrolment code by name of the device
    std::map<std::string, Secret> totp;    ///< base32 secret of one-time codes by person
    std::optional<DangerSet> step_up;      ///< empty: everything dangerous, of those who have a secret
    std::vector<Person> people;            ///< each name, Telegram id and system user at most once
    std::map<std::string, TokenConfig> tokens;
    std::optional<TelegramConfig> telegram;
    std::optional<MailConfig> mail;
    std::vector<MaxPatrolConfig> siems;
    std::vector<WebhookConfig> webhooks;
    std::vector<ExecConfig> exec;
    std::optional<OnCallConfig> on_call;
    std::vector<PolicyConfig> policies;  ///< the first that matches wins; none matches: ask
    BlockConfig block;
    QuietConfig quiet;
    std::vector<IpNetwork> protected_networks;
    LimitsConfig limits;
    RetentionConfig retention;
    RulesLogConfig rules_log;
    std::vector<DeviceConfig> devices;  ///< whose rules of classes Garita keeps; each name once

    std::optional<PortsConfig> ports;    ///< what is watched; nothing: no ports are
    std::optional<AccessConfig> access;  ///< new devices at switch ports; nothing: none are let in

    std::map<std::string, AlertmanagerConfig> alertmanagers;  ///< by name
    std::map<std::string, CrowdsecConfig> crowdsecs;          ///< by name

    WrittenSettings written;            ///< to be compared with a later reading
    std::vector<std::string> warnings;  ///< what `garita check` would say; to be logged at the start
};

/// Reads and checks the file and fetches its secrets. The error's text has one line for each problem found.
[[nodiscard]] Result<HubConfig> load_hub_config(const std::filesystem::path& file);

}  // namespace garita::runtime
