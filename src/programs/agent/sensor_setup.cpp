#include "programs/agent/sensor_setup.hpp"

#include <random>

#include <fmt/format.h>

#include "adapters/journal/journal_reader.hpp"
#include "adapters/log_files/log_files.hpp"
#include "detect/cpu_load.hpp"
#include "detect/finding_alarms.hpp"
#include "detect/json_alerts.hpp"
#include "detect/ssh_sessions.hpp"

namespace garita::programs {
namespace {

using Sensors = std::vector<std::unique_ptr<detect::Sensor>>;

constexpr std::size_t usual_line = std::size_t{64} << 10U;
/// Suricata adds payloads and packets in base64 to its alerts, Wazuh the whole event.
constexpr std::size_t line_of_alert = std::size_t{512} << 10U;

/// What every sensor is made with.
struct Workshop {
    const runtime::AgentConfig& config;
    Surroundings& surroundings;
    detect::AlertSpool& spool;
    Time now;
    Sensors sensors;

    /// One sensor with one detector, reading `follower` (none: it reads no log).
    void add(std::string name, std::unique_ptr<detect::LogFollower> follower,
             std::unique_ptr<detect::Detector> detector) {
        detect::Sensor::Parts parts;
        parts.name = std::move(name);
        parts.device = config.name;
        parts.follower = std::move(follower);
        parts.detectors.push_back(std::move(detector));
        sensors.push_back(std::make_unique<detect::Sensor>(std::move(parts), spool));
    }
    [[nodiscard]] Result<std::optional<std::string>> checkpoint(std::string_view name) const {
        return spool.checkpoint(detect::Sensor::checkpoint_key(name));
    }
};

Result<std::unique_ptr<detect::LogFollower>> follow_files(Workshop& shop, std::string_view name,
                                                          std::vector<std::string> files,
                                                          log_files::TailFile::Start start,
                                                          log_files::Expected expected,
                                                          std::size_t line_limit = usual_line) {
    const auto place = shop.checkpoint(name);
    if (!place) return tl::unexpected(place.error());
    log_files::LogFilesSettings settings;
    settings.line_limit = line_limit;
    settings.patterns = std::move(files);
    settings.first_start = start;
    settings.expected = expected;
    settings.silent_after = shop.config.detectors.silent_after.value_or(Duration::max());
    return std::make_unique<log_files::LogFiles>(std::move(settings), *place, shop.now);
}

Result<std::unique_ptr<detect::LogFollower>> follow_journal(Workshop& shop, std::string_view name,
                                                            journal::JournalSettings settings) {
    const auto place = shop.checkpoint(name);
    if (!place) return tl::unexpected(place.error());
    settings.silent_after = shop.config.detectors.silent_after.value_or(Duration::max());
    return std::make_unique<journal::JournalReader>(std::move(settings), *place, shop.now);
}

log_files::Expected expected(runtime::Origin origin) {
    return origin == runtime::Origin::file ? log_files::Expected::configured
                                           : log_files::Expected::by_default;
}

Result<void> add_ssh_sessions(Workshop& shop) {
    using Source = runtime::SshSessionsConfig::Source;
    const auto& config = shop.config.detectors.ssh_sessions;
    const bool journal = config.source == Source::journal ||
                         (config.source == Source::automatic && journal::journal_is_readable());
    auto follower = journal ? follow_journal(shop, "ssh_sessions", journal::sshd_journal())
                            : follow_files(shop, "ssh_sessions", {config.file.string()},
                                           log_files::TailFile::Start::at_end, expected(config.file_from));
    if (!follower) return tl::unexpected(follower.error());
    shop.add(
        "ssh_sessions", std::move(*follower),
        std::make_unique<detect::SshSessions>(detect::SshSessionsSettings{}, shop.surroundings.processes));
    return {};
}

/// Whoever is counted must not be able to choose addresses that collide.
std::uint64_t secret_seed() {
    std::random_device random;
    return (std::uint64_t{random()} << 32U) | random();
}

detect::AccessLogFormat format_of(runtime::HttpErrorsConfig::Format format) {
    using Format = runtime::HttpErrorsConfig::Format;
    if (format == Format::combined) return detect::AccessLogFormat::combined;
    return format == Format::json ? detect::AccessLogFormat::json : detect::AccessLogFormat::automatic;
}

std::string statuses_text(const std::vector<runtime::StatusRange>& ranges) {
    std::string text;
    for (const auto& range : ranges) {
        text += text.empty() ? "" : ",";
        text += range.first == range.last ? fmt::format("{}", range.first)
                                          : fmt::format("{}-{}", range.first, range.last);
    }
    return text;
}

Result<void> add_http_errors(Workshop& shop) {
    const auto& config = shop.config.detectors.http_errors;
    const auto statuses = statuses_text(config.statuses);
    auto set = detect::StatusSet::parse(statuses);
    if (!set) return tl::unexpected(set.error());
    detect::HttpErrorOptions options;
    options.source.format = format_of(config.format);
    options.source.statuses = *set;
    options.source.proxies = detect::TrustedProxies(config.trusted_proxies);
    options.thresholds = {config.warning, config.critical, config.repeat_after};
    options.limits.window = config.window;
    options.limits.seed = secret_seed();
    options.limits.max_keys = config.max_tracked;
    options.prefixes = {config.ipv4_prefix, config.ipv6_prefix};
    const auto start = config.from == runtime::HttpErrorsConfig::From::end
                           ? log_files::TailFile::Start::at_end
                           : log_files::TailFile::Start::at_start;
    auto follower = follow_files(shop, "http_errors", config.files, start, expected(config.files_from));
    if (!follower) return tl::unexpected(follower.error());
    shop.add("http_errors", std::move(*follower),
             std::make_unique<detect::HttpErrorAlarms>(options, statuses));
    return {};
}

void add_cpu_load(Workshop& shop) {
    const auto& config = shop.config.detectors.cpu_load;
    detect::CpuLoadSettings settings;
    settings.warning = config.warning;
    settings.critical = config.critical;
    settings.hysteresis = config.hysteresis;
    settings.interval = config.interval;
    settings.window = config.window;
    settings.repeat_after = config.repeat_after;
    settings.top = config.top;
    shop.add("cpu_load", nullptr, std::make_unique<detect::CpuLoad>(settings, shop.surroundings.processor));
}

Result<std::unique_ptr<detect::LogPatternAlarms>> pattern_detector(const std::string& name,
                                                                   const runtime::LogPatternConfig& config,
                                                                   Time now) {
    detect::LogPatternAlarms::Settings settings;
    settings.name = name;
    settings.severity = config.severity;
    settings.options.filter.name = config.filter.empty() ? name : config.filter;
    settings.options.filter.patterns = config.patterns;
    settings.options.thresholds = {config.threshold, 0, config.repeat_after};
    settings.options.limits.window = config.window;
    settings.options.limits.seed = secret_seed();
    settings.options.limits.max_keys = config.max_tracked;
    settings.options.prefixes = {config.ipv4_prefix, config.ipv6_prefix};
    return detect::LogPatternAlarms::make(std::move(settings), now);
}

/// Each of its two sources has a detector and a window of its own.
Result<void> add_log_patterns(Workshop& shop, const std::string& name,
                              const runtime::LogPatternConfig& config) {
    const auto add = [&](const std::string& worker,
                         Result<std::unique_ptr<detect::LogFollower>> follower) -> Result<void> {
        if (!follower) return tl::unexpected(follower.error());
        auto detector = pattern_detector(name, config, shop.now);
        if (!detector) return tl::unexpected(detector.error());
        shop.add(worker, std::move(*follower), std::move(*detector));
        return {};
    };
    const auto worker = "log_patterns " + name;
    if (!config.files.empty())
        if (const auto done =
                add(worker, follow_files(shop, worker, config.files, log_files::TailFile::Start::at_end,
                                         log_files::Expected::configured));
            !done)
            return done;
    if (config.unit.empty()) return {};
    return add(worker + " unit", follow_journal(shop, worker + " unit", journal::unit_journal(config.unit)));
}

Result<void> add_json_alerts(Workshop& shop, const std::string& name,
                             const runtime::JsonAlertsConfig& config) {
    const auto worker = "json_alerts " + name;
    auto follower = follow_files(shop, worker, config.files, log_files::TailFile::Start::at_end,
                                 log_files::Expected::configured, line_of_alert);
    if (!follower) return tl::unexpected(follower.error());
    detect::JsonAlertsSettings settings;
    settings.name = name;
    settings.lines.format = config.format == runtime::JsonAlertsConfig::Format::wazuh
                                ? detect::AlertLog::wazuh
                                : detect::AlertLog::suricata;
    settings.lines.lowest_priority = config.priority;
    settings.lines.least_level = config.level;
    settings.window = config.window;
    settings.max_tracked = config.max_tracked;
    shop.add(worker, std::move(*follower), std::make_unique<detect::JsonAlerts>(std::move(settings)));
    return {};
}

}  // namespace

Result<Sensors> make_sensors(const runtime::AgentConfig& config, Surroundings& surroundings,
                             detect::AlertSpool& spool, Time now) {
    Workshop shop{config, surroundings, spool, now, {}};
    const auto& detectors = config.detectors;
    if (detectors.ssh_sessions.enabled)
        if (const auto done = add_ssh_sessions(shop); !done) return tl::unexpected(done.error());
    if (detectors.http_errors.enabled)
        if (const auto done = add_http_errors(shop); !done) return tl::unexpected(done.error());
    if (detectors.cpu_load.enabled) add_cpu_load(shop);
    for (const auto& [name, pattern] : detectors.log_patterns)
        if (pattern.enabled)
            if (const auto done = add_log_patterns(shop, name, pattern); !done)
                return tl::unexpected(done.error());
    for (const auto& [name, alerts] : detectors.json_alerts)
        if (alerts.enabled)
            if (const auto done = add_json_alerts(shop, name, alerts); !done)
                return tl::unexpected(done.error());
    return std::move(shop.sensors);
}

}  // namespace garita::programs
