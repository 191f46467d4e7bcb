#include "adapters/syn_scan/answer.hpp"

#include <algorithm>

#include "adapters/syn_scan/checksum.hpp"

namespace garita::syn_scan {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint16_t type_ipv4 = 0x0800;
constexpr std::uint16_t type_arp = 0x0806;
constexpr std::uint16_t type_ipv6 = 0x86dd;
constexpr std::uint8_t protocol_icmp = 1;
constexpr std::uint8_t protocol_tcp = 6;
constexpr std::uint8_t protocol_icmp6 = 58;
constexpr std::uint8_t flag_syn = 0x02;
constexpr std::uint8_t flag_rst = 0x04;
constexpr std::uint8_t flag_ack = 0x10;

std::uint16_t number16(Bytes bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}
std::uint32_t number32(Bytes bytes, std::size_t at) {
    return static_cast<std::uint32_t>(number16(bytes, at)) << 16 | number16(bytes, at + 2);
}
IpAddress v4_at(Bytes bytes, std::size_t at) {
    return IpAddress::from_v4({bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]});
}
IpAddress v6_at(Bytes bytes, std::size_t at) {
    std::array<std::uint8_t, 16> raw{};
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), raw.size(), raw.begin());
    return IpAddress::from_v6(raw);
}
MacAddress mac_at(Bytes bytes, std::size_t at) {
    MacAddress mac{};
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), mac.size(), mac.begin());
    return mac;
}

struct Packet {
    IpAddress from;
    IpAddress to;
    std::uint8_t protocol = 0;
    std::uint8_t hops = 0;
    Bytes payload;              ///< as far as it is there
    std::size_t announced = 0;  ///< length of the whole payload
};

/// `packet` may be shorter than it says, where it is only a quotation.
std::optional<Packet> read_ipv4(Bytes packet) {
    if (packet.size() < 20 || packet[0] >> 4 != 4) return std::nullopt;
    const std::size_t header = static_cast<std::size_t>(packet[0] & 15) * 4;
    const std::size_t total = number16(packet, 2);
    if (header < 20 || packet.size() < header || total < header) return std::nullopt;
    if ((number16(packet, 6) & 0x3fff) != 0) return std::nullopt;  // a fragment
    const Bytes rest = packet.subspan(header);
    return Packet{v4_at(packet, 12),
                  v4_at(packet, 16),
                  packet[9],
                  packet[8],
                  rest.first(std::min(rest.size(), total - header)),
                  total - header};
}

std::optional<Packet> read_ipv6(Bytes packet) {
    if (packet.size() < 40 || packet[0] >> 4 != 6) return std::nullopt;
    const std::size_t length = number16(packet, 4);
    const Bytes rest = packet.subspan(40);
    const IpAddress from = v6_at(packet, 8);
    const IpAddress to = v6_at(packet, 24);
    if (from.is_v4() || to.is_v4()) return std::nullopt;  // mapped ones never travel
    return Packet{from, to, packet[6], packet[7], rest.first(std::min(rest.size(), length)), length};
}

bool sum_is_right(const Packet& packet, Sums sums) {
    if (sums == Sums::vouched_for) return true;
    // what was cut off when it was received cannot be checked; only quotations are that long
    if (packet.payload.size() < packet.announced) return packet.protocol != protocol_tcp;
    const std::uint32_t pseudo = packet.protocol == protocol_icmp
                                     ? 0
                                     : pseudo_sum(packet.from, packet.to, packet.protocol, packet.announced);
    return checksum_of(pseudo + sum_of(packet.payload)) == 0;
}

std::optional<Answered> read_tcp(const Packet& packet, Sums sums) {
    const Bytes segment = packet.payload;
    if (segment.size() < 20 || !sum_is_right(packet, sums)) return std::nullopt;
    const std::uint8_t flags = segment[13];
    if ((flags & flag_ack) == 0 || (flags & (flag_syn | flag_rst)) == 0) return std::nullopt;
    TcpAnswer answer;
    answer.from = packet.from;
    answer.to = packet.to;
    answer.port = number16(segment, 0);
    answer.own = number16(segment, 2);
    answer.acknowledged = number32(segment, 8);
    answer.kind = (flags & flag_rst) != 0 ? TcpAnswer::Kind::closed : TcpAnswer::Kind::open;
    return answer;
}

/// What the error means for the port; nothing: no such error.
std::optional<IcmpAnswer::Kind> meaning(const Packet& packet) {
    const std::uint8_t type = packet.payload[0];
    const std::uint8_t code = packet.payload[1];
    using Kind = IcmpAnswer::Kind;
    if (packet.protocol == protocol_icmp) {
        if (type != 3 || code == 4) return std::nullopt;  // 4: to be sent in smaller pieces
        const bool forbids = code == 2 || code == 3 || code == 9 || code == 10 || code == 13;
        return forbids ? Kind::forbidden : Kind::unreachable;
    }
    if (type != 1) return std::nullopt;
    return code == 1 || code == 4 || code == 5 || code == 6 ? Kind::forbidden : Kind::unreachable;
}

std::optional<Answered> read_error(const Packet& packet, Sums sums) {
    if (packet.payload.size() < 8 || !sum_is_right(packet, sums)) return std::nullopt;
    const auto kind = meaning(packet);
    if (!kind) return std::nullopt;
    const Bytes quoted = packet.payload.subspan(8);
    const auto inner = packet.protocol == protocol_icmp ? read_ipv4(quoted) : read_ipv6(quoted);
    if (!inner || inner->protocol != protocol_tcp || inner->payload.size() < 8) return std::nullopt;
    IcmpAnswer answer;
    answer.from = packet.from;
    answer.quoted_from = inner->from;
    answer.quoted_to = inner->to;
    answer.own = number16(inner->payload, 0);
    answer.port = number16(inner->payload, 2);
    answer.sequence = number32(inner->payload, 4);
    answer.kind = *kind;
    return answer;
}

std::optional<Answered> read_advertisement(const Packet& packet, Sums sums) {
    constexpr std::uint8_t option_target_address = 2;
    // only from the same link, where the number of hops is still whole (RFC 4861)
    if (packet.hops != 255 || packet.payload.size() < 24 || !sum_is_right(packet, sums)) return std::nullopt;
    const IpAddress address = v6_at(packet.payload, 8);
    if (address.is_v4()) return std::nullopt;
    Bytes options = packet.payload.subspan(24);
    while (options.size() >= 8) {
        const std::size_t length = std::size_t{options[1]} * 8;
        if (length == 0 || length > options.size()) return std::nullopt;
        if (options[0] == option_target_address) return NeighbourAnswer{address, mac_at(options, 2)};
        options = options.subspan(length);
    }
    return std::nullopt;
}

std::optional<Answered> read_arp(Bytes packet) {
    constexpr std::array<std::uint8_t, 8> reply_of_ipv4{0, 1, 8, 0, 6, 4, 0, 2};
    if (packet.size() < 28 || !std::equal(reply_of_ipv4.begin(), reply_of_ipv4.end(), packet.begin()))
        return std::nullopt;
    return NeighbourAnswer{v4_at(packet, 14), mac_at(packet, 8)};
}

}  // namespace

std::optional<Answered> parse_answer(std::uint16_t ether_type, std::span<const std::uint8_t> bytes,
                                     Sums sums) {
    if (ether_type == type_arp) return read_arp(bytes);
    if (ether_type == type_ipv4) {
        const auto packet = read_ipv4(bytes);
        if (packet && packet->protocol == protocol_tcp) return read_tcp(*packet, sums);
        if (packet && packet->protocol == protocol_icmp) return read_error(*packet, sums);
    }
    if (ether_type == type_ipv6) {
        const auto packet = read_ipv6(bytes);
        if (packet && packet->protocol == protocol_tcp) return read_tcp(*packet, sums);
        if (packet && packet->protocol == protocol_icmp6 && !packet->payload.empty())
            return packet->payload[0] == 136 ? read_advertisement(*packet, sums) : read_error(*packet, sums);
    }
    return std::nullopt;
}

}  // namespace garita::syn_scan
