#include "adapters/syn_scan/frame.hpp"

#include <algorithm>

#include "adapters/syn_scan/checksum.hpp"

namespace garita::syn_scan {

namespace {

constexpr std::size_t ethernet_size = 14;
constexpr std::size_t ipv4_size = 20;
constexpr std::size_t ipv6_size = 40;
constexpr std::size_t tcp_size = 24;  // with the largest segment size, as every system's SYN has it
constexpr std::uint8_t protocol_tcp = 6;
constexpr std::uint8_t protocol_icmp6 = 58;

void put16(std::uint8_t* at, std::uint32_t value) {
    at[0] = static_cast<std::uint8_t>(value >> 8);
    at[1] = static_cast<std::uint8_t>(value);
}
void put32(std::uint8_t* at, std::uint32_t value) {
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}
void put(std::uint8_t* at, std::span<const std::uint8_t> bytes) {
    std::copy(bytes.begin(), bytes.end(), at);
}
std::span<const std::uint8_t> bytes_of(const IpAddress& address) {
    return std::span(address.bytes()).first(address.size());
}

void put_ethernet(std::uint8_t* at, const MacAddress& to, const MacAddress& from, std::uint16_t type) {
    put(at, to);
    put(at + 6, from);
    put16(at + 12, type);
}

void put_ipv4(std::uint8_t* at, const IpAddress& own) {
    at[0] = 0x45;
    put16(at + 2, ipv4_size + tcp_size);
    at[6] = 0x40;  // never in pieces
    at[8] = 64;
    at[9] = protocol_tcp;
    put(at + 12, bytes_of(own));
}

void put_ipv6(std::uint8_t* at, const IpAddress& own, std::size_t length, std::uint8_t protocol,
              std::uint8_t hops) {
    at[0] = 0x60;
    put16(at + 4, static_cast<std::uint32_t>(length));
    at[6] = protocol;
    at[7] = hops;
    put(at + 8, bytes_of(own));
}

void put_syn(std::uint8_t* at, std::uint32_t largest_segment) {
    at[12] = (tcp_size / 4) << 4;
    at[13] = 0x02;
    put16(at + 14, 1024);
    put16(at + 20, 0x0204);
    put16(at + 22, largest_segment);
}

std::size_t write_arp(FrameBytes& out, const MacAddress& own_mac, const IpAddress& own,
                      const IpAddress& wanted) {
    constexpr std::array<std::uint8_t, 8> request_of_ipv4{0, 1, 8, 0, 6, 4, 0, 1};
    out.fill(0);
    put_ethernet(out.data(), {0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, own_mac, 0x0806);
    std::uint8_t* arp = out.data() + ethernet_size;
    put(arp, request_of_ipv4);
    put(arp + 8, own_mac);
    put(arp + 14, bytes_of(own));
    put(arp + 24, bytes_of(wanted));
    return ethernet_size + 28;
}

std::size_t write_solicitation(FrameBytes& out, const MacAddress& own_mac, const IpAddress& own,
                               const IpAddress& wanted) {
    constexpr std::size_t length = 32;
    const auto& last = wanted.bytes();
    const IpAddress group =
        IpAddress::from_v6({0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, last[13], last[14], last[15]});
    out.fill(0);
    put_ethernet(out.data(), {0x33, 0x33, 0xff, last[13], last[14], last[15]}, own_mac, 0x86dd);
    std::uint8_t* ip = out.data() + ethernet_size;
    put_ipv6(ip, own, length, protocol_icmp6, 255);
    put(ip + 24, bytes_of(group));
    std::uint8_t* icmp = ip + ipv6_size;
    icmp[0] = 135;
    put(icmp + 8, bytes_of(wanted));
    icmp[24] = 1;  // option: the sender's own address on the link
    icmp[25] = 1;
    put(icmp + 26, own_mac);
    put16(icmp + 2, checksum_of(pseudo_sum(own, group, protocol_icmp6, length) + sum_of({icmp, length})));
    return ethernet_size + ipv6_size + length;
}

}  // namespace

SynTemplate::SynTemplate(const IpAddress& own, LinkHeader header, const MacAddress& own_mac)
    : network_(header == LinkHeader::ethernet ? ethernet_size : 0),
      transport_(network_ + (own.is_v4() ? ipv4_size : ipv6_size)),
      size_(transport_ + tcp_size),
      v4_(own.is_v4()) {
    if (network_ > 0) put_ethernet(bytes_.data(), {}, own_mac, v4_ ? 0x0800 : 0x86dd);
    std::uint8_t* ip = bytes_.data() + network_;
    if (v4_)
        put_ipv4(ip, own);
    else
        put_ipv6(ip, own, tcp_size, protocol_tcp, 64);
    put_syn(bytes_.data() + transport_, v4_ ? 1460 : 1440);
    if (v4_) header_sum_ = sum_of({ip, ipv4_size});
    tcp_sum_ =
        sum_of({bytes_.data() + transport_, tcp_size}) + sum_of(bytes_of(own)) + protocol_tcp + tcp_size;
}

std::uint32_t SynTemplate::target_sum(const IpAddress& target) const {
    return sum_of(bytes_of(target));
}

std::size_t SynTemplate::write(FrameBytes& out, const MacAddress& mac, const IpAddress& target,
                               std::uint32_t target_sum, Port own_port, Port port,
                               std::uint32_t sequence) const {
    out = bytes_;
    std::uint8_t* ip = out.data() + network_;
    if (network_ > 0) put(out.data(), mac);
    if (v4_) {
        put(ip + 16, bytes_of(target));
        put16(ip + 10, checksum_of(header_sum_ + target_sum));
    } else {
        put(ip + 24, bytes_of(target));
    }
    std::uint8_t* tcp = out.data() + transport_;
    put16(tcp, own_port);
    put16(tcp + 2, port);
    put32(tcp + 4, sequence);
    const std::uint32_t sum =
        tcp_sum_ + target_sum + own_port + port + (sequence >> 16) + (sequence & 0xffff);
    put16(tcp + 16, checksum_of(sum));
    return size_;
}

std::size_t write_neighbour_question(FrameBytes& out, const MacAddress& own_mac, const IpAddress& own,
                                     const IpAddress& wanted) {
    return wanted.is_v4() ? write_arp(out, own_mac, own, wanted)
                          : write_solicitation(out, own_mac, own, wanted);
}

}  // namespace garita::syn_scan
