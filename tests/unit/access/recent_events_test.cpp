#include "access/recent_events.hpp"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

namespace garita::access {
namespace {

MacAddress device(std::size_t number) {
    return {{0x02, 0x11, 0, 0, static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)}};
}

TEST(RecentEvents, TheOldestDeviceIsForgotten) {
    RecentEvents<std::string> recent;
    constexpr auto most = RecentEvents<std::string>::most;
    for (std::size_t i = 0; i < most + 2; ++i)
        recent.place_for(device(i)) = "first " + std::to_string(i);
    recent.place_for(device(5)) = "again";
    EXPECT_EQ(recent.find(device(0)), nullptr);
    EXPECT_EQ(recent.find(device(1)), nullptr);
    ASSERT_TRUE(recent.find(device(2)));
    EXPECT_EQ(*recent.find(device(2)), "first 2");
    EXPECT_EQ(*recent.find(device(5)), "again");
    EXPECT_EQ(*recent.find(device(most + 1)), "first " + std::to_string(most + 1));
}

}  // namespace
}  // namespace garita::access
