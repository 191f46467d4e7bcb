#include "programs/scan/scan_wishes.hpp"

#include <charconv>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "model/span.hpp"

namespace garita::programs {
namespace {

/// "300ms", or as everywhere.
std::optional<Duration> short_span(std::string_view text) {
    if (text.ends_with("ms")) {
        std::int64_t count = 0;
        const auto digits = text.substr(0, text.size() - 2);
        const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
        if (error != std::errc{} || stop != digits.data() + digits.size() || count < 1 || count > 600'000)
            return std::nullopt;
        return std::chrono::milliseconds{count};
    }
    const auto span = parse_span(text);
    if (!span || span->count() <= 0) return std::nullopt;
    return Duration(*span);
}

void add_span(CLI::App& command, const std::string& name, std::optional<Duration>& target,
              const std::string& help) {
    command
        .add_option_function<std::string>(
            name,
            [name, &target](const std::string& text) {
                target = short_span(text);
                if (!target)
                    throw CLI::ValidationError(
                        name,
                        fmt::format("'{}' is no span of time: write for example 300ms, 2s or 5m", text));
            },
            help)
        ->type_name("SPAN");
}

void add_ports(CLI::App& command, ScanWishes& wishes) {
    command
        .add_option_function<std::string>(
            "-p,--ports",
            [&wishes](const std::string& text) {
                auto ports = PortSet::parse(text == "-" ? "all" : text);
                if (!ports) throw CLI::ValidationError("--ports", ports.error().text);
                if (ports->empty()) throw CLI::ValidationError("--ports", "name at least one port, or all");
                wishes.ports = std::move(*ports);
            },
            "Ports: 22,80-90,all [some 500 usual ones of TCP, 80 of UDP]")
        ->type_name("PORTS");
    command.add_flag_callback(
        "--udp", [&wishes] { wishes.transport = Transport::udp; },
        "UDP instead of TCP; a port that says nothing is open or filtered");
}

void add_engine(CLI::App& command, EngineChoice& engine) {
    static const std::map<std::string, EngineChoice> names{
        {"auto", EngineChoice::automatic}, {"connect", EngineChoice::connect}, {"syn", EngineChoice::syn}};
    command
        .add_option_function<std::string>(
            "--engine",
            [&engine](const std::string& name) {
                const auto found = names.find(name);
                if (found == names.end())
                    throw CLI::ValidationError(
                        "--engine", fmt::format("'{}' is no engine: write auto, connect or syn", name));
                engine = found->second;
            },
            "connect needs no privileges, syn needs CAP_NET_RAW and is faster; auto takes syn where it can, "
            "and "
            "says so where it cannot [auto]")
        ->type_name("auto|connect|syn");
}

void add_pace(CLI::App& command, scan::Limits& limits) {
    command
        .add_option("--max-rate", limits.probes_per_second,
                    "Probes a second, of all hosts together [a careful beginning, faster while answers come]")
        ->check(CLI::Range(1, 10'000'000))
        ->type_name("N");
    command.add_option("--max-host-rate", limits.probes_per_second_of_host, "Probes a second to one host")
        ->check(CLI::Range(1, 10'000'000))
        ->type_name("N");
    command
        .add_option("--tries", limits.tries,
                    "Questions to a port that does not answer, at most [as the loss demands]")
        ->check(CLI::Range(1, 15))
        ->type_name("N");
    add_span(command, "--timeout", limits.patience, "Longest wait for one answer [from the answers' times]");
    add_span(command, "--host-timeout", limits.host_timeout,
             "What a host has not answered by then is unknown [none]");
}

void add_vantage(CLI::App& command, ScanWishes& wishes) {
    auto* const from =
        command
            .add_option("--from", wishes.from,
                        "As this agent's host sees it: asked for through the hub, within what allow.scan of "
                        "the agent's own file allows [from here]")
            ->type_name("AGENT");
    command
        .add_option_function<std::string>(
            "--wait",
            [&wishes](const std::string& text) {
                const auto span = short_span(text);
                if (!span) throw CLI::ValidationError("--wait", fmt::format("'{}' is no span of time", text));
                wishes.wait = *span;
            },
            "For so long where the agent is away [not at all]")
        ->type_name("SPAN")
        ->needs(from);
    command.add_option("--socket", wishes.socket, "The hub's socket, for --from [as for all commands]")
        ->type_name("PATH")
        ->needs(from);
}

Result<std::string> content_of(const std::string& file) {
    constexpr std::size_t largest = std::size_t{64} << 20;
    std::ifstream opened;
    if (file != "-") opened.open(file, std::ios::binary);
    std::istream& in = file == "-" ? std::cin : opened;
    if (file != "-" && !opened)
        return fail(ErrorCode::invalid, file + ": cannot be read; is the path right?");
    std::string text;
    std::string part(65536, '\0');
    while (in.read(part.data(), static_cast<std::streamsize>(part.size())) || in.gcount() > 0) {
        text.append(part, 0, static_cast<std::size_t>(in.gcount()));
        if (text.size() > largest)
            return fail(ErrorCode::invalid, file + ": is larger than 64 MiB; scan parts of it");
    }
    if (in.bad()) return fail(ErrorCode::invalid, file + ": reading it failed");
    return text;
}

Result<void> add_written(const std::vector<std::string>& texts, const std::vector<std::string>& files,
                         scan::Width width, scan::TargetText& into) {
    for (const auto& text : texts)
        if (auto done = scan::read_targets(text, width, into); !done) return done;
    for (const auto& file : files) {
        const auto content = content_of(file);
        if (!content) return tl::unexpected<Error>(content.error());
        if (auto done = scan::read_target_file(*content, file, width, into); !done) return done;
    }
    return {};
}

}  // namespace

void add_scan_options(CLI::App& command, ScanWishes& wishes) {
    command
        .add_option("TARGET", wishes.targets,
                    "Addresses, networks (192.0.2.0/24), ranges (192.0.2.1-20) and names; IPv6 too")
        ->type_name("");
    command
        .add_option("-i,--input", wishes.target_files,
                    "A file of targets, # begins a comment; - is standard input (-iL is the same)")
        ->type_name("FILE")
        ->allow_extra_args(false);
    command.add_option("--exclude", wishes.excluded, "Not these, in any form that a target may have")
        ->type_name("LIST")
        ->allow_extra_args(false);
    command.add_option("--exclude-file", wishes.excluded_files, "Not the targets in this file")
        ->type_name("FILE")
        ->allow_extra_args(false);
    add_ports(command, wishes);
    add_engine(command, wishes.engine);
    add_pace(command, wishes.limits);
    command.add_flag_callback(
        "--all", [&wishes] { wishes.per_name = scan::PerName::all; },
        "Every address of a name, of both families [the first one of IPv4, where there is one]");
    command.add_flag_callback(
        "--yes-large", [&wishes] { wishes.width = scan::Width::wide; },
        "Networks larger than /16 (of IPv6: /112) are meant");
    command.add_flag("--banner", wishes.banner, "Also read the first words of services at open TCP ports");
    command.add_flag("--tls", wishes.certificate, "Also show the certificates of open TCP ports");
    add_vantage(command, wishes);
    auto* const json = command.add_flag_callback(
        "--json", [&wishes] { wishes.form = ScanForm::json; }, "One JSON object instead of a table");
    command
        .add_flag_callback(
            "--grepable", [&wishes] { wishes.form = ScanForm::grepable; },
            "One line a host, as nmap -oG writes")
        ->excludes(json);
}

Result<WrittenTargets> written_targets(const ScanWishes& wishes) {
    WrittenTargets written;
    if (auto done = add_written(wishes.targets, wishes.target_files, wishes.width, written.wanted); !done)
        return tl::unexpected<Error>(done.error());
    if (auto done = add_written(wishes.excluded, wishes.excluded_files, scan::Width::wide, written.excluded);
        !done)
        return tl::unexpected<Error>(done.error());
    if (written.wanted.addresses.empty() && written.wanted.names.empty())
        return fail(ErrorCode::invalid, "name a target, as in: garita scan 192.0.2.0/24");
    return written;
}

}  // namespace garita::programs
