// Whatever a network may send to somebody who scans it, through the reader of answers: the first two bytes
// are the type of the packet. Invariants beyond the sanitizers: addresses are of the packet's family, and
// what a sum vouches for is also read without it.

#include <span>
#include <variant>

#include "adapters/syn_scan/answer.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;
using syn_scan::parse_answer;
using syn_scan::Sums;

void check(const syn_scan::Answered& answered, IpFamily family) {
    if (const auto* tcp = std::get_if<syn_scan::TcpAnswer>(&answered))
        must(tcp->from.family() == tcp->to.family());
    if (const auto* icmp = std::get_if<syn_scan::IcmpAnswer>(&answered))
        must(icmp->quoted_from.family() == icmp->quoted_to.family());
    if (const auto* neighbour = std::get_if<syn_scan::NeighbourAnswer>(&answered))
        must(neighbour->address.family() == family);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const auto type = static_cast<std::uint16_t>(data[0] << 8 | data[1]);
    const std::span packet(data + 2, size - 2);
    const auto lax = parse_answer(type, packet, Sums::vouched_for);
    const auto strict = parse_answer(type, packet, Sums::to_be_checked);
    must(!strict || lax);
    if (strict) must(strict->index() == lax->index());
    if (lax) check(*lax, type == 0x86dd ? IpFamily::v6 : IpFamily::v4);
    return 0;
}
