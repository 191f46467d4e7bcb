#include <algorithm>
#include <cstdio>
#include <utility>

#include <fmt/core.h>
#include <sys/resource.h>

#include "adapters/service_probe/open_services.hpp"
#include "adapters/system_names/system_names.hpp"
#include "programs/scan/hub_vantage.hpp"
#include "programs/scan/interruption.hpp"
#include "programs/scan/scan_engines.hpp"
#include "programs/scan/scan_session.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/log/log.hpp"
#include "scan/vantage_engine.hpp"

namespace garita::programs {
namespace {

constexpr std::uint64_t most_addresses = std::uint64_t{1} << 32;

int complain(const std::string& text, int code) {
    fmt::print(stderr, "garita scan: {}\n", runtime::escape_foreign(text));
    return code;
}

/// The connections of one moment are as many as files may be open.
void open_many_files() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
    constexpr rlim_t enough = 20000;
    limit.rlim_cur = std::min(limit.rlim_max, std::max(limit.rlim_cur, enough));
    setrlimit(RLIMIT_NOFILE, &limit);  // refused: fewer at a time
}

/// Those that were not written as a network or a range.
scan::AddressSet named_alone(const scan::TargetText& wanted, const scan::TargetChoice& choice) {
    std::vector<scan::AddressRange> ranges;
    for (const auto& range : wanted.addresses)
        if (range.first == range.last) ranges.push_back(range);
    for (const auto& [address, name] : choice.names)
        ranges.push_back({address, address});
    return scan::AddressSet(std::move(ranges));
}

/// Whatever looks: all from one place.
struct Lookers {
    std::unique_ptr<HubVantage> vantage;  ///< none: from here
    std::unique_ptr<scan::NameResolver> names;
    std::unique_ptr<scan::Engine> engine;
    std::unique_ptr<scan::ServiceProbe> services;
    std::string engine_name;
};

Result<Lookers> from_here(const ScanWishes& wishes, const std::stop_token& stop) {
    auto engines = ScanEngines::make(wishes.engine, wishes.transport);
    if (!engines) return tl::unexpected(engines.error());
    if (!(*engines)->lacking().empty()) complain((*engines)->lacking(), 0);
    Lookers made;
    made.names = std::make_unique<system_names::SystemNames>(system_names::Limits{}, stop);
    made.engine_name = (*engines)->name();
    made.engine = std::move(*engines);
    made.services = std::make_unique<service_probe::OpenServices>();
    return made;
}

Result<Lookers> from_agent(const ScanWishes& wishes, const std::stop_token& stop) {
    Lookers made;
    made.vantage =
        std::make_unique<HubVantage>(wishes.from, wishes.socket.empty() ? default_socket() : wishes.socket);
    if (auto ready = made.vantage->wait_until_ready(wishes.wait, stop); !ready)
        return tl::unexpected(ready.error());
    made.names = std::make_unique<scan::VantageNames>(*made.vantage, stop);
    made.engine_name = wishes.transport == Transport::udp ? "udp" : "connect";
    made.engine = std::make_unique<scan::VantageEngine>(*made.vantage);
    made.services = std::make_unique<scan::VantageServices>(*made.vantage);
    return made;
}

}  // namespace

int run_scan(const ScanWishes& wishes, const WrittenTargets& written) {
    const Interruption interruption;
    open_many_files();
    const auto stop = interruption.token();
    auto lookers = wishes.from.empty() ? from_here(wishes, stop) : from_agent(wishes, stop);
    if (!lookers) return complain(lookers.error().text, 1);
    auto choice = scan::choose_targets(written.wanted, written.excluded, *lookers->names, wishes.per_name);
    if (!choice) return complain(choice.error().text, 1);
    if (choice->addresses.size() > most_addresses)
        return complain("more than 2^32 addresses would take longer than anybody waits: scan parts of them",
                        2);
    for (const auto& one : choice->unresolved)
        if (wishes.form != ScanForm::table) complain(one.name + " is not scanned: " + one.why, 1);
    if (choice->addresses.empty() && choice->unresolved.empty())
        return complain("every target is excluded: nothing to scan", 2);
    const auto printer = scan_printer(wishes.form);
    auto alone = named_alone(written.wanted, *choice);
    ScanSession session(wishes, std::move(*choice), std::move(alone), *lookers->engine, *lookers->services,
                        *printer);
    ScanHead head;
    head.transport = wishes.transport;
    head.engine = lookers->engine_name;
    head.from = wishes.from;
    head.started = runtime::system_now();
    return session.run(head, stop);
}

}  // namespace garita::programs
