#include "access/port_checks.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace garita::access {
namespace {

using Link = PortFacts::Link;
using Mode = PortFacts::Mode;

/// An access port where more than so many speak leads to another switch.
constexpr std::size_t most_behind_a_port = 8;

constexpr std::string_view cause = "psecure-violation";

Objection named(const char* what, const PortName& port, Facts more = {}) {
    more.emplace("place", port.text());
    return {what, std::move(more)};
}

std::optional<Objection> objection(const char* what, const PortFacts& facts, Facts more = {}) {
    return named(what, facts.port, std::move(more));
}

bool speaks_of_uplink(std::string_view description) {
    std::string small(description);
    std::transform(small.begin(), small.end(), small.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return small.find("uplink") != std::string::npos;
}

bool is_secured(const PortFacts& facts, const MacAddress& mac) {
    return std::any_of(facts.secured.begin(), facts.secured.end(),
                       [&](const SecuredMac& one) { return one.mac == mac; });
}

/// Somebody else speaks behind this port right now.
std::optional<MacAddress> another(const PortFacts& facts, const MacAddress& mac) {
    const bool for_one = facts.maximum == 1;
    for (const auto& one : facts.secured)  // what was only learnt goes when the cable does
        if (for_one && one.how == SecuredMac::How::learnt && one.mac != mac) return one.mac;
    if (facts.last_source && *facts.last_source != mac && (for_one || !is_secured(facts, *facts.last_source)))
        return facts.last_source;
    for (const auto& one : facts.seen)
        if (one.mac != mac && !is_secured(facts, one.mac)) return one.mac;
    return std::nullopt;
}

}  // namespace

std::optional<Objection> objection_to_port(const PortName& port, const std::vector<PortName>& never) {
    if (!port.is_physical()) return named("access.why.not_a_port", port);
    if (std::find(never.begin(), never.end(), port) != never.end()) return named("access.why.never", port);
    return std::nullopt;
}

std::optional<Objection> objection_to_touch(const PortFacts& facts, const std::vector<PortName>& never) {
    if (auto objects = objection_to_port(facts.port, never)) return objects;
    if (facts.mode == Mode::routed) return objection("access.why.routed", facts);
    if (facts.bundle) return objection("access.why.bundle", facts, {{"bundle", facts.bundle->text()}});
    if (facts.mode == Mode::trunk || facts.trunks_now) return objection("access.why.trunk", facts);
    if (facts.mode == Mode::dynamic) return objection("access.why.dynamic", facts);
    if (facts.mode != Mode::access) return objection("access.why.not_access", facts);
    if (facts.authenticates) return objection("access.why.dot1x", facts);
    if (facts.templated) return objection("access.why.templated", facts);
    if (facts.leads_on || speaks_of_uplink(facts.description) || facts.seen.size() > most_behind_a_port)
        return objection("access.why.uplink", facts);
    return std::nullopt;
}

std::optional<Objection> objection_to_secure(const PortFacts& facts, const MacAddress& mac) {
    if (!facts.security_enabled) return objection("access.why.no_port_security", facts);
    if (facts.link == Link::shut_down) return objection("access.why.shut_down", facts);
    if (facts.link == Link::down) return objection("access.why.down", facts);
    if (facts.link == Link::err_disabled && facts.err_reason != cause)
        return objection("access.why.err_disabled", facts, {{"reason", facts.err_reason}});
    if (const auto other = another(facts, mac))
        return objection("access.why.hub", facts, {{"other", other->text()}});
    return std::nullopt;
}

}  // namespace garita::access
