// From what is written to what is wanted of each address.

#include "scan/specification.hpp"

#include <gtest/gtest.h>

namespace garita::tests {
namespace {

using scan::Specification;

PortSet ports(std::string_view text) {
    return PortSet::parse(text).value();
}

class Specified : public ::testing::Test {
  protected:
    WrittenPorts& host(const std::string& name, std::optional<std::string> must) {
        WrittenPorts one;
        if (must) one.must = ports(*must);
        one.place = {"ports.yml", text.hosts.size() + 1};
        text.hosts.emplace_back(name, one);
        return text.hosts.back().second;
    }
    std::string error() {
        const auto made = Specification::make(text);
        return made ? "" : made.error().text;
    }
    WrittenSpecification text;
};

TEST_F(Specified, PortsOfMustAndMayAreAlwaysScanned) {
    text.scanports = ports("1-100");
    auto& one = host("a.example.org", "8080");
    one.may = ports("9000");
    host("b.example.org", "22").scanports = ports("50");
    const auto made = Specification::make(text);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->find("a.example.org")->wanted->scan, ports("1-100,8080,9000"));
    EXPECT_EQ(made->find("b.example.org")->wanted->scan, ports("22,50"));
    EXPECT_EQ(made->find("c.example.org"), nullptr);
}

TEST_F(Specified, GroupsAddUp) {
    text.groups["web"].must = ports("80,443");
    text.groups["web"].scanports = ports("1-1000");
    text.groups["ssh"].must = ports("22");
    text.groups["ssh"].may = ports("23");
    text.groups["ssh"].ipv6 = true;
    host("a.example.org", std::nullopt).groups = {"web", "ssh"};
    host("b.example.org", "25").groups = {"web"};
    const auto made = Specification::make(text);
    ASSERT_TRUE(made);
    const auto& a = *made->find("a.example.org")->wanted;
    EXPECT_EQ(a.must, ports("22,80,443"));
    EXPECT_EQ(a.may, ports("23"));
    EXPECT_TRUE(a.all_addresses);
    EXPECT_EQ(a.scan, ports("1-1000"));
    EXPECT_EQ(made->find("b.example.org")->wanted->must, ports("25,80,443"));
    EXPECT_FALSE(made->find("b.example.org")->wanted->all_addresses);
}

TEST_F(Specified, TheNarrowestNetworkCountsAndAnAddressBeforeIt) {
    host("192.0.2.0/24", "22").except = {IpNetwork::parse("192.0.2.128/25").value()};
    host("192.0.2.16/30", "80");
    host("192.0.2.1", "443");
    const auto made = Specification::make(text);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->find("192.0.2.1")->wanted->must, ports("443"));
    EXPECT_TRUE(made->find("192.0.2.1")->network.empty());
    EXPECT_EQ(made->find("192.0.2.17")->wanted->must, ports("80"));
    EXPECT_EQ(made->find("192.0.2.17")->network, "192.0.2.16/30");
    EXPECT_EQ(made->find("192.0.2.16")->wanted->must, ports("22")) << "no host of the narrow one";
    EXPECT_EQ(made->find("192.0.2.127")->network, "192.0.2.0/24");
    EXPECT_EQ(made->find("192.0.2.128"), nullptr);
    EXPECT_EQ(made->find("192.0.2.0"), nullptr);
    EXPECT_EQ(made->subjects().size(), 127U);
}

TEST_F(Specified, NetworksOfIpv6HaveNoEnds) {
    host("2001:db8::/126", "22");
    const auto made = Specification::make(text);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->subjects().size(), 4U);
    EXPECT_NE(made->find("2001:db8::3"), nullptr);
}

TEST_F(Specified, WhatIsWrongNamesItsPlace) {
    host("a.example.org", "22");
    host("b.example.org", std::nullopt);
    EXPECT_EQ(error(),
              "ports.yml:2: host b.example.org has no `must`: list the ports that must be open, or [] where "
              "none may be open");
    text.hosts.pop_back();
    host("10.0.0.0/15", "22");
    EXPECT_EQ(error(),
              "ports.yml:2: network 10.0.0.0/15 is too wide: /16 of IPv4 and /112 of IPv6 are the widest");
    text.hosts.pop_back();
    host("2001:db8::/111", "");
    EXPECT_NE(error().find("is too wide"), std::string::npos);
    text.hosts.pop_back();
    host("c.example.org", "").groups = {"webb"};
    EXPECT_EQ(error(), "ports.yml:2: host c.example.org is of group 'webb', which is not under `groups`");
}

TEST_F(Specified, MoreThanCanBeWatchedIsRefused) {
    for (int i = 0; i < 5; ++i)
        host("10." + std::to_string(i) + ".0.0/16", "");
    EXPECT_NE(error().find("ports.yml:5: more than 262144 addresses"), std::string::npos) << error();
}

TEST(HostSpelling, IsOneForEachHost) {
    EXPECT_EQ(host_spelling("WWW.Example.org."), "www.example.org");
    EXPECT_EQ(host_spelling("2001:DB8:0::1"), "2001:db8::1");
    EXPECT_EQ(host_spelling("192.0.2.7/24"), "192.0.2.0/24");
    EXPECT_EQ(host_spelling("192.0.2.7/32"), "192.0.2.7");
    for (const auto* wrong :
         {"", "192.0.2.300", "a..b", "-a", "a b", "192.0.2.0/33", "x/24", "[::1]", "1.2.3"})
        EXPECT_EQ(host_spelling(wrong), std::nullopt) << wrong;
}

TEST(WeeklyWindows, AreReadAndContainTheirMinutes) {
    const auto sunday = parse_weekly_windows("sun 02:00-04:00").value();
    ASSERT_EQ(sunday.size(), 1U);
    EXPECT_TRUE(sunday[0].contains(6 * 1440 + 120));
    EXPECT_FALSE(sunday[0].contains(6 * 1440 + 240));
    const auto night = parse_weekly_windows("sun 23:00-01:00").value();
    EXPECT_TRUE(night[0].contains(0)) << "Monday at midnight";
    EXPECT_TRUE(night[0].contains(6 * 1440 + 1400));
    EXPECT_FALSE(night[0].contains(61));
    EXPECT_EQ(parse_weekly_windows("daily 00:00-24:00")->size(), 7U);
    EXPECT_TRUE(parse_weekly_windows("sun 00:00-24:00")->front().contains(10079));
    EXPECT_EQ(parse_weekly_windows("sat-mon 06:00-06:30")->size(), 3U);
    for (const auto* wrong : {"", "sun", "sun 02:00", "sun 2:00-4:00", "sun 02:00-02:00", "noday 02:00-04:00",
                              "sun 25:00-26:00", "sun 24:00-01:00"})
        EXPECT_EQ(parse_weekly_windows(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace garita::tests
