#include "scan/path_message.hpp"

#include <gtest/gtest.h>

#include "scan/services.hpp"

namespace garita::scan {
namespace {

using Kind = PathMeaning::Kind;

const IpAddress target = *IpAddress::parse("192.0.2.7");
const IpAddress router = *IpAddress::parse("192.0.2.1");
const IpAddress target6 = *IpAddress::parse("2001:db8::7");

Kind v4(std::uint8_t code, const IpAddress& sender, Transport transport = Transport::tcp) {
    return meaning_of({IpFamily::v4, 3, code, sender}, target, transport).kind;
}

Kind v6(std::uint8_t code, const IpAddress& sender, Transport transport = Transport::tcp) {
    return meaning_of({IpFamily::v6, 1, code, sender}, target6, transport).kind;
}

TEST(PathMessage, APortIsClosedOnlyWhereTheTargetItselfSaysSoOfUdp) {
    EXPECT_EQ(v4(3, target, Transport::udp), Kind::closed);
    EXPECT_EQ(v6(4, target6, Transport::udp), Kind::closed);
    EXPECT_EQ(v4(3, router, Transport::udp), Kind::forbidden);
    EXPECT_EQ(v4(3, target), Kind::forbidden);
    EXPECT_EQ(v6(4, target6), Kind::forbidden);
}

TEST(PathMessage, WhatForbidsIsNoMatterOfWho) {
    for (const int code : {2, 9, 10, 13}) {
        EXPECT_EQ(v4(static_cast<std::uint8_t>(code), router), Kind::forbidden) << code;
        EXPECT_EQ(v4(static_cast<std::uint8_t>(code), target, Transport::udp), Kind::forbidden) << code;
    }
    for (const int code : {1, 5, 6})
        EXPECT_EQ(v6(static_cast<std::uint8_t>(code), router), Kind::forbidden) << code;
}

TEST(PathMessage, AnUnreachableHostIsUnclearUnlessItSaysSoItself) {
    for (const int code : {0, 1, 5, 6, 7, 8, 11, 12}) {
        EXPECT_EQ(v4(static_cast<std::uint8_t>(code), router), Kind::unclear) << code;
        EXPECT_EQ(v4(static_cast<std::uint8_t>(code), target), Kind::forbidden) << code;
    }
    EXPECT_EQ(meaning_of({IpFamily::v4, 3, 1, router}, target, Transport::tcp).why,
              "192.0.2.1 says: host unreachable");
    EXPECT_EQ(meaning_of({IpFamily::v4, 11, 0, router}, target, Transport::tcp).kind, Kind::unclear);
    EXPECT_EQ(v6(3, *IpAddress::parse("2001:db8::1")), Kind::unclear);
}

TEST(PathMessage, OthersMeanNothing) {
    EXPECT_EQ(v4(4, router), Kind::nothing);
    EXPECT_EQ(v4(200, router), Kind::nothing);
    for (const int type : {0, 4, 5, 8, 12})
        EXPECT_EQ(
            meaning_of({IpFamily::v4, static_cast<std::uint8_t>(type), 3, target}, target, Transport::udp)
                .kind,
            Kind::nothing);
    EXPECT_EQ(meaning_of({IpFamily::v6, 2, 0, router}, target6, Transport::udp).kind, Kind::nothing);
}

TEST(Services, HaveNames) {
    EXPECT_EQ(service_name(Transport::tcp, 22), "ssh");
    EXPECT_EQ(service_name(Transport::udp, 123), "ntp");
    EXPECT_EQ(service_name(Transport::udp, 22), "");
    EXPECT_EQ(service_name(Transport::tcp, 65535), "");
    EXPECT_GE(usual_ports(Transport::tcp).size(), 400U);
    EXPECT_TRUE(usual_ports(Transport::tcp).contains(443));
    EXPECT_FALSE(usual_ports(Transport::udp).contains(22));
}

}  // namespace
}  // namespace garita::scan
