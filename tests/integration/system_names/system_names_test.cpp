#include "adapters/system_names/system_names.hpp"

#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

namespace garita::system_names {
namespace {

TEST(SystemNames, KnowsWhatTheHostsFileKnows) {
    SystemNames names;
    const auto answers = names.resolve({"localhost", "127.0.0.7"});
    ASSERT_EQ(answers.size(), 2U);
    ASSERT_TRUE(answers[0]) << answers[0].error().text;
    EXPECT_TRUE(std::any_of(answers[0]->begin(), answers[0]->end(),
                            [](const IpAddress& address) { return address.is_loopback(); }));
    ASSERT_TRUE(answers[1]);
    EXPECT_EQ(*answers[1], std::vector<IpAddress>{*IpAddress::parse("127.0.0.7")});
    EXPECT_TRUE(names.resolve({}).empty());
}

TEST(SystemNames, SaysWhatIsWrongWithEach) {
    SystemNames names;
    const auto answers = names.resolve({"no-such-name.invalid", "localhost"});
    ASSERT_EQ(answers.size(), 2U);
    ASSERT_FALSE(answers[0]);
    // which of the two depends on whether this machine has a DNS server at all
    EXPECT_TRUE(answers[0].error().code == ErrorCode::not_found ||
                answers[0].error().code == ErrorCode::unavailable);
    EXPECT_NE(answers[0].error().text.find("resolver"), std::string::npos);
    EXPECT_TRUE(answers[1]);
}

TEST(SystemNames, NeverTakesLongerThanItsLimit) {
    SystemNames names({.whole = Duration{0}, .at_once = 1});
    // so many that whoever asks cannot have come to the last one, however late this thread is woken
    std::vector<std::string> asked;
    for (int i = 0; i < 5000; ++i)
        asked.push_back("n" + std::to_string(i) + ".invalid");
    const auto begin = std::chrono::steady_clock::now();
    const auto answers = names.resolve(asked);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
    ASSERT_EQ(answers.size(), asked.size());
    for (const auto& answer : answers)
        EXPECT_FALSE(answer);
    EXPECT_EQ(answers.back().error().code, ErrorCode::unavailable);
    EXPECT_EQ(answers.back().error().retry, Retry::later);
}

}  // namespace
}  // namespace garita::system_names
