#include <gtest/gtest.h>

#include "model/ready_classes.hpp"
#include "programs/class_backends/class_backends.hpp"

namespace garita::programs {
namespace {

using nft_classes::Effect;
using runtime::DeviceClassConfig;

ParamSpec spec(std::string name, ParamType type) {
    ParamSpec made;
    made.name = std::move(name);
    made.type = type;
    return made;
}

DeviceClassConfig rules(std::vector<ParamType> keys, ParamType value, const std::string& kind = {}) {
    std::vector<ParamSpec> params;
    for (std::size_t i = 0; i < keys.size(); ++i)
        params.push_back(spec("p" + std::to_string(i), keys[i]));
    auto held = spec("value", value);
    if (value == ParamType::word) held.words = {"open", "closed"};
    return {RuleClass("mine", params, held, value == ParamType::word ? "closed" : ""),
            "nftables",
            kind,
            "",
            {},
            {},
            {},
            {},
            {},
            {},
            4000,
            std::chrono::seconds(30),
            {}};
}

/// Of what cannot be, why.
std::string why_not(const DeviceClassConfig& config) {
    const auto made = nft_class(config);
    return made ? std::string() : made.error().text;
}

Effect effect_of(const DeviceClassConfig& config) {
    const auto made = nft_class(config);
    EXPECT_TRUE(made) << made.error().text;
    return made ? made->effect : Effect::none;
}

TEST(NftSettings, NetworksOpenCloseAndMarkAsAddressesDo) {
    for (const auto key : {ParamType::address, ParamType::network}) {
        EXPECT_EQ(effect_of(rules({key}, ParamType::word)), Effect::open);
        EXPECT_EQ(effect_of(rules({key}, ParamType::word, "drop")), Effect::closed);
        EXPECT_EQ(effect_of(rules({key}, ParamType::mark)), Effect::mark);
        EXPECT_EQ(nft_class(rules({key}, ParamType::mark))->key, key);
    }
    EXPECT_EQ(effect_of(rules({ParamType::address}, ParamType::mac)), Effect::bind);
}

TEST(NftSettings, OtherKeysAreKeptForRulesOfOthers) {
    for (const auto key : {ParamType::port, ParamType::mac, ParamType::mark, ParamType::interface}) {
        const auto set = nft_class(rules({key}, ParamType::word));
        ASSERT_TRUE(set) << set.error().text;
        EXPECT_EQ(set->effect, Effect::none);
        EXPECT_FALSE(set->is_map());
        for (const auto value : {ParamType::port, ParamType::mac, ParamType::mark, ParamType::interface}) {
            const auto map = nft_class(rules({key}, value));
            ASSERT_TRUE(map) << map.error().text;
            EXPECT_EQ(map->effect, Effect::none);
            EXPECT_EQ(map->held(), value);
        }
    }
    EXPECT_EQ(nft_class(rules({ParamType::address}, ParamType::mark, "map"))->held(), ParamType::mark);
    EXPECT_EQ(effect_of(rules({ParamType::address}, ParamType::mark, "map")), Effect::none);
}

TEST(NftSettings, WhatTheKernelCannotHoldIsRefusedWithTheReason) {
    using T = ParamType;
    EXPECT_EQ(why_not(rules({T::text}, T::mark)),
              "rules mine: packets have no text that nftables could look up; it holds rules by address, "
              "network, port, mac, mark or interface");
    EXPECT_NE(why_not(rules({T::address, T::mac}, T::mark)).find("have 2"), std::string::npos);
    EXPECT_NE(why_not(rules({T::rate}, T::mark)).find("no rate"), std::string::npos);
    EXPECT_NE(why_not(rules({T::network}, T::word, "set")).find("kind pass or drop"), std::string::npos);
    EXPECT_NE(why_not(rules({T::network}, T::mark, "map")).find("for each length"), std::string::npos);
    EXPECT_NE(why_not(rules({T::network}, T::mac)).find("single addresses"), std::string::npos);
    EXPECT_NE(why_not(rules({T::network}, T::port)).find("for each length"), std::string::npos);
    EXPECT_NE(why_not(rules({T::port}, T::word, "drop")).find("kind set"), std::string::npos);
    EXPECT_NE(why_not(rules({T::address}, T::rate)).find("not to rate"), std::string::npos);
    EXPECT_NE(why_not(rules({T::address}, T::address)).find("not to address"), std::string::npos);
    EXPECT_NE(why_not(rules({T::address}, T::mark, "set")).find("are a map"), std::string::npos);
    EXPECT_NE(why_not(rules({T::address}, T::word, "map")).find("no word"), std::string::npos);
    EXPECT_NE(why_not(rules({T::address}, T::word, "jump")).find("no jump"), std::string::npos);
    auto away = rules({T::address}, T::word);
    away.options["interface"] = "no such name";
    EXPECT_NE(why_not(away).find("option interface"), std::string::npos);
    away.options["interface"] = "sub";
    EXPECT_EQ(why_not(away), "");
    away.kind = "set";
    EXPECT_NE(why_not(away).find("has none"), std::string::npos);
    away.options = {{"capacity", "7"}};
    EXPECT_NE(why_not(away).find("option capacity"), std::string::npos);
}

}  // namespace
}  // namespace garita::programs
