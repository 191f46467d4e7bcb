#include "runtime/clock/lasting_clock.hpp"

#include <gtest/gtest.h>

#include "runtime/clock/clock.hpp"

namespace garita::runtime {
namespace {

using namespace std::chrono_literals;

TEST(LastingClockTest, BeginsWithTheSystemsTime) {
    EXPECT_LT(std::chrono::abs(LastingClock().now() - system_now()), 1s);
}

TEST(LastingClockTest, GoesOnWithWhatItWasInThisBoot) {
    ASSERT_FALSE(boot_id().empty());
    const auto text = LastingClock().saved();
    const auto beginning = std::stoll(text.substr(text.find(' ') + 1));
    const LastingClock turned(boot_id() + " " +
                              std::to_string(beginning - std::chrono::duration_cast<Duration>(3h).count()));
    EXPECT_LT(std::chrono::abs(turned.now() + 3h - system_now()), 1s);
    EXPECT_LT(std::chrono::abs(LastingClock(turned.saved()).now() - turned.now()), 1s);
}

TEST(LastingClockTest, BeginsAnewInAnotherBootAndWithRubbish) {
    for (const std::string saved : {"another-boot 5", "rubbish", "", " ", "x "})
        EXPECT_LT(std::chrono::abs(LastingClock(saved).now() - system_now()), 1s) << saved;
    EXPECT_LT(std::chrono::abs(LastingClock(boot_id() + " 12x").now() - system_now()), 1s);
}

}  // namespace
}  // namespace garita::runtime
