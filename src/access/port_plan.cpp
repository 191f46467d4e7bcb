#include "access/port_plan.hpp"

#include <algorithm>

namespace garita::access {
namespace {

using How = SecuredMac::How;
using In = SecuredMac::In;
using What = Change::What;

/// Addresses that stand for nobody, so that the first frame of any device is a violation.
bool is_placeholder(const MacAddress& mac) {
    return mac.bytes[0] == 0x02 && mac.bytes[1] == 0x00 && (mac.bytes[2] == 0x00 || mac.bytes[2] == 0x01);
}

/// In which of the port's VLANs the device speaks.
In where_it_speaks(const PortFacts& facts, const MacAddress& mac) {
    if (!facts.voice_vlan || facts.voice_vlan == facts.access_vlan) return In::any;
    const bool voice = (facts.last_source == mac && facts.last_vlan == facts.voice_vlan) ||
                       std::any_of(facts.seen.begin(), facts.seen.end(), [&](const SeenMac& one) {
                           return one.mac == mac && one.vlan == facts.voice_vlan;
                       });
    if (voice) return In::voice;
    return facts.maximum_access || facts.maximum_voice ? In::access : In::any;
}

bool is_in(const SecuredMac& entry, In in, const PortFacts& facts) {
    if (in == In::any) return true;
    const bool voice =
        entry.in == In::voice || (facts.voice_vlan && entry.vlan != 0 && entry.vlan == *facts.voice_vlan);
    return voice == (in == In::voice);
}

/// The others that take the places the device may have.
std::vector<SecuredMac> others_in(const PortFacts& facts, const MacAddress& mac, In in) {
    std::vector<SecuredMac> out;
    for (const auto& one : facts.secured)
        if (one.mac != mac && is_in(one, in, facts)) out.push_back(one);
    return out;
}

struct Room {
    bool free = true;
    std::optional<SecuredMac> replaced{};
};

std::optional<std::uint32_t> maximum_of(const PortFacts& facts, In in) {
    return in == In::voice ? facts.maximum_voice : in == In::access ? facts.maximum_access : std::nullopt;
}

/// A place for one more; where there is none, that of a stand-in, or of the only other one.
std::optional<Room> room_for(const PortFacts& facts, const MacAddress& mac, In in) {
    const auto own = maximum_of(facts, in);
    const auto all = others_in(facts, mac, In::any);
    const auto close = others_in(facts, mac, in);
    if (all.size() < facts.maximum && (!own || close.size() < *own)) return Room{};
    std::vector<SecuredMac> stand_ins;
    for (const auto& one : close)
        if (is_placeholder(one.mac)) stand_ins.push_back(one);
    if (stand_ins.size() == 1) return Room{false, stand_ins.front()};
    const bool for_one = own.value_or(facts.maximum) == 1;
    if (for_one && close.size() == 1 && close.front().how != How::learnt) return Room{false, close.front()};
    return std::nullopt;
}

void add_releases(PortPlan& plan, const std::vector<Elsewhere>& ports) {
    for (const auto& one : ports) {
        plan.journal.changes.push_back(taking_out(one.entry));
        const auto& before = plan.journal.before;
        if (std::none_of(before.begin(), before.end(),
                         [&](const PortBefore& port) { return port.port == one.entry.port; }))
            plan.journal.before.push_back(before_of(one.facts));
        auto& from = plan.facts["moved_from"];
        from += (from.empty() ? "" : ", ") + one.entry.port.text();
    }
}

Objection full(const PortFacts& facts) {
    return {"access.why.full", {{"place", facts.port.text()}, {"maximum", std::to_string(facts.maximum)}}};
}

}  // namespace

tl::expected<PortPlan, Objection> plan_to_secure(const PortFacts& here, const MacAddress& mac,
                                                 const std::vector<Elsewhere>& elsewhere) {
    PortPlan plan;
    auto& changes = plan.journal.changes;
    plan.journal.before.push_back(before_of(here));
    add_releases(plan, elsewhere);
    if (!elsewhere.empty()) plan.warnings.emplace_back("access.warn.moved");
    if (here.violation == PortViolation::protect) plan.warnings.emplace_back("access.warn.protect_mode");
    const auto mine = std::find_if(here.secured.begin(), here.secured.end(),
                                   [&](const SecuredMac& one) { return one.mac == mac; });
    if (mine == here.secured.end() || mine->how == How::learnt) {
        const auto in = where_it_speaks(here, mac);
        const auto room = room_for(here, mac, in);
        if (!room) return tl::unexpected(full(here));
        if (mine != here.secured.end()) changes.push_back(taking_out(*mine));
        if (room->replaced) {
            changes.push_back(taking_out(*room->replaced));
            plan.facts["replaced"] = room->replaced->mac.text();
            plan.warnings.emplace_back("access.warn.replaced");
        }
        changes.push_back({What::secure, here.port, mac, here.learns_sticky ? How::sticky : How::fixed, in});
    }
    if (here.link == PortFacts::Link::err_disabled)
        changes.push_back({What::recover, here.port, mac, How::sticky, In::any});
    return plan;
}

PortPlan plan_to_release(const std::vector<Elsewhere>& ports) {
    PortPlan plan;
    add_releases(plan, ports);
    return plan;
}

}  // namespace garita::access
