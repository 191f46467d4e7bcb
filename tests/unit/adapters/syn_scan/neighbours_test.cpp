#include "adapters/syn_scan/neighbours.hpp"

#include <gtest/gtest.h>

namespace garita::syn_scan {
namespace {

using std::chrono::milliseconds;

const Time start = Time{} + std::chrono::hours{1};
const Neighbours::Key nine{0, IpAddress::from_v4({192, 0, 2, 9})};
const Neighbours::Key ten{0, IpAddress::from_v4({192, 0, 2, 10})};

TEST(Neighbours, AsksOnceForAllWhoWait) {
    Neighbours neighbours;
    neighbours.want(nine, 3);
    neighbours.want(nine, 4);
    EXPECT_EQ(neighbours.next(start), nine);
    EXPECT_FALSE(neighbours.next(start + milliseconds{1}));
    const auto found = neighbours.answered(nine, {1, 2, 3, 4, 5, 6}, start + milliseconds{2});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->round_trip, milliseconds{2});
    EXPECT_EQ(found->targets, (std::vector<std::uint32_t>{3, 4}));
    EXPECT_TRUE(neighbours.done());
    EXPECT_EQ(neighbours.wake(), Time::max());
    EXPECT_FALSE(neighbours.answered(nine, {}, start + milliseconds{3}));
}

TEST(Neighbours, GivesUpAfterThreeQuestions) {
    Neighbours neighbours;
    neighbours.want(nine, 3);
    Time now = start;
    unsigned asked = 0;
    std::vector<Neighbours::Silent> silent;
    while (!neighbours.done() && now < start + milliseconds{5000}) {
        while (neighbours.next(now))
            ++asked;
        silent = neighbours.silent(now);
        now = std::max(neighbours.wake(), now + milliseconds{1});
    }
    EXPECT_EQ(asked, 3U);
    EXPECT_GE(now, start + milliseconds{3000});  // as patient as the kernel
    ASSERT_EQ(silent.size(), 1U);
    EXPECT_EQ(silent[0].key, nine);
    EXPECT_EQ(silent[0].targets, (std::vector<std::uint32_t>{3}));
    EXPECT_TRUE(neighbours.done());
}

TEST(Neighbours, BelievesNobodyWhoWasNotAsked) {
    Neighbours neighbours;
    neighbours.want(nine, 3);
    EXPECT_FALSE(neighbours.answered(nine, {}, start));
    EXPECT_FALSE(neighbours.answered(ten, {}, start));
    EXPECT_FALSE(neighbours.done());
}

TEST(Neighbours, SpreadsItsQuestions) {
    Neighbours neighbours;
    for (std::uint8_t i = 0; i < 200; ++i)
        neighbours.want({0, IpAddress::from_v4({192, 0, 2, i})}, i);
    unsigned asked = 0;
    for (Time now = start; now < start + milliseconds{10}; now += milliseconds{1})
        while (neighbours.next(now))
            ++asked;
    EXPECT_GE(asked, 50U);
    EXPECT_LE(asked, 110U);
}

}  // namespace
}  // namespace garita::syn_scan
