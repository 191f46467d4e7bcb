#include <map>
#include <random>

#include <gtest/gtest.h>

#include "detect/address_window.hpp"
#include "unit/detect/reference_window.hpp"

namespace garita::detect {
namespace {

using std::chrono::seconds;

struct Peak {
    std::uint32_t value = 0;
};
using Window = SlidingWindow<Ipv4Key, Peak>;

EventTime at(std::int64_t second) {
    return EventTime{seconds{1'700'000'000 + second}};
}

WindowLimits limits(std::int64_t window, std::int64_t lateness, ColdKeys cold = ColdKeys::remember) {
    WindowLimits result;
    result.window = seconds{window};
    result.lateness = seconds{lateness};
    result.cold_keys = cold;
    return result;
}

std::uint32_t peak_of(Window& window, std::uint32_t key, const std::vector<std::int64_t>& times) {
    std::uint32_t peak = 0;
    for (const auto time : times)
        peak = std::max(peak, window.add({key}, at(time)).in_window);
    return peak;
}

std::vector<std::int64_t> spread(std::int64_t start, int count, int span) {
    std::vector<std::int64_t> times;
    for (int i = 0; i < count; ++i)
        times.push_back(start + std::int64_t{i} * span / count);
    return times;
}

TEST(SlidingWindow, CountsTheNamedCases) {
    Window window(limits(60, 60));
    EXPECT_EQ(peak_of(window, 1, spread(0, 60, 30)), 60U);
    EXPECT_EQ(peak_of(window, 2, spread(0, 49, 50)), 49U);
    EXPECT_LT(peak_of(window, 3, spread(0, 60, 119)), 50U);
    EXPECT_EQ(peak_of(window, 4, spread(40, 50, 40)), 50U);  // across a minute of the clock
}

TEST(SlidingWindow, TheWindowIsOpenAtItsOldEnd) {
    Window window(limits(60, 0));
    EXPECT_EQ(window.add({1}, at(0)).in_window, 1U);
    EXPECT_EQ(window.add({1}, at(59)).in_window, 2U);
    EXPECT_EQ(window.add({1}, at(60)).in_window, 2U);   // the event at 0 has just left
    EXPECT_EQ(window.add({1}, at(119)).in_window, 2U);  // and now the one at 59
}

TEST(SlidingWindow, SaysWhenAWindowHadEmptied) {
    Window window(limits(60, 60));
    EXPECT_TRUE(window.add({1}, at(0)).resumed);
    EXPECT_FALSE(window.add({1}, at(59)).resumed);
    EXPECT_FALSE(window.add({1}, at(118)).resumed);
    EXPECT_TRUE(window.add({1}, at(178)).resumed);
    EXPECT_TRUE(window.add({1}, at(100'000)).resumed);
}

TEST(SlidingWindow, TellsTheOldestEventOfTheWindow) {
    Window window(limits(60, 60));
    (void)window.add({1}, at(0));
    (void)window.add({1}, at(30));
    (void)window.add({1}, at(50));
    EXPECT_EQ(window.add({1}, at(59)).oldest_age, 59U);
    EXPECT_EQ(window.add({1}, at(70)).oldest_age, 40U);
}

TEST(SlidingWindow, RefusesWhatIsOlderThanTheLateness) {
    Window window(limits(60, 10));
    (void)window.add({1}, at(100));
    EXPECT_EQ(window.add({1}, at(90)).order, EventOrder::late_but_counted);
    EXPECT_EQ(window.add({1}, at(89)).order, EventOrder::refused);
    EXPECT_EQ(window.stats().late, 1U);
    EXPECT_EQ(window.add({1}, at(100)).in_window, 3U);
}

TEST(SlidingWindow, OneKeysClockDoesNotDisturbAnother) {
    Window window(limits(60, 10));
    (void)window.add({1}, at(1'000'000'000));
    EXPECT_EQ(peak_of(window, 2, spread(0, 50, 40)), 50U);
    EXPECT_EQ(window.stats().late, 0U);
}

TEST(SlidingWindow, CountsAFloodWithinOneSecond) {
    Window window(limits(60, 60));
    std::uint32_t count = 0;
    for (int i = 0; i < 200'000; ++i)
        count = window.add({1}, at(5)).in_window;
    EXPECT_EQ(count, 200'000U);
    EXPECT_EQ(window.add({1}, at(64)).in_window, 200'001U);
    EXPECT_EQ(window.add({1}, at(65)).in_window, 2U);
    EXPECT_EQ(window.add({1}, at(5 + 60)).in_window, 3U);
}

TEST(SlidingWindow, SecondsThreeDaysApartAreNotTakenForEachOther) {
    constexpr std::int64_t wrap = 1 << Bucket::second_bits;
    Window window(limits(60, 60));
    for (int round = 0; round < 5; ++round) {
        for (const auto time : spread(round * wrap, 40, 40))
            EXPECT_LE(window.add({1}, at(time)).in_window, 40U);
        EXPECT_EQ(window.add({1}, at(round * wrap + 39)).in_window, 41U);
    }
}

struct Disorder {
    std::int64_t window;
    std::int64_t lateness;
    std::int64_t jitter;  // events come out of order by at most this
    std::int64_t step;    // mean time between events of one key
};

class SlidingWindowAgainstReference : public ::testing::TestWithParam<Disorder> {};

TEST_P(SlidingWindowAgainstReference, PeaksAreExact) {
    const auto& shape = GetParam();
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        std::mt19937_64 random(seed);
        const auto below = [&](std::int64_t n) {
            return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n));
        };
        std::map<std::uint32_t, std::vector<std::int64_t>> all;
        auto window_limits = limits(shape.window, shape.lateness);
        window_limits.seed = seed;
        Window window(window_limits);
        std::int64_t now = 1'000;
        for (int i = 0; i < 1'500; ++i) {
            now += below(10) == 0 ? below(shape.step * 4 + 1) : below(2);
            if (below(300) == 0) now += shape.window * 3;
            const auto key = static_cast<std::uint32_t>(below(5));
            const auto time = now - below(shape.jitter + 1);
            const auto outcome = window.add({key}, at(time));
            ASSERT_NE(outcome.order, EventOrder::refused);
            outcome.note->value = std::max(outcome.note->value, outcome.in_window);
            all[key].push_back(time);
        }
        for (const auto& [key, times] : all)
            EXPECT_EQ(window.find({key})->value, testing::reference_peak(times, shape.window))
                << "seed " << seed;
    }
}

INSTANTIATE_TEST_SUITE_P(Shapes, SlidingWindowAgainstReference,
                         ::testing::Values(Disorder{60, 60, 0, 3}, Disorder{60, 60, 60, 3},
                                           Disorder{60, 5, 5, 20}, Disorder{1, 3, 3, 1},
                                           Disorder{10, 100, 100, 2}, Disorder{600, 60, 60, 30},
                                           Disorder{86'400, 600, 600, 900}, Disorder{2, 0, 0, 1}));

TEST(SlidingWindow, HoldsNoMoreKeysThanAllowedAndForgetsTheColdest) {
    auto few = limits(60, 60);
    few.max_keys = 1000;
    Window window(few);
    for (std::uint32_t key = 0; key < 20'000; ++key) {
        (void)window.add({key}, at(key / 10));
        ASSERT_LE(window.stats().tracked, 1000U);
    }
    EXPECT_GE(window.stats().evicted, 19'000U);
    for (std::uint32_t key = 19'500; key < 20'000; ++key)
        EXPECT_NE(window.find({key}), nullptr) << key;
    EXPECT_EQ(window.find({18'000}), nullptr);
}

TEST(SlidingWindow, ForgetsEmptiedWindowsBeforeItGrows) {
    Window window(limits(60, 60, ColdKeys::forget));
    for (std::uint32_t key = 0; key < 500'000; ++key)
        (void)window.add({key}, at(key / 4));
    EXPECT_LE(window.stats().tracked, 1024U);
    EXPECT_EQ(window.stats().evicted, 0U);
    EXPECT_LT(window.stats().bytes, 200'000U);
}

TEST(SlidingWindow, StaysWithinItsMemoryWhenEveryKeyIsBusy) {
    auto small = limits(60, 60);
    small.max_keys = 5000;
    small.max_spill_bytes = 100'000;
    Window window(small);
    std::mt19937 random(7);
    for (int i = 0; i < 300'000; ++i)
        (void)window.add({static_cast<std::uint32_t>(random() % 6000)}, at(i / 2000));
    EXPECT_GT(window.stats().evicted, 0U);
    EXPECT_LE(window.stats().tracked, 5000U);
    // the table, and blocks that are in use or free for use again
    EXPECT_LE(window.stats().bytes, 6251 * 32 + 4 * 100'000U);
}

TEST(SlidingWindow, DecidesExactlyWhenAWindowHoldsMoreSecondsThanABlock) {
    auto wide = limits(7200, 0);
    wide.threshold = 1500;
    Window window(wide);
    std::uint32_t most = 0;
    for (std::int64_t time = 0; time < 20'000; time += 5)  // 1440 events in two hours
        most = std::max(most, window.add({1}, at(time)).in_window);
    EXPECT_EQ(most, 1440U);
    for (std::int64_t time = 0; time < 20'000; time += 4)  // 1800
        most = std::max(most, window.add({2}, at(time)).in_window);
    EXPECT_GE(most, 1500U);
    EXPECT_LE(most, 1800U);
}

TEST(AddressWindow, GroupsIpv6ByPrefix) {
    const auto address = [](int i) { return *IpAddress::parse("2001:db8:1:2::" + std::to_string(i)); };
    AddressWindow<Peak> by_network(limits(60, 60), {32, 64});
    AddressWindow<Peak> by_address(limits(60, 60), {32, 128});
    std::uint32_t network = 0;
    std::uint32_t single = 0;
    for (int i = 0; i < 60; ++i) {
        network = std::max(network, by_network.add(address(i), at(i / 2)).in_window);
        single = std::max(single, by_address.add(address(i), at(i / 2)).in_window);
    }
    EXPECT_EQ(network, 60U);
    EXPECT_EQ(single, 1U);
    EXPECT_EQ(by_network.source_of(address(7)).text(), "2001:db8:1:2::/64");
}

TEST(AddressWindow, VisitsEverySourceAsANetwork) {
    AddressWindow<Peak> window(limits(60, 60), {24, 48});
    (void)window.add(*IpAddress::parse("192.0.2.77"), at(0));
    (void)window.add(*IpAddress::parse("192.0.2.78"), at(0));
    (void)window.add(*IpAddress::parse("2001:db8:5:ffff::1"), at(0));
    std::vector<std::string> seen;
    window.for_each(
        [&](const IpNetwork& network, const Peak&, std::uint32_t) { seen.push_back(network.text()); });
    EXPECT_EQ(seen, (std::vector<std::string>{"192.0.2.0/24", "2001:db8:5::/48"}));
}

}  // namespace
}  // namespace garita::detect
