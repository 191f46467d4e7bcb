#include "programs/scan/scan_session.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include <fmt/core.h>

#include "runtime/log/log.hpp"
#include "scan/planner.hpp"
#include "scan/services.hpp"

namespace garita::programs {
namespace {

/// Addresses: hosts are printed when their part is over, and each part waits once for those that nobody has.
constexpr std::size_t most_in_part = 16384;

int complain(const std::string& text, int code) {
    fmt::print(stderr, "garita scan: {}\n", runtime::escape_foreign(text));
    return code;
}

}  // namespace

ScanSession::ScanSession(const ScanWishes& wishes, scan::TargetChoice choice, scan::AddressSet alone,
                         scan::Engine& engine, scan::ServiceProbe& probe, ScanPrinter& printer)
    : wishes_(wishes),
      choice_(std::move(choice)),
      alone_(std::move(alone)),
      engine_(engine),
      probe_(probe),
      printer_(printer),
      ports_(wishes.ports ? *wishes.ports : scan::usual_ports(wishes.transport)),
      progress_(choice_.addresses.size() * ports_.size()) {}

int ScanSession::run(const ScanHead& head, const std::stop_token& stop) {
    const auto begun = std::chrono::steady_clock::now();
    auto whole_head = head;
    whole_head.ports = ports_;
    whole_head.addresses = choice_.addresses.size();
    printer_.begin(whole_head);
    end_.unresolved = choice_.unresolved;
    scan::AddressWalk walk(choice_.addresses);
    while (!stop.stop_requested()) {
        const auto job = next_part(walk);
        if (job.targets.empty()) break;
        if (!scan_part(job, stop)) break;
    }
    progress_.clear();
    if (end_.addresses < choice_.addresses.size() && end_.end == scan::Report::End::complete)
        end_.end = stop.stop_requested() ? scan::Report::End::stopped : scan::Report::End::cut_short;
    end_.took = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - begun);
    printer_.end(end_);
    const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    const bool nobody_known = end_.addresses != 0 && unknown_ == end_.addresses;
    const bool all_judged = end_.end == scan::Report::End::complete && end_.unresolved.empty() &&
                            end_.unknown == 0 && !nobody_known;
    return written && all_judged ? 0 : 1;
}

scan::Job ScanSession::next_part(scan::AddressWalk& walk) const {
    const auto most = std::clamp<std::size_t>(scan::Planner::most_probes / ports_.size(), 1, most_in_part);
    scan::Job job{wishes_.transport, {ports_}, {}, wishes_.limits};
    while (job.targets.size() < most) {
        const auto address = walk.next();
        if (!address) break;
        job.targets.push_back({*address, 0});
    }
    return job;
}

bool ScanSession::scan_part(const scan::Job& job, const std::stop_token& stop) {
    scan::Listeners listeners;
    listeners.progress = [this](const scan::Progress& progress) { progress_.show(progress); };
    const auto report = engine_.scan(job, listeners, stop);
    progress_.clear();
    if (!report) {
        complain(report.error().text, 1);
        end_.warnings.push_back(report.error().text);
        return false;
    }
    end_.probes += report->probes_sent;
    if (report->end != scan::Report::End::complete) end_.end = report->end;
    take_warnings(*report);
    const auto services = ask_services(*report, stop);
    print(*report, services);
    progress_.add_done(job.targets.size() * ports_.size());
    return report->end == scan::Report::End::complete;
}

ScanSession::Services ScanSession::ask_services(const scan::Report& report, const std::stop_token& stop) {
    Services services;
    if ((!wishes_.banner && !wishes_.certificate) || stop.stop_requested()) return services;
    std::vector<scan::ServiceQuestion> questions;
    for (const auto& result : report.targets)
        for (const Port port : result.open.ports()) {
            const auto name = choice_.names.find(result.address);
            questions.push_back({result.address, port, name == choice_.names.end() ? "" : name->second});
        }
    progress_.say("asking services…");
    const auto wanted = !wishes_.certificate ? scan::Wanted::banner
                        : wishes_.banner     ? scan::Wanted::both
                                             : scan::Wanted::certificate;
    auto facts = probe_.ask(questions, wanted, stop);
    for (std::size_t i = 0; i < questions.size(); ++i)
        services[questions[i].address].emplace(questions[i].port, std::move(facts[i]));
    if (stop.stop_requested()) end_.end = scan::Report::End::stopped;
    progress_.clear();
    return services;
}

void ScanSession::print(const scan::Report& report, const Services& services) {
    static const std::map<Port, scan::ServiceFacts> none;
    for (const auto& result : report.targets) {
        const auto named =
            alone_.contains(result.address) ? ScannedHost::Named::alone : ScannedHost::Named::among_many;
        const auto found = services.find(result.address);
        printer_.host(
            {result, names_of(result.address), found == services.end() ? none : found->second, named});
        count(result, named);
    }
}

void ScanSession::count(const scan::TargetResult& result, ScannedHost::Named named) {
    ++end_.addresses;
    end_.with_open += result.open.empty() ? 0U : 1U;
    end_.open += result.open.size();
    end_.silent += result.round_trip ? 0U : 1U;
    if (result.unknown.empty()) return;
    ++unknown_;
    // In a network there are addresses that nobody has.
    if (named == ScannedHost::Named::alone || result.round_trip) ++end_.unknown;
}

void ScanSession::take_warnings(const scan::Report& report) {
    for (const auto& warning : report.warnings)
        if (warned_.insert(warning).second) {
            end_.warnings.push_back(warning);
            complain(warning, 1);
        }
}

std::vector<std::string> ScanSession::names_of(const IpAddress& address) const {
    std::vector<std::string> names;
    const auto [from, to] = choice_.names.equal_range(address);
    for (auto at = from; at != to; ++at)
        names.push_back(at->second);
    return names;
}

}  // namespace garita::programs
