#include "adapters/syn_scan/filter.hpp"

#include <cstdint>

namespace garita::syn_scan {

namespace {

constexpr std::uint32_t network = static_cast<std::uint32_t>(SKF_NET_OFF);
constexpr std::uint32_t longest = 160;  // a quotation of IPv6 with its headers

sock_filter load(std::uint16_t size, std::uint32_t at) {
    return {static_cast<std::uint16_t>(BPF_LD | BPF_ABS | size), 0, 0, at};
}
/// Skips so many instructions where equal, and where not.
sock_filter equal(std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
    return {BPF_JMP | BPF_JEQ | BPF_K, yes, no, value};
}
sock_filter give(std::uint32_t length) {
    return {BPF_RET | BPF_K, 0, 0, length};
}
sock_filter mask(std::uint32_t bits) {
    return {BPF_ALU | BPF_AND | BPF_K, 0, 0, bits};
}

}  // namespace

std::vector<sock_filter> receive_filter(Port first) {
    const auto family = static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_PROTOCOL);
    // IPv4's options are not expected in answers: such packets are left out
    return {
        /* 0 */ load(BPF_H, family),
        /* 1 */ equal(0x0806, 20, 0),  // ARP → 22
        /* 2 */ equal(0x86dd, 9, 0),   // IPv6 → 12
        /* 3 */ equal(0x0800, 0, 22),  // other → 26
        /* 4 */ load(BPF_B, network),
        /* 5 */ equal(0x45, 0, 20),  // → 26
        /* 6 */ load(BPF_B, network + 9),
        /* 7 */ equal(6, 2, 0),               // TCP → 10
        /* 8 */ equal(1, 0, 17),              // ICMP, else → 26
        /* 9 */ {BPF_JMP | BPF_JA, 0, 0, 9},  // → 19
        /* 10 */ load(BPF_H, network + 20 + 2),
        /* 11 */ {BPF_JMP | BPF_JA, 0, 0, 4},  // → 16
        /* 12 */ load(BPF_B, network + 6),
        /* 13 */ equal(6, 1, 0),    // TCP → 15
        /* 14 */ equal(58, 9, 11),  // ICMPv6 → 24, else → 26
        /* 15 */ load(BPF_H, network + 40 + 2),
        /* 16 */ mask(attempts_mask),
        /* 17 */ equal(first, 7, 8),  // → 25 or 26
        /* 18 */ give(0),
        /* 19 */ load(BPF_B, network + 20),
        /* 20 */ equal(3, 4, 5),  // unreachable → 25
        /* 21 */ give(0),
        /* 22 */ load(BPF_H, network + 6),
        /* 23 */ equal(2, 1, 2),               // reply → 25
        /* 24 */ {BPF_JMP | BPF_JA, 0, 0, 2},  // → 27
        /* 25 */ give(longest),
        /* 26 */ give(0),
        /* 27 */ load(BPF_B, network + 40),
        /* 28 */ equal(1, 1, 0),    // unreachable → 30
        /* 29 */ equal(136, 0, 1),  // advertisement
        /* 30 */ give(longest),
        /* 31 */ give(0),
    };
}

}  // namespace garita::syn_scan
