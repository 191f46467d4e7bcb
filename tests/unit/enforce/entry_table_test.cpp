#include "enforce/entry_table.hpp"

#include <chrono>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "support/packed.hpp"

namespace garita::enforce {
namespace {

using testing_support::mark_of;
using testing_support::numbered_key;
using testing_support::word_of;

TEST(EntryTable, IsAMap) {
    EntryTable table;
    EXPECT_TRUE(table.empty());
    EXPECT_FALSE(table.find(numbered_key(1)));
    EXPECT_FALSE(table.erase(numbered_key(1)));
    EXPECT_EQ(table.put(numbered_key(1), word_of("open")), EntryTable::Put::added);
    EXPECT_EQ(table.put(numbered_key(1), word_of("open")), EntryTable::Put::same);
    EXPECT_EQ(table.put(numbered_key(1), word_of("much longer")), EntryTable::Put::changed);
    EXPECT_EQ(table.find(numbered_key(1)), word_of("much longer"));
    EXPECT_EQ(table.put(RuleKey{}, RuleValue{}), EntryTable::Put::added);
    EXPECT_EQ(table.find(RuleKey{}), RuleValue{});
    EXPECT_EQ(table.size(), 2U);
    EXPECT_TRUE(table.erase(numbered_key(1)));
    EXPECT_FALSE(table.contains(numbered_key(1)));
    table.clear();
    EXPECT_FALSE(table.contains(RuleKey{}));
}

TEST(EntryTable, ALongRandomHistoryEndsAsAMapWould) {
    std::mt19937 random(7);
    EntryTable table;
    std::map<RuleKey, RuleValue> model;
    for (int i = 0; i < 200'000; ++i) {
        auto key = numbered_key(static_cast<std::uint32_t>(random() % 3000));
        if (random() % 3 == 0) key = testing_support::key_of("2001:db8::" + std::to_string(random() % 1000));
        if (random() % 5 < 2) {
            EXPECT_EQ(table.erase(key), model.erase(key) == 1);
        } else {
            const auto value =
                random() % 9 == 0 ? word_of("word") : mark_of(static_cast<std::uint32_t>(random() % 4));
            table.put(key, value);
            model[key] = value;
        }
        ASSERT_EQ(table.size(), model.size());
    }
    std::map<RuleKey, RuleValue> is;
    table.for_each([&](const RuleKey& key, const RuleValue& value) { is[key] = value; });
    EXPECT_TRUE(is == model);
    for (const auto& [key, value] : model)
        ASSERT_EQ(table.find(key), value);
}

TEST(EntryTable, WhatIsTickedOffStaysSoWhileOthersComeAndGo) {
    EntryTable table;
    std::map<RuleKey, RuleValue> open;
    EXPECT_EQ(table.tick(numbered_key(1), mark_of(1)), EntryTable::Tick::missing);
    for (std::uint32_t i = 0; i < 5000; ++i) {
        table.put(numbered_key(i), mark_of(i));
        if (i % 3 == 0) {
            EXPECT_EQ(table.tick(numbered_key(i), mark_of(i)), EntryTable::Tick::same);
            EXPECT_EQ(table.tick(numbered_key(i), mark_of(i + 1)), EntryTable::Tick::other);
        } else if (i % 3 == 1) {
            open[numbered_key(i)] = mark_of(i);
        }
        table.prefetch(numbered_key(i));
    }
    for (std::uint32_t i = 2; i < 5000; i += 3)
        EXPECT_TRUE(table.erase(numbered_key(i)));
    table.put(numbered_key(3), word_of("longer"));  // anew, and with more room for all
    open[numbered_key(3)] = word_of("longer");
    EXPECT_EQ(table.find(numbered_key(6)), mark_of(6)) << "a tick is no part of the value";
    std::map<RuleKey, RuleValue> left;
    table.for_each_unticked([&](const RuleKey& key, const RuleValue& value) { left[key] = value; });
    EXPECT_TRUE(left == open);
    table.untick_all();
    std::size_t all = 0;
    table.for_each_unticked([&](const RuleKey&, const RuleValue&) { ++all; });
    EXPECT_EQ(all, table.size());
}

TEST(EntryTable, AMillionAddressesTakeLittle) {
    EntryTable table;
    for (std::uint32_t i = 0; i < 1'000'000; ++i)
        table.put(numbered_key(i), word_of("open"));
    EXPECT_EQ(table.size(), 1'000'000U);
    EXPECT_LT(table.bytes(), 30'000'000U);
}

TEST(EntryTable, OneIsFilledFromAnotherInNoTime) {
    EntryTable table;
    for (std::uint32_t i = 0; i < 200'000; ++i)
        table.put(numbered_key(i), mark_of(1));
    EntryTable other;
    const auto start = std::chrono::steady_clock::now();
    table.for_each([&](const RuleKey& key, const RuleValue& value) { other.put(key, value); });
    EXPECT_EQ(other.size(), table.size());
    // in the order of the same hash it would be minutes
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

}  // namespace
}  // namespace garita::enforce
