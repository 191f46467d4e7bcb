#pragma once
// What an agent's file says, as plain values. Every default is that of the settings table (a test compares
// them).

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/alert.hpp"
#include "model/ip.hpp"
#include "model/port_set.hpp"
#include "model/response.hpp"
#include "model/result.hpp"
#include "runtime/config/common_config.hpp"
#include "runtime/config/device_config.hpp"
#include "runtime/config/written.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::runtime {

/// Whether the file names it, or only the table of settings does.
enum class Origin { file, by_default };

struct SshSessionsConfig {
    enum class Source { automatic, journal, file };
    bool enabled = true;
    Source source = Source::automatic;  ///< automatic: the journal where there is one, the file otherwise
    std::filesystem::path file = "/var/log/auth.log";
    Origin file_from = Origin::by_default;
};

/// HTTP statuses from first to last, both included.
struct StatusRange {
    std::uint16_t first = 404;
    std::uint16_t last = 404;
    friend bool operator==(StatusRange, StatusRange) = default;
};

struct HttpErrorsConfig {
    enum class Format { automatic, combined, json };
    enum class From { end, start };
    bool enabled = true;
    std::vector<std::string> files = {"/var/log/nginx/access.log",
                                      "/var/log/apache2/access.log"};  ///< globs too
    Origin files_from = Origin::by_default;
    Format format = Format::automatic;
    std::vector<StatusRange> statuses = {{404, 404}};
    std::uint32_t warning = 20;
    std::uint32_t critical = 50;
    std::chrono::seconds window{60};
    unsigned ipv4_prefix = 32;
    unsigned ipv6_prefix = 64;
    std::vector<IpNetwork> trusted_proxies;
    std::chrono::seconds repeat_after = std::chrono::minutes{10};
    std::size_t max_tracked = 1000000;
    From from = From::end;  ///< where reading begins in a log seen for the first time
};

struct CpuLoadConfig {
    bool enabled = true;
    unsigned warning = 50;   ///< percent of the whole machine
    unsigned critical = 90;  ///< percent of the whole machine
    std::chrono::seconds interval{5};
    std::chrono::seconds window{30};
    unsigned hysteresis = 10;  ///< points below the threshold before the alert ends
    std::chrono::seconds repeat_after = std::chrono::minutes{30};
    unsigned top = 5;  ///< processes named as evidence
};

struct LogPatternConfig {
    bool enabled = true;
    std::vector<std::string> files;     ///< globs too
    std::string unit;                   ///< journal unit; empty: none
    std::string filter;                 ///< a filter that comes with Garita, such as "sshd"; empty: none
    std::vector<std::string> patterns;  ///< RE2, each with a group named `address`
    std::uint32_t threshold = 5;
    std::chrono::seconds window = std::chrono::minutes{10};
    Severity severity = Severity::warning;
    unsigned ipv4_prefix = 32;
    unsigned ipv6_prefix = 64;
    std::chrono::seconds repeat_after = std::chrono::minutes{10};
    std::size_t max_tracked = 1000000;
};

struct JsonAlertsConfig {
    enum class Format { suricata, wazuh };
    bool enabled = true;
    std::vector<std::string> files;  ///< globs too
    Format format = Format::suricata;
    std::uint32_t priority = 2;  ///< Suricata: greater numbers are passed over
    std::uint32_t level = 7;     ///< Wazuh: lower levels are passed over
    std::chrono::seconds window = std::chrono::minutes{5};
    std::size_t max_tracked = 100000;
};

struct DetectorsConfig {
    SshSessionsConfig ssh_sessions;
    HttpErrorsConfig http_errors;
    CpuLoadConfig cpu_load;
    std::map<std::string, LogPatternConfig> log_patterns;  ///< by the name that alerts and policies use
    std::map<std::string, JsonAlertsConfig> json_alerts;
    std::optional<Duration> silent_after;  ///< empty: never
};

struct FirewallConfig {
    enum class Backend { nftables, none };
    enum class OnStop { remove, keep };
    Backend backend = Backend::nftables;
    std::string table = "garita";
    OnStop on_stop = OnStop::remove;  ///< `keep_on_stop`
};

/// What this host lets itself be told to do.
struct AllowConfig {
    std::vector<Response> responses = {Response::block, Response::close_connection, Response::reboot,
                                       Response::power_off};
    unsigned widest_ipv4 = 16;
    unsigned widest_ipv6 = 32;
    std::uint64_t blocks_in_force = 1'000'000;
    std::uint32_t blocks_per_minute = 0;  ///< 0: no limit
    struct Scan {
        std::vector<IpNetwork> targets;
        PortSet ports;
        std::uint32_t max_rate = 5000;  ///< questions a second
    };
    std::optional<Scan> scan;  ///< none: nobody scans from here
};

struct AgentConfig {
    std::string name;
    std::string hub;      ///< https URL without a slash at its end
    std::string hub_pin;  ///< "sha256:" and 64 lower-case hex digits; empty: the system's authorities decide
    Secret code;          ///< to enrol with at the first start; may be empty
    std::filesystem::path state = "/var/lib/garita-agent";
    std::string user;  ///< empty: garita-agent where that account exists
    std::size_t alert_spool_limit = 100000;
    Duration alone_after = std::chrono::seconds{10};
    LogConfig log;
    DetectorsConfig detectors;
    FirewallConfig firewall;
    AllowConfig allow;
    std::vector<IpNetwork> protected_networks;
    std::vector<DeviceClassConfig> rules;  ///< classes that this host keeps for the hub; each name once

    RulesLogConfig rules_log;

    WrittenSettings written;            ///< to be compared with a later reading
    std::vector<std::string> warnings;  ///< what `garita check` would say; to be logged at the start
};

/// Reads and checks the file and fetches its secrets. The error's text has one line for each problem found.
[[nodiscard]] Result<AgentConfig> load_agent_config(const std::filesystem::path& file);

}  // namespace garita::runtime
