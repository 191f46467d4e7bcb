#include "adapters/hub_link/scan_desk.hpp"

#include <gtest/gtest.h>

namespace garita::hub_link {
namespace {

using namespace std::chrono_literals;
namespace http = runtime::http;

/// A desk whose clock the test moves, asked by the agent `web1`.
class ScanDeskTest : public ::testing::Test {
  protected:
    ScansReply call(ScansRequest request, const std::string& device = "web1") {
        http::Request asked;
        asked.body = encode(request);
        asked.arrived = std::chrono::steady_clock::now();
        asked.final_call = true;
        const auto answer = desk_.serve(device, asked);
        EXPECT_TRUE(answer);
        return decode_scans_reply(std::get<http::Response>(*answer).body).value();
    }
    ScansReply idle(const std::string& instance = "first") { return call({instance, {}, {}, 10s}); }
    ScansReply working(const std::string& id) { return call({"first", {{id, {}, {}}}, {}, 300ms}); }
    std::string ordered() {
        const auto id = desk_.order("web1", scan::NameQuestions{{"a.example.org"}}, "ana");
        EXPECT_TRUE(id);
        return id.value_or("");
    }
    std::string error_of(const std::string& id) {
        const auto news = desk_.look(id, 0ms);
        if (!news) return news.error().text;
        if (!news->outcome) return "not over";
        return *news->outcome ? "done" : news->outcome->error().text;
    }

    ScanDesk::Clock::time_point now_{1h};
    std::vector<std::string> audited_;
    std::optional<Device> device_ = Device{};
    ScanDesk desk_{
        {[](const std::string&) {}, [this](std::string_view) { return device_; },
         [this](const Actor&, const std::string& object, const std::string& detail) -> Result<void> {
             audited_.push_back(object + ": " + detail);
             return {};
         },
         [this] { return now_; }}};
};

TEST_F(ScanDeskTest, GivesAnOrderAgainUntilTheAgentKnowsOfItAndNeverAfterAnotherStart) {
    idle();
    const auto id = ordered();
    ASSERT_EQ(idle().orders.size(), 1U);
    ASSERT_EQ(idle().orders.size(), 1U);  // the answer was lost on its way
    EXPECT_TRUE(working(id).orders.empty());
    EXPECT_EQ(working(id).wanted, std::vector<std::string>{id});
    EXPECT_TRUE(idle("second").orders.empty());
    EXPECT_EQ(error_of(id), "agent web1 was started anew in the middle");
}

TEST_F(ScanDeskTest, OneAtATimeInTheirOrder) {
    idle();
    const auto one = ordered();
    const auto other = ordered();
    ASSERT_EQ(idle().orders.at(0).id, one);
    EXPECT_TRUE(working(one).orders.empty());
    const auto next = call({"first", {}, {{one, scan::VantageOutcome(scan::NameAnswers{})}}, 0ms});
    EXPECT_EQ(next.answered, std::vector<std::string>{one});
    EXPECT_EQ(next.orders.at(0).id, other);
    EXPECT_EQ(error_of(one), "done");
}

TEST_F(ScanDeskTest, WhatNobodyAsksForIsNotWanted) {
    idle();
    const auto id = ordered();
    idle();
    now_ += 10s;
    EXPECT_EQ(working(id).wanted.size(), 1U);
    now_ += 6s;
    EXPECT_TRUE(working(id).wanted.empty());
    EXPECT_NE(error_of(id), "not over");
}

TEST_F(ScanDeskTest, WhatIsStoppedIsNotWantedAndItsOutcomeIsTaken) {
    idle();
    const auto id = ordered();
    idle();
    working(id);
    ASSERT_TRUE(desk_.stop(id));
    EXPECT_TRUE(working(id).wanted.empty());
    EXPECT_EQ(error_of(id), "not over");
    call({"first", {}, {{id, scan::VantageOutcome(scan::Report{})}}, 0ms});
    EXPECT_EQ(error_of(id), "done");
}

TEST_F(ScanDeskTest, SaysWhyItIsNotDone) {
    EXPECT_EQ(desk_.ready("web1").error().code, ErrorCode::unavailable);
    desk_.heard_of("web1", Scans::refused);
    EXPECT_EQ(desk_.ready("web1").error().code, ErrorCode::forbidden);
    desk_.heard_of("web1", Scans::not_said);
    EXPECT_NE(desk_.ready("web1").error().text.find("older"), std::string::npos);
    idle();
    EXPECT_TRUE(desk_.ready("web1"));
    const auto id = ordered();
    now_ += 21s;
    EXPECT_FALSE(desk_.ready("web1"));
    EXPECT_EQ(error_of(id), "agent web1 is away: nothing was heard of it for 10 s");
    device_.reset();
    EXPECT_EQ(desk_.ready("nobody").error().code, ErrorCode::not_found);
}

TEST_F(ScanDeskTest, AnotherAgentHasNoPartInIt) {
    idle();
    const auto id = ordered();
    idle();
    working(id);
    EXPECT_TRUE(
        call({"x", {}, {{id, scan::VantageOutcome(scan::NameAnswers{})}}, 0ms}, "web2").orders.empty());
    EXPECT_TRUE(call({"x", {{id, {}, {}}}, {}, 0ms}, "web2").wanted.empty());
    EXPECT_EQ(error_of(id), "not over");
}

TEST_F(ScanDeskTest, WritesWhoAskedForWhatFromWhere) {
    idle();
    const Actor ana{Actor::Kind::person, "ana", "cli", Role::operator_};
    EXPECT_FALSE(desk_.order("web1", "{\"ask\":\"shell\"}", ana, ""));
    EXPECT_TRUE(audited_.empty());
    EXPECT_TRUE(desk_.order("web1", R"({"ask":"names","names":["a.example.org"]})", ana, "192.0.2.9"));
    ASSERT_EQ(audited_.size(), 1U);
    EXPECT_EQ(audited_[0], "agent web1: addresses of 1 names (a.example.org); asked from 192.0.2.9");
}

}  // namespace
}  // namespace garita::hub_link
