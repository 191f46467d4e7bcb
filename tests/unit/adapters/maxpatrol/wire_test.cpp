#include "adapters/maxpatrol/wire.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace garita::maxpatrol {
namespace {

TEST(MaxPatrolWire, ReadsTimesAsVersionsWriteThem) {
    const auto whole = from_micros(1'710'223'920'000'000);
    EXPECT_EQ(wire::read_time("2024-03-12T06:12:00.1234567Z"), whole + Duration{123456});
    EXPECT_EQ(wire::read_time("2024-03-12T06:12:00Z"), whole);
    EXPECT_EQ(wire::read_time("2024-03-12T06:12:00"), whole);
    EXPECT_EQ(wire::read_time("2024-03-12T09:12:00.5000000+03:00"), whole + Duration{500000});
    EXPECT_EQ(wire::read_time("1710223920"), whole);
    for (const auto* bad : {"", "yesterday", "-5", "99999999999999", "2024-13-12T06:12:00Z"})
        EXPECT_EQ(wire::read_time(bad), std::nullopt) << bad;
}

TEST(MaxPatrolWire, ReadsAPageAndLeavesOutWhatMakesNoSense) {
    const auto page = wire::read_page(
        R"({"incidents":[{"id":"cc51f4c0-4052","key":"INC-75","name":"Web","type":"Undefined","status":"New",
        "severity":null,"created":"2024-03-12T06:12:00.1234567Z","assigned":{"firstName":"Ivan","lastName":"Petrov"}},
        {"id":"../../etc","status":"New"},{"id":"x"},7],"totalItems":4})");
    ASSERT_TRUE(page);
    EXPECT_EQ(page->read, 4U);
    EXPECT_EQ(page->total, 4);
    ASSERT_EQ(page->incidents.size(), 1U);
    EXPECT_EQ(page->incidents[0].key, "INC-75");
    EXPECT_EQ(page->incidents[0].assigned, "Ivan Petrov");
    EXPECT_EQ(page->incidents[0].severity, "");
}

TEST(MaxPatrolWire, CallsWhatIsNoAnswerAnAbsence) {
    for (const auto* bad : {"", "<html>", "[]", "{}", R"({"incidents":{}})", R"({"incidents":[{"id":"a)"}) {
        const auto page = wire::read_page(bad);
        ASSERT_FALSE(page) << bad;
        EXPECT_EQ(page.error().code, ErrorCode::unavailable);
        EXPECT_EQ(page.error().retry, Retry::later);
    }
}

TEST(MaxPatrolWire, ReadsEventsBareAndWrapped) {
    for (const auto* body : {R"([{"id":"1","date":"2024-03-12T06:12:07.0000000Z","description":"d"}])",
                             R"({"events":[{"date":"2024-03-12T06:12:07Z","description":"d"}]})"}) {
        const auto events = wire::read_events(body);
        ASSERT_TRUE(events) << body;
        ASSERT_EQ(events->size(), 1U);
        EXPECT_EQ((*events)[0].at, "2024-03-12T06:12:07.000000Z");
        EXPECT_EQ((*events)[0].description, "d");
    }
    EXPECT_TRUE(wire::read_events("[]")->empty());
    EXPECT_FALSE(wire::read_events("{}"));
}

TEST(MaxPatrolWire, AsksForTheOldestFirstFromAWholeSecond) {
    const incidents::Window window{incidents::Window::By::modification, from_micros(1'710'223'920'999'999)};
    const auto body = wire::write_list(window, 1000, 500, wire::Columns::common);
    EXPECT_THAT(body, testing::HasSubstr(R"("timeFrom":"2024-03-12T06:12:00.000Z")"));
    EXPECT_THAT(body, testing::HasSubstr(R"("filterTimeType":"lastModification")"));
    EXPECT_THAT(body, testing::HasSubstr(R"("offset":1000,"limit":500)"));
    EXPECT_THAT(body, testing::Not(testing::HasSubstr("severity")));
    EXPECT_THAT(wire::write_list(window, 0, 1, wire::Columns::with_severity), testing::HasSubstr("severity"));
}

TEST(MaxPatrolWire, ReadsHistoryInTheOrderOfTime) {
    const auto history = wire::read_history(
        R"([{"nextStatus":"Closed","timestamp":"2024-03-12T07:00:00Z","changedBy":{"id":"u2"}},
            {"nextStatus":"Approved","timestamp":"2024-03-12T06:00:00Z","changedBy":{"firstName":"Ivan"}}])");
    ASSERT_TRUE(history);
    ASSERT_EQ(history->size(), 2U);
    EXPECT_EQ((*history)[0].by, "Ivan");
    EXPECT_EQ((*history)[1].to, "Closed");
    EXPECT_EQ((*history)[1].by, "u2");
}

TEST(MaxPatrolWire, ReadsTokensAndKnowsAWrongLogin) {
    const auto token = wire::read_token(R"({"access_token":"ey.x","expires_in":86400,"refresh_token":"r"})");
    ASSERT_TRUE(token);
    EXPECT_EQ(token->access.reveal(), "ey.x");
    EXPECT_EQ(token->lifetime, std::chrono::hours{24});
    EXPECT_FALSE(wire::read_token(R"({"access_token":""})"));
    EXPECT_FALSE(wire::read_token("{\"access_token\":\"a\\r\\nX: y\"}"));
    EXPECT_TRUE(wire::says_wrong_login(400, R"({"error_description":"invalid_username_or_password"})"));
    EXPECT_TRUE(wire::says_wrong_login(401, R"({"error":"invalid_client"})"));
    EXPECT_FALSE(wire::says_wrong_login(401, "")) << "that says nothing of the login";
    EXPECT_FALSE(wire::says_wrong_login(400, "<html>"));
    EXPECT_FALSE(wire::says_wrong_login(503, "invalid_grant"));
}

}  // namespace
}  // namespace garita::maxpatrol
