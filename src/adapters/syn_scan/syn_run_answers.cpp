// What arrives: whose answer it is, and whether it is one.
#include <chrono>

#include "adapters/syn_scan/filter.hpp"
#include "adapters/syn_scan/syn_run.hpp"

namespace garita::syn_scan {

namespace {

constexpr Duration look_interval = std::chrono::milliseconds{20};  ///< for drops, and for a link that is gone

}  // namespace

void SynRun::take_in(Time now) {
    const auto real = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const Duration offset = now_is() - real;
    for (std::uint32_t link = 0; link < rings_.size(); ++link)
        rings_[link].drain([&](const ReceiveRing::Packet& packet) {
            if (const auto answered = parse_answer(packet.ether_type, packet.bytes, packet.sums))
                take(*answered, link, packet.arrived + offset);
        });
    if (now - looked_ < look_interval) return;
    looked_ = now;
    for (std::uint32_t link = 0; link < rings_.size(); ++link) {
        if (const auto drops = rings_[link].take_drops(); drops > 0) planner_.receive_drops(drops);
        if (const int error = rings_[link].take_error(); error != 0) lose(link, error);
    }
}

void SynRun::take(const Answered& answered, std::uint32_t link, Time at) {
    if (const auto* tcp = std::get_if<TcpAnswer>(&answered))
        take_tcp(*tcp, at);
    else if (const auto* icmp = std::get_if<IcmpAnswer>(&answered))
        take_icmp(*icmp, at);
    else
        take_neighbour(std::get<NeighbourAnswer>(answered), link, at);
}

std::optional<scan::Probe> SynRun::probe_of(const IpAddress& target, Port port, Port own) const {
    if ((own & attempts_mask) != first_port_) return std::nullopt;
    const auto found = index_.find(target);
    if (!found) return std::nullopt;
    return scan::Probe{*found, port, static_cast<std::uint8_t>(own & ~attempts_mask)};
}

void SynRun::take_tcp(const TcpAnswer& answer, Time at) {
    const auto probe = probe_of(answer.from, answer.port, answer.own);
    if (!probe) return;
    const Way& way = ways_.ways[probe->target];
    if (answer.acknowledged - 1 != cookie(way.cookie, answer.port, answer.own)) return;
    if (ways_.paths.empty() || answer.to != ways_.paths[way.path].own) return;
    const auto kind = answer.kind == TcpAnswer::Kind::open ? scan::Answer::open : scan::Answer::closed;
    const auto news = planner_.answered(*probe, kind, at);
    if (news == scan::Planner::News::first && kind == scan::Answer::open && listeners_.open)
        listeners_.open(answer.from, answer.port);
}

void SynRun::take_icmp(const IcmpAnswer& answer, Time at) {
    const auto probe = probe_of(answer.quoted_to, answer.port, answer.own);
    if (!probe) return;
    const Way& way = ways_.ways[probe->target];
    if (answer.sequence != cookie(way.cookie, answer.port, answer.own)) return;
    if (ways_.paths.empty() || answer.quoted_from != ways_.paths[way.path].own) return;
    if (answer.kind == IcmpAnswer::Kind::forbidden)
        planner_.answered(*probe, scan::Answer::forbidden, at);
    else
        planner_.unclear(*probe, "not reachable, says " + answer.from.text(), at);
}

void SynRun::take_neighbour(const NeighbourAnswer& answer, std::uint32_t link, Time at) {
    const auto found = ways_.neighbours.answered({link, answer.address}, answer.mac, at);
    if (!found) return;
    for (const std::uint32_t target : found->targets) {
        ways_.ways[target].mac = found->mac;
        const bool itself = job_.targets[target].address == answer.address;
        planner_.release(target, itself ? std::optional(found->round_trip) : std::nullopt);
    }
}

}  // namespace garita::syn_scan
