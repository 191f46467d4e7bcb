// How many alerts a program may send in a second.

#include <gtest/gtest.h>

#include "adapters/rest_api/api.hpp"
#include "adapters/rest_api/endpoint.hpp"
#include "decide/desk.hpp"
#include "fakes/memory_store.hpp"
#include "fakes/no_agents.hpp"
#include "runtime/config/hub_config.hpp"

namespace garita::rest_api {
namespace {

using namespace std::chrono_literals;

class AlertRateTest : public testing::Test {
  protected:
    void open(std::size_t per_second) {
        rate_.emplace(per_second);
        add_api(router_, {store_, desk_, rule_desk_, policy_desk_, nobody_, callers_, [this] { return now_; },
                          [] { return boost::json::value(boost::json::object()); }, 1000, &*rate_});
    }
    static CallerDirectory directory() {
        std::vector<Token> tokens(2);
        tokens[0].name = "siem";
        tokens[0].secret = runtime::Secret("secret-of-siem");
        tokens[1].name = "scanner";
        tokens[1].secret = runtime::Secret("secret-of-scanner");
        tokens[0].scopes = tokens[1].scopes = {Scope::alerts_write};
        return {{}, tokens};
    }
    http::Response post(std::string body, const std::string& token = "siem") {
        http::Request request;
        request.method = http::Method::post;
        request.body = std::move(body);
        request.headers.add("Authorization", "Bearer secret-of-" + token);
        const auto found = router_.find(request.method, "/api/v1/alerts");
        return std::get<http::Response>(std::get<http::Router::Match>(found).route->handler(request));
    }
    static std::string one() { return R"({"kind":"scan","address":"192.0.2.7"})"; }
    static std::string batch(std::size_t count) {
        std::string list;
        for (std::size_t i = 0; i < count; ++i)
            list += (i == 0 ? "" : ",") + one();
        return R"({"alerts":[)" + list + "]}";
    }
    std::size_t stored() {
        std::size_t count = 0;
        EXPECT_TRUE(store_.read([&](store::View& view) -> Result<void> {
            count = view.unfiled_alerts(1'000'000).size();
            return {};
        }));
        return count;
    }

    Time now_ = from_micros(1'800'000'000'000'000);
    fakes::MemoryStore store_;
    decide::DeskOptions options_;
    decide::Desk desk_{store_, options_};
    decide::RuleDesk rule_desk_{store_, options_};
    decide::PolicyDesk policy_desk_{store_, options_};
    fakes::NoAgents nobody_;
    CallerDirectory callers_ = directory();
    std::optional<http::RateLimit> rate_;
    http::Router router_;
};

TEST_F(AlertRateTest, BeyondItTheAnswerIs429WithRetryAfterAndNothingIsStored) {
    open(5);
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(post(one()).status, 202);
    const auto refused = post(one());
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.headers.find("Retry-After"), "1");
    EXPECT_EQ(refused.content_type, "application/problem+json");
    EXPECT_NE(refused.body.find("limits.alerts_per_second"), std::string::npos) << refused.body;
    EXPECT_EQ(stored(), 5U);
    EXPECT_EQ(post(one(), "scanner").status, 202) << "another token has its own";
    now_ += 1s;
    EXPECT_EQ(post(one()).status, 202);
}

TEST_F(AlertRateTest, ABatchCountsAsManyAsAreInIt) {
    open(5);
    EXPECT_EQ(post(batch(15)).status, 202);
    const auto refused = post(one());
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.headers.find("Retry-After"), "3");
    now_ += 3s;
    EXPECT_EQ(post(batch(5)).status, 202);
}

TEST_F(AlertRateTest, TheDefaultLetsTheBenchmarksThrough) {
    const auto per_second = static_cast<std::size_t>(runtime::LimitsConfig{}.alerts_per_second);
    http::RateLimit rate(per_second);
    for (int i = 0; i < 3'000; ++i)  // 30 thousand a second in batches of 100, for ten seconds
        ASSERT_FALSE(rate.take("batches", 100, now_ + i * 10s / 3'000)) << i;
    for (int i = 0; i < 50'000; ++i)  // 5 thousand a second one by one
        ASSERT_FALSE(rate.take("singles", 1, now_ + i * 200us)) << i;
}

}  // namespace
}  // namespace garita::rest_api
