// What CrowdSec's local API says.

#include "adapters/crowdsec/wire.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace garita::crowdsec {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Time now = std::chrono::sys_days{std::chrono::November / 22 / 2026} + 7h;

/// As CrowdSec 1.4 says it, shortened.
std::string told(int id, const std::string& scope = "Ip", const std::string& value = "203.0.113.7",
                 const std::string& machine = "web1", const std::string& at = "2026-11-22T06:08:10Z") {
    return R"({"capacity":5,"created_at":")" + at +
           R"(","decisions":[{"duration":"3h59m","id":1,"origin":"crowdsec","scenario":"s","scope":"Ip",)"
           R"("simulated":false,"type":"ban","value":"203.0.113.7"}],"events":null,"events_count":6,"id":)" +
           std::to_string(id) + R"(,"labels":null,"machine_id":")" + machine +
           R"(","message":"Ip 203.0.113.7 performed 'crowdsecurity/ssh-bf'","scenario":"crowdsecurity/ssh-bf",)"
           R"("simulated":false,"source":{"as_name":"Example","cn":"ES","ip":")" +
           value + R"(","scope":")" + scope + R"(","value":")" + value + R"("}})";
}

std::vector<Alert> read(const std::string& body) {
    return read_alerts(body, {"main", "garita"}, now).value();
}

TEST(Crowdsec, AnAlertNamesScenarioAndAddress) {
    const auto alerts = read("[" + told(7) + "]");
    ASSERT_THAT(alerts, SizeIs(1));
    const Alert& alert = alerts[0];
    EXPECT_EQ(alert.kind, "crowdsec_alert");
    EXPECT_EQ(alert.uid, "main 7");
    EXPECT_EQ(alert.device, "web1");
    EXPECT_EQ(alert.subject, "crowdsecurity/ssh-bf 203.0.113.7");
    EXPECT_EQ(alert.address, IpNetwork::parse("203.0.113.7"));
    EXPECT_EQ(alert.at, std::chrono::sys_days{std::chrono::November / 22 / 2026} + 6h + 8min + 10s);
    EXPECT_EQ(alert.facts.at("events"), "6");
    EXPECT_EQ(alert.facts.at("country"), "ES");
    EXPECT_EQ(alert.facts.at("decisions"), "ban 203.0.113.7 for 3h59m (crowdsec)");
}

TEST(Crowdsec, TheOldestComesFirst) {
    const auto alerts =
        read("[" + told(9, "Ip", "203.0.113.9", "web1", "2026-11-22T06:09:00Z") + "," + told(8) + "]");
    ASSERT_THAT(alerts, SizeIs(2));
    EXPECT_EQ(alerts[0].uid, "main 8");
}

TEST(Crowdsec, OurOwnBlocklistsAndWhatCannotBeReadAreLeftOut) {
    EXPECT_THAT(read("[" + told(1, "Ip", "203.0.113.7", "garita") + "]"), IsEmpty());
    EXPECT_THAT(read("[" + told(1, "crowdsecurity/community-blocklist", "") + "]"), IsEmpty());
    EXPECT_THAT(read("[" + told(1, "Country", "ES") + "]"), IsEmpty());
    EXPECT_THAT(read("[" + told(1, "Ip", "nowhere") + "]"), IsEmpty());
    EXPECT_THAT(read("[" + told(-1) + R"(,7,{},null,"x"])"), IsEmpty());
    EXPECT_THAT(read("null"), IsEmpty());
    EXPECT_THAT(read("[" + told(1, "Range", "203.0.113.0/24") + "]"), SizeIs(1));
    EXPECT_FALSE(read_alerts("{}", {"main", "garita"}, now));
    EXPECT_FALSE(read_alerts("<html>", {"main", "garita"}, now));
}

TEST(Crowdsec, ABanLastsAsLongAsItsRule) {
    Rule rule;
    rule.author = "ana (cli)";
    rule.comment = "a \"scanner\"";
    rule.expires_at = now + 90min;
    const auto host = write_ban(*IpNetwork::parse("2001:db8::7"), rule, now);
    for (const auto* part :
         {"\"type\":\"ban\",\"scope\":\"Ip\",\"value\":\"2001:db8::7\",\"duration\":\"5400s\"",
          "\"origin\":\"garita\",\"scenario\":\"garita\"", "blocked by ana (cli): a \\\"scanner\\\""})
        EXPECT_THAT(host, ::testing::HasSubstr(part));
    rule.expires_at.reset();
    const auto network = write_ban(*IpNetwork::parse("203.0.113.0/24"), rule, now);
    EXPECT_THAT(network, ::testing::HasSubstr("\"scope\":\"Range\""));
    EXPECT_THAT(network, ::testing::HasSubstr("\"duration\":\"87600h\""));
}

TEST(Crowdsec, OurBansThatHoldAreReadBack) {
    const auto bans = read_bans(R"([{"decisions":[
        {"type":"ban","scenario":"garita","value":"203.0.113.7","duration":"59m1s"},
        {"type":"ban","scenario":"garita","value":"198.51.100.0/24","duration":"3h"},
        {"type":"ban","scenario":"garita","value":"203.0.113.8","duration":"-2s"},
        {"type":"captcha","scenario":"garita","value":"203.0.113.9","duration":"1h"},
        {"type":"ban","scenario":"crowdsecurity/ssh-bf","value":"203.0.113.10","duration":"1h"},
        {"type":"ban","scenario":"garita","value":"no address","duration":"1h"}, 7]},
        {"decisions":null}, {}, null])");
    ASSERT_TRUE(bans);
    EXPECT_EQ(*bans, (std::set{*IpNetwork::parse("203.0.113.7/32"), *IpNetwork::parse("198.51.100.0/24")}));
    EXPECT_TRUE(read_bans("null")->empty());
    EXPECT_FALSE(read_bans("{}"));
    EXPECT_FALSE(read_bans("<html>"));
}

TEST(Crowdsec, ATokenIsOneWordOfAHeader) {
    EXPECT_EQ(read_login(R"({"code":200,"expire":"x","token":"a.b-c"})").value_or(""), "a.b-c");
    for (const auto* text : {"", "{}", R"({"token":""})", R"({"token":"a\r\nX: y"})", R"({"token":7})", "[]"})
        EXPECT_FALSE(read_login(text)) << text;
    EXPECT_EQ(write_login("garita", "a\"b"), R"({"machine_id":"garita","password":"a\"b","scenarios":[]})");
}

}  // namespace
}  // namespace garita::crowdsec
