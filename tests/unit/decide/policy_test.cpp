#include "decide/policy.hpp"

#include <gtest/gtest.h>

#include "decide/auto_brake.hpp"
#include "decide/people.hpp"

namespace garita::decide {
namespace {

using namespace std::chrono_literals;

TEST(ChoosingAPolicy, TheFirstThatMatchesWins) {
    Policy nginx;
    nginx.kind = "http_errors";
    nginx.severity = Severity::critical;
    Policy pattern;
    pattern.kind = "log_patterns";
    pattern.name = "sshd";
    Policy web2;
    web2.device = "web2";
    const std::vector<Policy> policies = {nginx, pattern, web2};
    const Policy otherwise;
    const auto chosen = [&](std::string_view kind, std::string_view name, std::string_view device,
                            Severity severity) {
        return &choose_policy(policies, otherwise, {kind, name, device, severity});
    };
    EXPECT_EQ(chosen("http_errors", "", "web2", Severity::critical), &policies[0]);
    EXPECT_EQ(chosen("http_errors", "", "web2", Severity::warning), &policies[2]);
    EXPECT_EQ(chosen("http_errors", "", "web1", Severity::warning), &otherwise);
    EXPECT_EQ(chosen("log_patterns", "sshd", "web1", Severity::info), &policies[1]);
    EXPECT_EQ(chosen("log_patterns", "postfix", "web1", Severity::info), &otherwise);
}

TEST(AutoBrakeTest, StopsAfterTooManyAndLetsGoWhenItWasCalm) {
    AutoBrake brake(2, 10min);
    Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
    EXPECT_EQ(brake.ask(now), AutoBrake::Verdict::go);
    EXPECT_EQ(brake.ask(now), AutoBrake::Verdict::go);
    EXPECT_EQ(brake.ask(now), AutoBrake::Verdict::stop_now);
    EXPECT_EQ(brake.ask(now + 9min), AutoBrake::Verdict::stop);
    EXPECT_EQ(brake.ask(now + 10min), AutoBrake::Verdict::go);
}

TEST(AutoBrakeTest, CountsByTheMinute) {
    AutoBrake brake(1, 10min);
    Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
    for (int minute = 0; minute < 5; ++minute)
        EXPECT_EQ(brake.ask(now + std::chrono::minutes(minute)), AutoBrake::Verdict::go);
}

TEST(PeopleTest, AreFoundByTheirDoors) {
    Person ana;
    ana.name = "ana";
    ana.role = Role::approver;
    ana.telegram_id = 42;
    ana.system_user = "ana";
    Person bot;
    bot.name = "nobody by telegram";
    const People people({bot, ana});
    EXPECT_EQ(people.by_telegram(42)->name, "ana");
    EXPECT_FALSE(people.by_telegram(0));
    EXPECT_EQ(people.by_system_user("ana", 1000, 999)->role, Role::approver);
    EXPECT_EQ(people.by_system_user("root", 0, 999)->role, Role::administrator);
    EXPECT_EQ(people.by_system_user("garita", 999, 999)->name, "root (local)");
    EXPECT_FALSE(people.by_system_user("mallory", 1001, 999));
    EXPECT_FALSE(people.by_system_user("", 1001, 999));
}

}  // namespace
}  // namespace garita::decide
