// Notifications of Alertmanager: what becomes of each alert, and of documents that are none.

#include "adapters/alertmanager/webhook.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/json/text.hpp"

namespace garita::alertmanager {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Time now = std::chrono::sys_days{std::chrono::November / 22 / 2026} + 7h;

/// As Alertmanager 0.25 sends it, with this list of alerts.
Result<Webhook> read(const std::string& alerts) {
    const auto document = runtime::json::parse(
        R"({"receiver":"garita","status":"firing","alerts":[)" + alerts +
            R"(],"groupLabels":{"alertname":"Down"},"commonLabels":{},"commonAnnotations":{},)"
            R"("externalURL":"http://am:9093","version":"4","groupKey":"{}:{}","truncatedAlerts":0})",
        "the test");
    return read_webhook(*document, "main", now);
}

std::string alert(const std::string& labels, const std::string& status = "firing") {
    return R"({"status":")" + status + R"(","labels":{)" + labels +
           R"(},"annotations":{"summary":"a \"b\"","description":"look","runbook":"x"},)"
           R"("startsAt":"2026-11-22T06:08:10.123456789Z","endsAt":"0001-01-01T00:00:00Z",)"
           R"("generatorURL":"http://p/graph?g0","fingerprint":"52e1b2e4d1a5c0aa"})";
}

TEST(Webhook, AFiringAlertNamesWhatItIsAbout) {
    const auto webhook =
        read(alert(R"("alertname":"Down","instance":"web1:9100","severity":"page","job":"node")"));
    ASSERT_TRUE(webhook) << webhook.error().text;
    ASSERT_THAT(webhook->firing, SizeIs(1));
    const Alert& one = webhook->firing[0];
    EXPECT_EQ(one.kind, "alertmanager");
    EXPECT_EQ(one.device, "web1");
    EXPECT_EQ(one.subject, "Down 52e1b2e4d1a5c0aa");
    EXPECT_EQ(one.uid, "52e1b2e4d1a5c0aa 2026-11-22T06:08:10.123456Z");
    EXPECT_EQ(one.severity, Severity::critical);
    EXPECT_FALSE(one.address);
    EXPECT_EQ(one.facts.at("summary"), "a \"b\"");
    EXPECT_EQ(one.facts.at("description"), "look");
    EXPECT_EQ(one.facts.at("source"), "main");
    EXPECT_EQ(one.facts.at("labels"),
              R"({"alertname":"Down","instance":"web1:9100","severity":"page","job":"node"})");
}

TEST(Webhook, DevicesAreInstancesHostsOrAlertmanagerItself) {
    const auto device = [](const std::string& labels) { return read(alert(labels))->firing.at(0).device; };
    EXPECT_EQ(device(R"("instance":"web1")"), "web1");
    EXPECT_EQ(device(R"("instance":"192.0.2.7:9100")"), "192.0.2.7");
    EXPECT_EQ(device(R"("instance":"[2001:db8::7]:9100")"), "2001:db8::7");
    EXPECT_EQ(device(R"("instance":"2001:db8::7")"), "2001:db8::7");
    EXPECT_EQ(device(R"("host":"db1")"), "db1");
    EXPECT_EQ(device(R"("instance":"")"), "alertmanager");
    EXPECT_EQ(device(R"("instance":[1])"), "alertmanager");
    EXPECT_EQ(device(R"("instance":"a\nb")"), "a?b");
    EXPECT_LE(device(R"("instance":")" + std::string(1000, 'x') + "\"").size(), 128U);
}

TEST(Webhook, SeveritiesAreLabels) {
    const auto severity = [](const std::string& word) {
        return read(alert(R"("severity":")" + word + "\""))->firing.at(0).severity;
    };
    EXPECT_EQ(severity("critical"), Severity::critical);
    EXPECT_EQ(severity("page"), Severity::critical);
    EXPECT_EQ(severity("warning"), Severity::warning);
    EXPECT_EQ(severity("info"), Severity::info);
    EXPECT_EQ(severity("whatever"), Severity::warning);
}

TEST(Webhook, AResolvedAlertIsAnEnd) {
    const auto webhook = read(alert(R"("alertname":"Down","instance":"web1:9100")", "resolved"));
    ASSERT_TRUE(webhook);
    EXPECT_THAT(webhook->firing, IsEmpty());
    ASSERT_THAT(webhook->resolved, SizeIs(1));
    EXPECT_EQ(webhook->resolved[0].device, "web1");
    EXPECT_EQ(webhook->resolved[0].subject, "Down 52e1b2e4d1a5c0aa");
    EXPECT_EQ(webhook->resolved[0].ended, now);  // a time of the year 1 is none
}

TEST(Webhook, MoreLabelsThanAreKeptAreNotKeptInPart) {
    const auto webhook = read(alert(R"("alertname":"Down","long":")" + std::string(5000, 'x') + "\""));
    ASSERT_TRUE(webhook);
    EXPECT_FALSE(webhook->firing.at(0).facts.contains("labels"));
}

TEST(Webhook, OneAlertThatCannotBeReadSpoilsNotTheOthers) {
    const auto webhook = read("17, {}, " + alert(R"("alertname":"Down")"));
    ASSERT_TRUE(webhook);
    EXPECT_THAT(webhook->firing, SizeIs(1));
    EXPECT_EQ(webhook->unreadable, 2U);
    EXPECT_FALSE(read("17, {}"));
    EXPECT_TRUE(read(""));
}

TEST(Webhook, OtherDocumentsAreRefused) {
    for (const auto* text : {"[]", "null", "{}", R"({"version":"3","alerts":[]})",
                             R"({"version":4,"alerts":[]})", R"({"version":"4","alerts":{}})"}) {
        const auto webhook = read_webhook(*runtime::json::parse(text, "the test"), "", now);
        ASSERT_FALSE(webhook) << text;
        EXPECT_EQ(webhook.error().code, ErrorCode::invalid);
    }
}

}  // namespace
}  // namespace garita::alertmanager
