#include "programs/class_backends/traffic_backends.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/ready_classes.hpp"

namespace garita::programs {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Options = std::map<std::string, std::string, std::less<>>;

runtime::DeviceClassConfig speeds(const std::string& name, const std::string& backend, Options options) {
    return {ready_class(name).value(), backend,           "", "", {}, {}, {}, {}, {}, {}, 4000,
            std::chrono::seconds(30),  std::move(options)};
}

std::string limiter_error(const std::string& name, Options options) {
    const auto made = limiter_settings(speeds(name, "limiter", std::move(options)));
    return made ? std::string() : made.error().text;
}

TEST(TrafficBackends, ReadySpeedsNeedAnInterfaceOnly) {
    const auto in = limiter_settings(speeds("shaping_in", "limiter", {{"interface", "eth1, ppp0"}}));
    ASSERT_TRUE(in) << in.error().text;
    EXPECT_EQ(in->name, "shaping_in");
    EXPECT_EQ(in->direction, limiter::Direction::receives);
    EXPECT_THAT(in->interfaces, ElementsAre("eth1", "ppp0"));
    const auto out = limiter_settings(
        speeds("shaping_out", "limiter", {{"interface", "eth1"}, {"burst", "50ms"}, {"after", "x"}}));
    ASSERT_TRUE(out) << out.error().text;
    EXPECT_EQ(out->direction, limiter::Direction::sends);
    EXPECT_EQ(out->burst, std::chrono::milliseconds(50));
}

TEST(TrafficBackends, WhatCannotBeIsRefusedByItsName) {
    EXPECT_THAT(limiter_error("shaping_in", {}), HasSubstr("option interface"));
    EXPECT_THAT(limiter_error("ip_mark", {{"interface", "eth1"}}), HasSubstr("rates of addresses"));
    EXPECT_THAT(limiter_error("shaping_in", {{"interface", "eth1"}, {"direction", "both"}}),
                HasSubstr("option direction"));
    for (const char* burst : {"0ms", "3000ms", "300", "x", "1s", "-1ms"})
        EXPECT_THAT(limiter_error("shaping_in", {{"interface", "eth1"}, {"burst", burst}}),
                    HasSubstr("option burst"))
            << burst;
    EXPECT_THAT(limiter_error("shaping_in", {{"interface", "eth1"}, {"colour", "red"}}), HasSubstr("colour"));
}

TEST(TrafficBackends, TcTakesOneInterfaceAndANumberOfClasses) {
    const auto out = tc_settings(speeds("shaping_out", "tc", {{"interface", "eth1"}, {"classes", "10000"}}));
    ASSERT_TRUE(out) << out.error().text;
    EXPECT_EQ(out->interface, "eth1");
    EXPECT_EQ(out->direction, tc::Direction::sends);
    EXPECT_EQ(out->classes, 10'000);
    for (const char* classes : {"0", "10001", "70000", "many", "-1"})
        EXPECT_FALSE(tc_settings(speeds("shaping_in", "tc", {{"interface", "eth1"}, {"classes", classes}})))
            << classes;
    EXPECT_FALSE(tc_settings(speeds("shaping_in", "tc", {})));
    EXPECT_FALSE(tc_settings(speeds("shaping_in", "tc", {{"interface", "eth1"}, {"burst", "300ms"}})));
}

TEST(TrafficBackends, TheLimiterHoldsRatesOfOneAddressOnly) {
    limiter::Settings settings;
    settings.name = "speed";
    settings.interfaces = {"eth1"};
    EXPECT_FALSE(limiter::LimiterBackend::open(ready_class("ip_mark").value(), settings));
    settings.interfaces = {"eth/1"};
    EXPECT_FALSE(limiter::LimiterBackend::open(ready_class("shaping_in").value(), settings));
    settings.interfaces = {"eth1"};
    settings.name = "a.b";
    EXPECT_FALSE(limiter::LimiterBackend::open(ready_class("shaping_in").value(), settings));
}

}  // namespace
}  // namespace garita::programs
