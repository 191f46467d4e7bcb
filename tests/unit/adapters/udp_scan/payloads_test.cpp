#include "adapters/udp_scan/payloads.hpp"

#include <gtest/gtest.h>

#include "scan/services.hpp"

namespace garita::udp_scan {
namespace {

unsigned at(std::string_view bytes, std::size_t place) {
    return static_cast<unsigned char>(bytes.at(place));
}

unsigned word(std::string_view bytes, std::size_t place) {
    return at(bytes, place) * 256 + at(bytes, place + 1);
}

TEST(Payloads, SayTheirOwnLengths) {
    const auto dtls = payload_for(5684, 1);
    EXPECT_EQ(word(dtls, 11), dtls.size() - 13);
    EXPECT_EQ(at(dtls, 16), dtls.size() - 13 - 12);
    const auto ike = payload_for(500, 1);
    EXPECT_EQ(word(ike, 26), ike.size());
    EXPECT_EQ(word(ike, 30), ike.size() - 28);
    EXPECT_EQ(payload_for(4500, 1), std::string(4, '\0') + std::string(ike));
    const auto l2tp = payload_for(1701, 1);
    EXPECT_EQ(word(l2tp, 2), l2tp.size());
    const auto slp = payload_for(427, 1);
    EXPECT_EQ(word(slp, 3), slp.size());
    const auto bacnet = payload_for(47808, 1);
    EXPECT_EQ(word(bacnet, 2), bacnet.size());
    const auto radius = payload_for(1812, 1);
    EXPECT_EQ(word(radius, 2), radius.size());
    for (const unsigned attempt : {1U, 2U}) {
        const auto snmp = payload_for(161, attempt);
        EXPECT_EQ(at(snmp, 1), snmp.size() - 2);
    }
    const auto ldap = payload_for(389, 1);
    EXPECT_EQ(at(ldap, 1), ldap.size() - 2);
}

TEST(Payloads, AreOfTheSizesThatTheirProtocolsWant) {
    EXPECT_EQ(payload_for(443, 1).size(), 1200U);
    EXPECT_EQ(payload_for(123, 1).size(), 48U);
    EXPECT_EQ(payload_for(3478, 1).size(), 20U);
    EXPECT_EQ(payload_for(520, 1).size(), 24U);
    EXPECT_EQ(payload_for(137, 1).size(), 50U);
    EXPECT_EQ(payload_for(111, 1).size(), 40U);
}

TEST(Payloads, AskInAnotherDialectTheNextTime) {
    EXPECT_NE(payload_for(161, 1), payload_for(161, 2));
    EXPECT_EQ(payload_for(161, 1), payload_for(161, 3));
    EXPECT_EQ(payload_for(3478, 1), payload_for(3478, 2));
    EXPECT_EQ(payload_for(53, 1).substr(12), std::string_view("\7version\4bind\0\0\x10\0\3", 18));
}

TEST(Payloads, NothingIsSaidToPortsThatNobodyKnows) {
    EXPECT_TRUE(payload_for(1, 1).empty());
    EXPECT_TRUE(payload_for(65535, 1).empty());
    EXPECT_TRUE(payload_for(53, 0).empty());
}

TEST(Payloads, EveryPortWithOneIsUsual) {
    for (unsigned port = 0; port <= 65535; ++port) {
        if (payload_for(static_cast<Port>(port), 1).empty()) continue;
        EXPECT_TRUE(scan::usual_ports(Transport::udp).contains(static_cast<Port>(port))) << port;
    }
}

}  // namespace
}  // namespace garita::udp_scan
