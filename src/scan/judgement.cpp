#include "scan/judgement.hpp"

#include <algorithm>

namespace garita::scan {
namespace {

PortSet unknown_of(const TargetResult& result) {
    PortSet ports;
    for (const auto& one : result.unknown)
        ports = ports | one.ports;
    return ports;
}

void explain(Observation& all, const TargetResult& result) {
    if (!all.why.empty()) return;
    for (const auto& one : result.unknown)
        if (!one.ports.empty()) all.why = result.address.text() + ": " + one.why;
}

void judge_tcp(Observation& all, PortDifference& here, const WantedPorts& wanted, const Asked& asked,
               const TargetResult& result) {
    const PortSet unknown = unknown_of(result) & asked.tcp;
    here.missing = ((wanted.must & asked.tcp) - result.open) - unknown;
    here.unexpected = ((result.open & asked.tcp) - wanted.must) - wanted.may;
    all.unsure.missing = all.unsure.missing | (unknown & wanted.must);
    all.unsure.unexpected = all.unsure.unexpected | ((unknown - wanted.must) - wanted.may);
    all.open = all.open | result.open;
    explain(all, result);
}

/// `filtered` of UDP means open or filtered: nobody can tell.
void judge_udp(Observation& all, PortDifference& here, const WantedPorts& wanted, const Asked& asked,
               const TargetResult& result) {
    const PortSet unknown = unknown_of(result) & asked.udp;
    here.missing_udp = wanted.udp_must & asked.udp & result.closed;
    here.unexpected_udp = ((result.open & asked.udp) - wanted.udp_must) - wanted.udp_may;
    all.unsure.missing_udp = all.unsure.missing_udp | (unknown & wanted.udp_must);
    all.open_udp = all.open_udp | result.open;
    explain(all, result);
}

/// A service that told nothing of itself is not known; one that is not there is a matter of its port.
void judge_services(Observation& all, PortDifference& here, const AddressResult& result) {
    for (const auto& [port, finding] : result.services) {
        if (!finding.known) {
            all.unsure.services.emplace(port, std::string());
            if (all.why.empty())
                all.why = result.address.text() + ": what answers at port " + std::to_string(port) +
                          " did not tell what it is";
            continue;
        }
        if (!finding.otherwise.empty()) here.services.emplace(port, finding.otherwise);
        if (!finding.otherwise.empty() && !all.differs.services.contains(port))
            all.services[port] = finding.seen;  // what is told of is what is shown
        all.services.emplace(port, finding.seen);
    }
}

bool answered(const TargetResult* result) {
    return result != nullptr && (!result->open.empty() || !result->closed.empty() || result->round_trip);
}

bool was_unknown(const TargetResult* result) {
    return result != nullptr && result->filtered.empty() && !unknown_of(*result).empty();
}

}  // namespace

Observation judge(const WantedPorts& wanted, const Asked& asked, const std::vector<AddressResult>& results) {
    Observation all;
    bool heard = false;
    bool unreachable = false;
    for (const auto& one : results) {
        PortDifference here;
        all.addresses.push_back(one.address);
        if (one.tcp != nullptr) judge_tcp(all, here, wanted, asked, *one.tcp);
        if (one.udp != nullptr) judge_udp(all, here, wanted, asked, *one.udp);
        judge_services(all, here, one);
        heard = heard || answered(one.tcp) || answered(one.udp);
        unreachable = unreachable || was_unknown(one.tcp) || was_unknown(one.udp);
        all.differs = all.differs | here;
        if (results.size() > 1 && !here.empty())
            all.where += (all.where.empty() ? "" : "; ") + one.address.text() + ": " + here.words();
    }
    all.unsure = all.unsure - all.differs;  // one address proves it
    all.answer = heard ? HostAnswer::heard : unreachable ? HostAnswer::unreachable : HostAnswer::silent;
    return all;
}

Observation unresolved(std::string why) {
    Observation all;
    all.answer = HostAnswer::unresolved;
    all.why = std::move(why);
    return all;
}

PortDifference seen(const PortDifference& drift, const Observation& now) {
    auto all = now.differs | (drift & now.unsure);
    for (auto& [port, found] : all.services) {
        const auto before = drift.services.find(port);
        if (before != drift.services.end() && is_same_service(before->second, found)) found = before->second;
    }
    return all;
}

PortDifference confirmed(const PortDifference& drift, const PortDifference& looked_at,
                         const Observation& now) {
    const PortDifference sure = looked_at - now.unsure;
    auto shown_again = now.differs & sure;
    for (auto& [port, found] : shown_again.services)
        found = common_finding(looked_at.services.at(port), found);
    return (drift - sure) | shown_again;
}

PortDifference between(const PortDifference& one, const PortDifference& other) {
    auto all = (one - other) | (other - one);
    for (const auto& [port, found] : one.services) {
        const auto there = other.services.find(port);
        if (there != other.services.end() && there->second != found)
            all.services.emplace(port, there->second);
    }
    return all;
}

Asked ports_of(const PortDifference& difference) {
    const auto services = garita::ports_of(difference.services);
    return {difference.missing | difference.unexpected | services,
            difference.missing_udp | difference.unexpected_udp, services};
}

}  // namespace garita::scan
