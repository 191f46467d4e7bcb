#include "model/port_set.hpp"

#include <random>
#include <set>

#include <gtest/gtest.h>

namespace garita {
namespace {

PortSet ports(std::string_view text) {
    auto set = PortSet::parse(text);
    EXPECT_TRUE(set) << text << ": " << (set ? "" : set.error().text);
    return set ? *set : PortSet();
}

std::set<Port> each(const PortSet& set) {
    const auto all = set.ports();
    return {all.begin(), all.end()};
}

TEST(PortSet, ReadsWhatPeopleWrite) {
    EXPECT_EQ(ports("22").text(), "22");
    EXPECT_EQ(ports("443,22,80-90").text(), "22,80-90,443");
    EXPECT_EQ(ports(" 22 , 80 - 90 ").text(), "22,80-90");
    EXPECT_EQ(ports("all").text(), "all");
    EXPECT_EQ(ports("all"), PortSet::of(1, 65535));
    EXPECT_EQ(ports("-1023"), PortSet::of(1, 1023));
    EXPECT_EQ(ports("60000-"), PortSet::of(60000, 65535));
    EXPECT_EQ(ports("0,all").text(), "0-65535");
    EXPECT_TRUE(ports("").empty());
    EXPECT_TRUE(ports("  ").empty());
    EXPECT_EQ(ports("").text(), "");
}

TEST(PortSet, JoinsRangesThatTouchOrOverlap) {
    EXPECT_EQ(ports("3,2,1").text(), "1-3");
    EXPECT_EQ(ports("80-90,85-100,101").text(), "80-101");
    EXPECT_EQ(ports("1-65535").text(), "all");
    EXPECT_EQ(ports("65535,65534").text(), "65534-65535");
    EXPECT_EQ(ports("80,80,80").size(), 1U);
}

TEST(PortSet, RefusesEverythingElse) {
    for (const auto* text : {"x", "-", "22,", ",22", "22,,80", "65536", "-1-2", "1-2-3", "+22", "22 80",
                             "0x16", "ALL", "all-", "99999999999999999999", "1-65536", "22;80"})
        EXPECT_FALSE(PortSet::parse(text)) << text;
    EXPECT_FALSE(PortSet::parse(std::string_view("22\0", 3)));
}

TEST(PortSet, SaysWhatIsWrong) {
    const auto backwards = PortSet::parse("22,90-80");
    ASSERT_FALSE(backwards);
    EXPECT_EQ(backwards.error().text, "'90-80' runs backwards: write the lower port first, as in 80-90");
    const auto word = PortSet::parse("22,ss\x1bh");
    ASSERT_FALSE(word);
    EXPECT_EQ(word.error().text, "'ss?h' is no port: write numbers up to 65535, as in 22,80-90, or all");
    EXPECT_FALSE(PortSet::parse(std::string(2'000'000, ',')));
}

TEST(PortSet, KnowsItsPorts) {
    const auto set = ports("22,80-90,65535");
    for (const int in : {22, 80, 85, 90, 65535})
        EXPECT_TRUE(set.contains(static_cast<Port>(in))) << in;
    for (const int out : {0, 21, 23, 79, 91, 65534})
        EXPECT_FALSE(set.contains(static_cast<Port>(out))) << out;
    EXPECT_EQ(set.size(), 13U);
    EXPECT_EQ(set.ports().front(), 22);
    EXPECT_EQ(set.ports().back(), 65535);
    EXPECT_EQ(PortSet::of(0, 65535).size(), 65536U);
    EXPECT_EQ(PortSet::of(0, 65535).ports().size(), 65536U);
    EXPECT_FALSE(PortSet().contains(0));
}

TEST(PortSet, ErasingSplitsARange) {
    auto set = ports("80-90");
    set.erase(85);
    EXPECT_EQ(set.text(), "80-84,86-90");
    set.erase(80);
    set.erase(90);
    set.erase(1);
    EXPECT_EQ(set.text(), "81-84,86-89");
    auto edges = PortSet::of(0, 65535);
    edges.erase(0);
    edges.erase(65535);
    EXPECT_EQ(edges, PortSet::of(1, 65534));
}

TEST(PortSet, DoesWhatASetOfNumbersDoes) {
    std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same sets each time
    const auto number = [&random](int most) {
        return static_cast<int>(random() % static_cast<unsigned>(most));
    };
    for (int round = 0; round < 300; ++round) {
        PortSet a;
        PortSet b;
        std::set<Port> plain_a;
        std::set<Port> plain_b;
        const auto grow = [&](PortSet& set, std::set<Port>& plain) {
            const int edge = number(2) == 0 ? 0 : 65536 - 120;
            const int first = edge + number(100);
            const int last = first + number(20);
            set.insert(static_cast<Port>(first), static_cast<Port>(last));
            for (int port = first; port <= last; ++port)
                plain.insert(static_cast<Port>(port));
        };
        for (int i = number(8); i > 0; --i)
            grow(a, plain_a);
        for (int i = number(8); i > 0; --i)
            grow(b, plain_b);
        ASSERT_EQ(each(a), plain_a);
        auto joined = plain_a;
        joined.insert(plain_b.begin(), plain_b.end());
        EXPECT_EQ(each(a | b), joined);
        std::set<Port> shared;
        std::set<Port> rest;
        for (const Port port : plain_a)
            (plain_b.count(port) != 0 ? shared : rest).insert(port);
        EXPECT_EQ(each(a & b), shared);
        EXPECT_EQ(each(a - b), rest);
        EXPECT_EQ((a - b) | (a & b), a) << a.text() << " and " << b.text();
        EXPECT_EQ(ports(a.text()), a);
    }
}

TEST(PortSet, StatesHaveWords) {
    EXPECT_EQ(to_text(PortState::unknown), "unknown");
    EXPECT_EQ(to_text(PortState::open), "open");
    EXPECT_EQ(to_text(PortState::closed), "closed");
    EXPECT_EQ(to_text(PortState::filtered), "filtered");
    EXPECT_EQ(to_text(Transport::tcp), "tcp");
    EXPECT_EQ(to_text(Transport::udp), "udp");
}

}  // namespace
}  // namespace garita
