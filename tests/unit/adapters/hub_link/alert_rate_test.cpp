// The hub has enough for now: an agent's alerts wait in its spool and all arrive later.

#include "adapters/hub_link/agent_workers.hpp"
#include "fakes/memory_agent_store.hpp"
#include "unit/adapters/hub_link/hub_side.hpp"

namespace garita::hub_link {
namespace {

using namespace testing;

class AlertRateTest : public HubSide {
  protected:
    AlertRateTest() : HubSide(500) {
        const auto url = serve(std::move(router_));
        identity_ = AgentIdentity::open(folder_ / "identity.json",
                                        {url, runtime::Secret(code_for("web1")), "web1", std::nullopt})
                        .value();
        delivery_.emplace(url, *identity_, spool_);
    }
    void spool(int count) {
        std::vector<Alert> alerts;
        for (int i = 0; i < count; ++i) {
            Alert alert;
            alert.device = "web1";
            alert.uid = std::to_string(++made_);
            alert.kind = "http_errors";
            alert.subject = "192.0.2.7";
            alert.at = now_;
            alerts.push_back(alert);
        }
        EXPECT_TRUE(spool_.push_alerts(alerts, 1'000'000));
    }
    std::size_t waiting() { return static_cast<std::size_t>(spool_.spool_counts()->waiting); }
    std::size_t arrived() {
        std::size_t count = 0;
        EXPECT_TRUE(store_.read([&](store::View& view) -> Result<void> {
            count = view.unfiled_alerts(1'000'000).size();
            return {};
        }));
        return count;
    }

    fakes::MemoryAgentStore spool_;
    std::unique_ptr<AgentIdentity> identity_;
    std::optional<AlertDelivery> delivery_;
    int made_ = 0;
};

TEST_F(AlertRateTest, WhatIsTooMuchWaitsInTheSpoolForTheTimeThatTheHubNames) {
    spool(static_cast<int>(alerts_in_batch) + 1);
    const auto first = delivery_->step(now_);
    ASSERT_TRUE(first) << "the first second's worth: " << first.error().text;
    const auto refused = delivery_->step(now_);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text.find("limits.alerts_per_second"), std::string::npos)
        << refused.error().text;
    EXPECT_EQ(refused.error().retry, Retry::later);
    EXPECT_EQ(waiting(), 1U);
    const auto too_early = delivery_->step(now_ + 100ms);
    ASSERT_TRUE(too_early) << "woken by a new alert, it does not ask before the time";
    EXPECT_EQ(*too_early, Duration(900ms));
    now_ += 1s;
    ASSERT_TRUE(delivery_->step(now_));
    EXPECT_EQ(waiting(), 0U);
    EXPECT_EQ(arrived(), alerts_in_batch + 1);
}

TEST_F(AlertRateTest, AFloodArrivesInFullAtTheRateOfTheHub) {
    spool(5'000);
    const Time begun = now_;
    while (waiting() > 0 && now_ < begun + 60s)
        if (const auto rest = delivery_->step(now_))
            now_ += std::max<Duration>(*rest, 10ms);
        else
            now_ += 200ms;
    EXPECT_EQ(waiting(), 0U);
    EXPECT_EQ(arrived(), 5'000U);
    EXPECT_GE(now_ - begun, 8s) << "500 a second";
    EXPECT_LE(now_ - begun, 12s);
}

}  // namespace
}  // namespace garita::hub_link
