#include "adapters/syn_scan/answer.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/syn_scan/checksum.hpp"
#include "adapters/syn_scan/cookie.hpp"
#include "adapters/syn_scan/frame.hpp"

namespace garita::syn_scan {
namespace {

using Bytes = std::vector<std::uint8_t>;

IpAddress address(std::string_view text) {
    return IpAddress::parse(text).value();
}

/// The packet that our own template makes, without Ethernet's header.
Bytes syn(std::string_view from, std::string_view to, Port own, Port port, std::uint32_t sequence) {
    const SynTemplate made(address(from), LinkHeader::none, {});
    FrameBytes frame{};
    const auto size = made.write(frame, {}, address(to), made.target_sum(address(to)), own, port, sequence);
    return {frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size)};
}

/// Sets TCP's flags and acknowledgement in such a packet, and its sum anew.
Bytes answer(Bytes packet, std::uint8_t flags, std::uint32_t acknowledged) {
    const bool v4 = packet[0] >> 4 == 4;
    const std::size_t tcp = v4 ? 20 : 40;
    packet[tcp + 13] = flags;
    for (unsigned i = 0; i < 4; ++i)
        packet[tcp + 8 + i] = static_cast<std::uint8_t>(acknowledged >> (24 - 8 * i));
    packet[tcp + 16] = packet[tcp + 17] = 0;
    const auto addresses = std::span(packet).subspan(v4 ? 12 : 8, v4 ? 8 : 32);
    const auto segment = std::span(packet).subspan(tcp);
    const std::uint16_t sum =
        checksum_of(sum_of(addresses) + 6 + static_cast<std::uint32_t>(segment.size()) + sum_of(segment));
    packet[tcp + 16] = static_cast<std::uint8_t>(sum >> 8);
    packet[tcp + 17] = static_cast<std::uint8_t>(sum);
    return packet;
}

std::uint16_t type_of(const Bytes& packet) {
    return packet[0] >> 4 == 4 ? 0x0800 : 0x86dd;
}

Bytes icmp(std::string_view from, std::string_view to, std::uint8_t type, std::uint8_t code,
           const Bytes& quoted) {
    Bytes packet{0x45, 0, 0, 0, 0, 0, 0, 0, 64, 1, 0, 0};
    for (const auto& end : {address(from), address(to)})
        packet.insert(packet.end(), end.bytes().begin(), end.bytes().begin() + 4);
    packet.insert(packet.end(), {type, code, 0, 0, 0, 0, 0, 0});
    packet.insert(packet.end(), quoted.begin(), quoted.end());
    packet[2] = static_cast<std::uint8_t>(packet.size() >> 8);
    packet[3] = static_cast<std::uint8_t>(packet.size());
    const std::uint16_t sum = checksum_of(sum_of(std::span(packet).subspan(20)));
    packet[22] = static_cast<std::uint8_t>(sum >> 8);
    packet[23] = static_cast<std::uint8_t>(sum);
    return packet;
}

class AnswerOf : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(AnswerOf, OurOwnPacketsHaveRightSums) {
    const auto [own, target] = GetParam();
    const Bytes packet = syn(own, target, 61441, 443, 0xfedcba98);
    const bool v4 = packet[0] >> 4 == 4;
    if (v4) {
        EXPECT_EQ(checksum_of(sum_of(std::span(packet).first(20))), 0);
    }
    const auto segment = std::span(packet).subspan(v4 ? 20 : 40);
    EXPECT_EQ(segment.size(), 24U);
    EXPECT_EQ(checksum_of(pseudo_sum(address(own), address(target), 6, segment.size()) + sum_of(segment)), 0);
}

TEST_P(AnswerOf, ReadsSynAckAndReset) {
    const auto [own, target] = GetParam();
    for (const auto& [flags, kind] :
         {std::pair{0x12, TcpAnswer::Kind::open}, {0x14, TcpAnswer::Kind::closed}}) {
        const Bytes packet =
            answer(syn(target, own, 443, 61441, 5), static_cast<std::uint8_t>(flags), 0x01020304);
        const auto read = parse_answer(type_of(packet), packet, Sums::to_be_checked);
        ASSERT_TRUE(read && std::holds_alternative<TcpAnswer>(*read));
        const auto& tcp = std::get<TcpAnswer>(*read);
        EXPECT_EQ(tcp.from, address(target));
        EXPECT_EQ(tcp.to, address(own));
        EXPECT_EQ(tcp.port, 443);
        EXPECT_EQ(tcp.own, 61441);
        EXPECT_EQ(tcp.acknowledged, 0x01020304U);
        EXPECT_EQ(tcp.kind, kind);
    }
}

TEST_P(AnswerOf, LeavesOutWhatIsNoAnswer) {
    const auto [own, target] = GetParam();
    const Bytes plain = syn(target, own, 443, 61441, 5);
    for (const unsigned flags : {0x02U, 0x04U, 0x10U, 0x11U, 0x00U}) {
        const Bytes packet = answer(plain, static_cast<std::uint8_t>(flags), 7);
        EXPECT_FALSE(parse_answer(type_of(packet), packet, Sums::to_be_checked)) << flags;
    }
}

TEST_P(AnswerOf, LeavesOutWrongSums) {
    const auto [own, target] = GetParam();
    const Bytes right = answer(syn(target, own, 443, 61441, 5), 0x12, 7);
    for (std::size_t bit = (right[0] >> 4 == 4 ? 20U : 40U) * 8; bit < right.size() * 8; ++bit) {
        Bytes wrong = right;
        wrong[bit / 8] = static_cast<std::uint8_t>(wrong[bit / 8] ^ (1U << bit % 8));
        EXPECT_FALSE(parse_answer(type_of(wrong), wrong, Sums::to_be_checked)) << bit;
    }
    Bytes unready = right;
    unready[unready.size() - 8] = static_cast<std::uint8_t>(unready[unready.size() - 8] ^ 1U);
    EXPECT_TRUE(parse_answer(type_of(unready), unready, Sums::vouched_for));
}

TEST_P(AnswerOf, LeavesOutWhatIsCutOff) {
    const auto [own, target] = GetParam();
    const Bytes whole = answer(syn(target, own, 443, 61441, 5), 0x12, 7);
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(parse_answer(type_of(whole), std::span(whole).first(size), Sums::to_be_checked)) << size;
}

INSTANTIATE_TEST_SUITE_P(Families, AnswerOf,
                         testing::Values(std::pair{"192.0.2.1", "198.51.100.7"},
                                         std::pair{"2001:db8::1", "2001:db8:ffff::ff:7"}));

TEST(TcpAnswer, HasNoMappedAddresses) {
    Bytes packet = answer(syn("2001:db8::7", "2001:db8::1", 443, 61441, 5), 0x12, 7);
    std::fill(packet.begin() + 8, packet.begin() + 18, std::uint8_t{0});
    packet[18] = packet[19] = 0xff;  // from ::ffff:0.0.0.7
    EXPECT_FALSE(parse_answer(0x86dd, packet, Sums::vouched_for));
}

TEST(IcmpAnswer, QuotesTheProbe) {
    const Bytes probe = syn("192.0.2.1", "198.51.100.7", 61442, 25, 0xaabbccdd);
    const Bytes packet = icmp("198.51.100.254", "192.0.2.1", 3, 13, probe);
    const auto read = parse_answer(0x0800, packet, Sums::to_be_checked);
    ASSERT_TRUE(read && std::holds_alternative<IcmpAnswer>(*read));
    const auto& error = std::get<IcmpAnswer>(*read);
    EXPECT_EQ(error.from, address("198.51.100.254"));
    EXPECT_EQ(error.quoted_from, address("192.0.2.1"));
    EXPECT_EQ(error.quoted_to, address("198.51.100.7"));
    EXPECT_EQ(error.own, 61442);
    EXPECT_EQ(error.port, 25);
    EXPECT_EQ(error.sequence, 0xaabbccddU);
    EXPECT_EQ(error.kind, IcmpAnswer::Kind::forbidden);
}

TEST(IcmpAnswer, NeedsOnlyEightBytesOfTheSegment) {
    Bytes probe = syn("192.0.2.1", "198.51.100.7", 61442, 25, 1);
    probe.resize(28);
    EXPECT_TRUE(parse_answer(0x0800, icmp("198.51.100.7", "192.0.2.1", 3, 3, probe), Sums::to_be_checked));
    probe.resize(27);
    EXPECT_FALSE(parse_answer(0x0800, icmp("198.51.100.7", "192.0.2.1", 3, 3, probe), Sums::to_be_checked));
}

TEST(IcmpAnswer, TellsWhoForbidsFromWhoIsAway) {
    const Bytes probe = syn("192.0.2.1", "198.51.100.7", 61442, 25, 1);
    const auto kind = [&](std::uint8_t type, std::uint8_t code) -> std::optional<IcmpAnswer::Kind> {
        const auto read =
            parse_answer(0x0800, icmp("198.51.100.7", "192.0.2.1", type, code, probe), Sums::to_be_checked);
        if (!read) return std::nullopt;
        return std::get<IcmpAnswer>(*read).kind;
    };
    EXPECT_EQ(kind(3, 1), IcmpAnswer::Kind::unreachable);
    EXPECT_EQ(kind(3, 10), IcmpAnswer::Kind::forbidden);
    EXPECT_EQ(kind(3, 4), std::nullopt);
    EXPECT_EQ(kind(11, 0), std::nullopt);
    EXPECT_EQ(kind(8, 0), std::nullopt);
}

TEST(NeighbourAnswer, ReadsArpReply) {
    Bytes reply{0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 9, 192, 0, 2, 9, 2, 0, 0, 0, 0, 1, 192, 0, 2, 1};
    const auto read = parse_answer(0x0806, reply, Sums::to_be_checked);
    ASSERT_TRUE(read && std::holds_alternative<NeighbourAnswer>(*read));
    EXPECT_EQ(std::get<NeighbourAnswer>(*read).address, address("192.0.2.9"));
    EXPECT_EQ(std::get<NeighbourAnswer>(*read).mac, (MacAddress{2, 0, 0, 0, 0, 9}));
    reply[7] = 1;  // a question
    EXPECT_FALSE(parse_answer(0x0806, reply, Sums::to_be_checked));
}

TEST(NeighbourAnswer, ReadsAdvertisementsOfTheOwnLinkOnly) {
    Bytes packet{0x60, 0, 0, 0, 0, 32, 58, 255};
    const auto from = address("2001:db8::9");
    const auto to = address("2001:db8::1");
    packet.insert(packet.end(), from.bytes().begin(), from.bytes().end());
    packet.insert(packet.end(), to.bytes().begin(), to.bytes().end());
    Bytes message{136, 0, 0, 0, 0x60, 0, 0, 0};
    message.insert(message.end(), from.bytes().begin(), from.bytes().end());
    message.insert(message.end(), {2, 1, 2, 0, 0, 0, 0, 9});
    const std::uint16_t sum = checksum_of(pseudo_sum(from, to, 58, message.size()) + sum_of(message));
    message[2] = static_cast<std::uint8_t>(sum >> 8);
    message[3] = static_cast<std::uint8_t>(sum);
    packet.insert(packet.end(), message.begin(), message.end());
    const auto read = parse_answer(0x86dd, packet, Sums::to_be_checked);
    ASSERT_TRUE(read && std::holds_alternative<NeighbourAnswer>(*read));
    EXPECT_EQ(std::get<NeighbourAnswer>(*read).address, from);
    packet[7] = 254;  // has come through a router
    EXPECT_FALSE(parse_answer(0x86dd, packet, Sums::to_be_checked));
}

TEST(Cookie, IsSipHash) {
    // the example of SipHash's authors: key 00 01 … 0f, message 00 01 … 0e
    const CookieKey key{0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL};
    std::array<std::uint8_t, 15> message{};
    for (std::size_t i = 0; i < message.size(); ++i)
        message[i] = static_cast<std::uint8_t>(i);
    EXPECT_EQ((sip_hash<2, 4>(key, message)), 0xa129ca6149be45e5ULL);
}

TEST(Cookie, DependsOnEverything) {
    const CookieKey key{1, 2};
    const auto target = key_of(key, address("192.0.2.1"));
    const auto one = cookie(target, 80, 61441);
    EXPECT_EQ(cookie(target, 80, 61441), one);
    EXPECT_NE(cookie(target, 81, 61441), one);
    EXPECT_NE(cookie(target, 80, 61442), one);
    EXPECT_NE(cookie(key_of(key, address("192.0.2.2")), 80, 61441), one);
    EXPECT_NE(cookie(key_of({1, 3}, address("192.0.2.1")), 80, 61441), one);
}

}  // namespace
}  // namespace garita::syn_scan
