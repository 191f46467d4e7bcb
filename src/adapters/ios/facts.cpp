#include "adapters/ios/facts.hpp"

#include <algorithm>

#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

using access::PortFacts;
using access::PortName;
using access::SecuredMac;
using access::SeenMac;

access::PortViolation violation_of(ViolationMode mode) {
    switch (mode) {
        case ViolationMode::protect:
            return access::PortViolation::protect;
        case ViolationMode::restrict:
            return access::PortViolation::restrict;
        case ViolationMode::shutdown_vlan:
            return access::PortViolation::shutdown_vlan;
        case ViolationMode::shutdown:
            break;
    }
    return access::PortViolation::shutdown;
}

PortFacts::Mode mode_of(const RunningInterface& running) {
    using Mode = RunningInterface::Mode;
    if (running.routed) return PortFacts::Mode::routed;
    switch (running.mode) {
        case Mode::access:
            return PortFacts::Mode::access;
        case Mode::trunk:
            return PortFacts::Mode::trunk;
        case Mode::none:  // what IOS does where nothing is said
        case Mode::dynamic:
            return PortFacts::Mode::dynamic;
        case Mode::other:
            break;
    }
    return PortFacts::Mode::other;
}

}  // namespace

void add(PortFacts& facts, const RunningInterface& running) {
    facts.port = running.port;
    facts.mode = mode_of(running);
    if (!running.bundle.empty()) facts.bundle = PortName::parse("Port-channel" + running.bundle);
    facts.authenticates = running.authenticates;
    facts.templated = !running.templates.empty();
    facts.description = running.description;
    facts.learns_sticky = running.learns_sticky;
    facts.configuration = running.lines;
    if (running.shut_down) facts.link = PortFacts::Link::shut_down;
    for (const auto& one : running.vlan_maximums) {
        if (one.vlan == "access") facts.maximum_access = one.maximum;
        if (one.vlan == "voice") facts.maximum_voice = one.maximum;
    }
    for (const auto& one : running.secured)
        facts.secured.push_back(secured_of(one, running.port));
}

void add(PortFacts& facts, const InterfaceStatus& status) {
    using Link = PortFacts::Link;
    facts.link = Link::down;
    if (status.status == "connected" || status.status == "monitoring") facts.link = Link::up;
    if (status.status == "err-disabled") facts.link = Link::err_disabled;
    if (status.status == "disabled") facts.link = Link::shut_down;
    if (status.shown_vlan == "trunk") facts.trunks_now = true;
    if (status.shown_vlan == "routed") facts.mode = PortFacts::Mode::routed;
}

void add(PortFacts& facts, const Switchport& switchport) {
    if (!switchport.enabled) {
        facts.mode = PortFacts::Mode::routed;
        return;
    }
    if (switchport.administrative == "trunk") facts.mode = PortFacts::Mode::trunk;
    if (switchport.administrative.starts_with("dynamic")) facts.mode = PortFacts::Mode::dynamic;
    if (switchport.administrative == "static access") facts.mode = PortFacts::Mode::access;
    if (switchport.operational == "trunk") facts.trunks_now = true;
    if (!switchport.bundle.empty()) facts.bundle = PortName::parse(switchport.bundle);
    facts.access_vlan = switchport.access_vlan;
    facts.voice_vlan = switchport.voice_vlan;
}

void add(PortFacts& facts, const PortSecurity& security) {
    facts.security_enabled = security.enabled;
    facts.violation = violation_of(security.violation_mode);
    facts.maximum = security.maximum;
    facts.violations = security.violations;
    if (security.last_source && *security.last_source != MacAddress{})
        facts.last_source = security.last_source;
    if (facts.last_source) facts.last_vlan = security.last_vlan;
}

SecuredMac secured_of(const SecureAddress& address) {
    SecuredMac out;
    out.mac = address.mac;
    out.port = address.port;
    out.vlan = address.vlan;
    if (address.type == SecureAddress::Type::configured) out.how = SecuredMac::How::fixed;
    if (address.type == SecureAddress::Type::sticky) out.how = SecuredMac::How::sticky;
    return out;
}

SecuredMac secured_of(const RunningInterface::Secured& secured, const PortName& port) {
    SecuredMac out;
    out.mac = secured.mac;
    out.port = port;
    out.how = secured.how == RunningInterface::Secured::How::sticky ? SecuredMac::How::sticky
                                                                    : SecuredMac::How::fixed;
    if (secured.vlan == "access") out.in = SecuredMac::In::access;
    if (secured.vlan == "voice") out.in = SecuredMac::In::voice;
    if (const auto vlan = vlan_of(secured.vlan)) out.vlan = *vlan;
    return out;
}

std::vector<SeenMac> seen_of(const std::vector<MacEntry>& entries) {
    std::vector<SeenMac> out;
    for (const auto& entry : entries)
        for (const auto& place : entry.ports)
            if (place.port) out.push_back({entry.mac, entry.vlan, *place.port});
    return out;
}

Result<std::vector<SecuredMac>> secured_lines(const std::vector<std::string>& lines, const MacAddress& mac) {
    std::vector<SecuredMac> out;
    std::string block;
    bool named = false;
    const auto end_block = [&]() -> Result<void> {
        if (!named) return {};
        named = false;
        const auto output = Output::read(block + "end\n");
        if (!output) return tl::unexpected(output.error());
        const auto running = parse_running_interface(*output);
        if (!running) return tl::unexpected(running.error());
        for (const auto& one : running->secured)
            if (one.mac == mac) out.push_back(secured_of(one, running->port));
        return {};
    };
    for (const auto& line : lines) {
        if (line.starts_with("interface ")) {
            if (const auto done = end_block(); !done) return tl::unexpected(done.error());
            block = line + "\n";
        } else if (line.starts_with(" ") && !block.empty()) {
            block += line + "\n";
            named = true;
        }
    }
    if (const auto done = end_block(); !done) return tl::unexpected(done.error());
    return out;
}

}  // namespace garita::ios
