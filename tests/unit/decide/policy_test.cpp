#include "decide/policy.hpp"

#include <gtest/gtest.h>

#include "decide/people.hpp"
#include "decide/rate_caps.hpp"

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

TEST(RateWindowTest, ForgetsWhatIsOlderThanItsSpan) {
    RateWindow window(10min);
    Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
    for (int i = 0; i < 100; ++i)
        window.note(now + std::chrono::seconds(i));
    EXPECT_EQ(window.count(now + 100s), 100U);
    EXPECT_EQ(window.count(now + 9min + 59s), 100U) << "never early";
    EXPECT_EQ(window.count(now + 12min), 0U);
    window.note(now + 12min);
    EXPECT_EQ(window.count(now + 5h), 0U);
}

TEST(RateWindowTest, AClockThatIsPutBackBeginsAnew) {
    RateWindow window(1min);
    Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
    window.note(now);
    window.note(now - 24h);
    EXPECT_EQ(window.count(now - 24h), 1U);
}

TEST(PolicyNames, TellPoliciesApart) {
    Policy policy;
    policy.kind = "http_errors";
    policy.mode = Policy::Mode::automatic;
    EXPECT_EQ(policy_name(policy), "http_errors auto");
    policy.severity = Severity::critical;
    EXPECT_EQ(policy_name(policy), "http_errors critical auto");
}

TEST(PolicyModes, AreWordsAndBack) {
    for (const auto mode : {Policy::Mode::ask, Policy::Mode::automatic, Policy::Mode::observe})
        EXPECT_EQ(parse_policy_mode(to_text(mode)), mode);
    EXPECT_EQ(to_text(Policy::Mode::automatic), "auto");
    EXPECT_FALSE(parse_policy_mode("automatic"));
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
