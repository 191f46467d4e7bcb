#include "programs/garita/replay_options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "detect/text_scan.hpp"
#include "model/span.hpp"
#include "model/time.hpp"

namespace garita::programs {
namespace {

/// As everywhere; a bare number is seconds.
std::optional<std::chrono::seconds> span_or_seconds(std::string_view text) {
    if (const auto seconds = detect::decimal(text)) return std::chrono::seconds{*seconds};
    return parse_span(text);
}

void add_span(CLI::App& command, const std::string& name, std::chrono::seconds& target,
              std::chrono::seconds shortest, const std::string& help) {
    const auto shown = fmt::format("{} [{}]", help, format_span(target));
    command
        .add_option_function<std::string>(
            name,
            [name, shortest, &target](const std::string& text) {
                const auto span = span_or_seconds(text);
                if (!span || *span < shortest || *span > detect::WindowLimits::longest / 2)
                    throw CLI::ValidationError(
                        name,
                        fmt::format("'{}' is no time from {}s to 24h: write for example 60s, 15m or 1h30m",
                                    text, shortest.count()));
                target = *span;
            },
            shown)
        ->type_name("SPAN");
}

}  // namespace

void add_status(CLI::App& command, detect::StatusSet& statuses) {
    command
        .add_option_function<std::string>(
            "--status",
            [&statuses](const std::string& text) {
                auto parsed = detect::StatusSet::parse(text);
                if (!parsed) throw CLI::ValidationError("--status", parsed.error().text);
                statuses = *parsed;
            },
            "Statuses that count: 404, 4xx, 400-499, or several with commas [404]")
        ->type_name("LIST");
}

void add_log_format(CLI::App& command, detect::AccessLogFormat& format) {
    using detect::AccessLogFormat;
    static const std::map<std::string, AccessLogFormat> names{{"auto", AccessLogFormat::automatic},
                                                              {"combined", AccessLogFormat::combined},
                                                              {"vhost", AccessLogFormat::vhost_combined},
                                                              {"json", AccessLogFormat::json}};
    command
        .add_option_function<std::string>(
            "--format",
            [&format](const std::string& text) {
                const auto it = names.find(text);
                if (it == names.end())
                    throw CLI::ValidationError(
                        "--format",
                        fmt::format("'{}' is no log format: auto, combined, vhost or json", text));
                format = it->second;
            },
            "Lines are auto, combined (common too), vhost (a host name before the address) or json [auto]")
        ->type_name("NAME");
}

void add_trusted_proxies(CLI::App& command, detect::TrustedProxies& proxies) {
    command
        .add_option_function<std::vector<std::string>>(
            "--trusted-proxy",
            [&proxies](const std::vector<std::string>& texts) {
                std::vector<IpNetwork> networks;
                for (const auto& text : texts) {
                    const auto network = IpNetwork::parse(text);
                    if (!network)
                        throw CLI::ValidationError("--trusted-proxy",
                                                   fmt::format("'{}' is no address or network: write "
                                                               "192.0.2.1 or 192.0.2.0/24, with the bits "
                                                               "behind the prefix zero",
                                                               text));
                    networks.push_back(*network);
                }
                proxies = detect::TrustedProxies(std::move(networks));
            },
            "Own proxy or network of proxies: its X-Forwarded-For (last quoted field, or the JSON member) "
            "tells the "
            "client; may be given several times")
        ->type_name("NETWORK")
        ->allow_extra_args(false);
}

void add_filter(CLI::App& command, detect::LogFilterOptions& filter) {
    auto* shipped =
        command
            .add_option_function<std::string>(
                "--filter",
                [&filter](const std::string& name) {
                    if (name != "sshd")
                        throw CLI::ValidationError(
                            "--filter", fmt::format("there is no filter '{}': sshd is shipped; for others "
                                                    "write --pattern",
                                                    name));
                    filter.name = name;
                },
                "A shipped filter: sshd (failed logins)")
            ->type_name("NAME");
    command
        .add_option_function<std::vector<std::string>>(
            "--pattern",
            [&filter](const std::vector<std::string>& patterns) {
                auto compiled = detect::LinePatterns::compile(patterns);
                if (!compiled) throw CLI::ValidationError("--pattern", compiled.error().text);
                filter.name = "pattern";
                filter.patterns = patterns;
            },
            "RE2 expression with a group (?P<address>…); on the message where a line has a syslog head; may "
            "be given "
            "several times")
        ->type_name("REGEX")
        ->allow_extra_args(false)
        ->excludes(shipped);
    command
        .add_option("--program", filter.programs,
                    "Only lines with this syslog tag; may be given several times")
        ->type_name("TAG")
        ->allow_extra_args(false)
        ->excludes(shipped);
}

void add_window(CLI::App& command, detect::WindowLimits& limits, std::uint32_t& threshold,
                detect::SourcePrefixes& prefixes) {
    command.add_option("--threshold", threshold, "Events within the window that make an alarm")
        ->check(CLI::Range(1U, detect::WindowLimits::highest_threshold))
        ->capture_default_str()
        ->type_name("N");
    add_span(command, "--window", limits.window, std::chrono::seconds{1}, "Length of the sliding window");
    add_span(command, "--lateness", limits.lateness, std::chrono::seconds{0},
             "Lines out of order by up to this still count in their window");
    command.add_option("--ipv4-prefix", prefixes.ipv4, "Group IPv4 sources by networks of this length")
        ->check(CLI::Range(1U, 32U))
        ->capture_default_str()
        ->type_name("BITS");
    command.add_option("--ipv6-prefix", prefixes.ipv6, "Group IPv6 sources by networks of this length")
        ->check(CLI::Range(1U, 128U))
        ->capture_default_str()
        ->type_name("BITS");
    command
        .add_option(
            "--max-tracked", limits.max_keys,
            "Sources of each address family held at once; beyond it the coldest are forgotten and counted")
        ->check(CLI::Range(1000UL, 100'000'000UL))
        ->capture_default_str()
        ->type_name("N");
}

}  // namespace garita::programs
