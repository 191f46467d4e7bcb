#include "programs/ports/hub_ports.hpp"

#include <charconv>

namespace garita::programs {
namespace {

/// Thousands of names, and a name server that takes its time, are no outage.
constexpr system_names::Limits limits_of_names{std::chrono::seconds{60}, 64};

unsigned number_at(const std::string& text, std::size_t place) {
    unsigned number = 0;
    if (place + 2 <= text.size()) std::from_chars(text.data() + place, text.data() + place + 2, number);
    return number;
}

/// By the zone's clock, from "2026-11-22 09:08:25".
unsigned minute_of_week(const decide::TimeZone& zone, Time at) {
    const auto local = zone.date_and_time(at);
    int year = 0;
    std::from_chars(local.data(), local.data() + std::min<std::size_t>(4, local.size()), year);
    const std::chrono::year_month_day day{std::chrono::year{year}, std::chrono::month{number_at(local, 5)},
                                          std::chrono::day{number_at(local, 8)}};
    if (!day.ok()) return 0;
    const auto weekday = std::chrono::weekday{std::chrono::sys_days{day}}.iso_encoding() - 1;
    return weekday * 24 * 60 + number_at(local, 11) * 60 + number_at(local, 14);
}

scan::WatchOptions options_of(const runtime::PortsConfig& config, const HubPorts::Ground& ground) {
    scan::WatchOptions options;
    options.interval = config.interval;
    options.confirm_after = config.confirm_after;
    options.unknown_after = config.unknown_after;
    options.mute_for = config.mute_for;
    options.keep_history = config.history;
    options.limits.probes_per_second = static_cast<double>(config.rate.value_or(0));
    options.limits.probes_per_second_of_host = static_cast<double>(config.rate_per_host.value_or(0));
    options.limits.parallel_hosts = static_cast<unsigned>(config.parallel_hosts.value_or(0));
    options.minute_of_week = [zone = ground.zone](Time at) { return minute_of_week(*zone, at); };
    return options;
}

/// `log`, where given, is told what would be better.
Result<std::unique_ptr<scan::Engine>> engine_of(const runtime::PortsConfig& config, const runtime::Log* log) {
    const auto choice = config.engine == "syn"    ? EngineChoice::syn
                        : config.engine == "auto" ? EngineChoice::automatic
                                                  : EngineChoice::connect;
    auto made = ScanEngines::make(choice, Transport::tcp);
    if (!made)
        return fail(made.error().code,
                    "ports.engine: " + made.error().text +
                        ". Give the hub's unit the capability by the drop-in "
                        "garita-hub-scan.conf (docs/ports.md), or write `engine: connect`");
    if (log != nullptr && !(*made)->lacking().empty()) log->warning((*made)->lacking());
    return std::unique_ptr<scan::Engine>(std::move(*made));
}

}  // namespace

HubPorts::Instruments::Instruments(std::unique_ptr<scan::Engine> engine, std::stop_token stop)
    : tcp(std::move(engine)), names(limits_of_names, std::move(stop)) {}

HubPorts::HubPorts(const Ground& ground, const runtime::PortsConfig& config,
                   scan::Specification specification, std::unique_ptr<scan::Engine> tcp,
                   std::unique_ptr<scan::Engine> side_tcp)
    : editor_(config.files),
      agents_(ground.vantage, stop_.get_token()),
      main_(std::move(tcp), stop_.get_token()),
      side_(std::move(side_tcp), stop_.get_token()),
      watch_({ground.store, ground.book, main_.eyes(agents_), &editor_,
              [log = ground.log](const std::string& text) { log.warning(text); }, ground.wake,
              side_.eyes(agents_)},
             std::move(specification), options_of(config, ground)) {}

Result<std::unique_ptr<HubPorts>> HubPorts::make(const Ground& ground, const runtime::PortsConfig& config) {
    auto specification = scan::Specification::make(config.written);
    if (!specification) return tl::unexpected(specification.error());
    auto engine = engine_of(config, &ground.log);
    if (!engine) return tl::unexpected(engine.error());
    auto other = engine_of(config, nullptr);
    if (!other) return tl::unexpected(other.error());
    return std::unique_ptr<HubPorts>(
        new HubPorts(ground, config, std::move(*specification), std::move(*engine), std::move(*other)));
}

void HubPorts::cancel() {
    stop_.request_stop();
    watch_.cancel();
}

}  // namespace garita::programs
