#include "adapters/limiter/bucket.hpp"

#include <array>

#include <gtest/gtest.h>

#include "support/packed.hpp"

namespace garita::limiter {
namespace {

using testing_support::key_of;

TEST(LimiterBucket, AddressesOfBothFamiliesComeBack) {
    for (const char* address : {"100.64.0.1", "0.0.0.0", "2001:db8::1", "::1"}) {
        const auto subscriber = subscriber_of(key_of(address));
        ASSERT_TRUE(subscriber) << address;
        EXPECT_EQ(limiter::key_of(*subscriber), key_of(address)) << address;
    }
    EXPECT_NE(subscriber_of(key_of("100.64.0.1")), subscriber_of(key_of("100.64.0.2")));
}

TEST(LimiterBucket, WhatIsNoAddressOrRateIsNone) {
    RuleKey key;
    const std::array<std::uint8_t, 6> network{4, 100, 64, 0, 0, 24};
    ASSERT_TRUE(key.append(network));
    EXPECT_FALSE(subscriber_of(key));
    EXPECT_FALSE(subscriber_of({}));
    EXPECT_FALSE(rate_of(testing_support::mark_of(7)));
    EXPECT_EQ(rate_of(value_of(123'456'789'012)), 123'456'789'012);
}

TEST(LimiterBucket, NeighboursAndNetworksAreSpreadEvenly) {
    std::array<int, shard_count> v4{}, v6{};
    for (std::uint32_t i = 0; i < 16'000; ++i) {
        ++v4[shard_of(subscriber_of(testing_support::numbered_key(i)).value())];
        const auto network = IpAddress::from_v6({0x20, 1, 0xd, 0xb8, 0, static_cast<std::uint8_t>(i >> 8U),
                                                 static_cast<std::uint8_t>(i), 0, 0, 0, 0, 0, 0, 0, 0, 1});
        ++v6[shard_of(subscriber_of(key_of(network)).value())];
    }
    for (std::size_t shard = 0; shard < shard_count; ++shard) {
        EXPECT_NEAR(v4[shard], 1000, 300);
        EXPECT_NEAR(v6[shard], 1000, 300);
    }
}

TEST(LimiterBucket, ThePrintTellsAnyOtherEntry) {
    const auto one = subscriber_of(key_of("100.64.0.1")).value();
    const auto other = subscriber_of(key_of("100.64.0.2")).value();
    EXPECT_NE(print_of(one, {0, 1}) + print_of(other, {0, 2}),
              print_of(one, {0, 2}) + print_of(other, {0, 1}));
    EXPECT_EQ(print_of(one, {0, 1}), print_of(one, {77, 1}));  // what has passed changes all the time
}

}  // namespace
}  // namespace garita::limiter
