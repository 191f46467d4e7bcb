// Alerts of Suricata and Wazuh: lines as these programs write them, causes that go on, and what is no alert.

#include "detect/json_alerts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes/detect_world.hpp"

namespace garita::detect {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// As Suricata 7 writes it, shortened.
std::string eve(const std::string& source = "203.0.113.7", int sid = 2001219, int severity = 2,
                const std::string& time = "2026-11-22T06:08:10.123456+0000") {
    return R"({"timestamp":")" + time +
           R"(","flow_id":1234567890123456,"in_iface":"eth0","event_type":"alert","src_ip":")" + source +
           R"(","src_port":40022,"dest_ip":"192.0.2.10","dest_port":22,"proto":"TCP","pkt_src":"wire/pcap",)"
           R"("alert":{"action":"allowed","gid":1,"signature_id":)" +
           std::to_string(sid) +
           R"(,"rev":20,"signature":"ET SCAN Potential SSH Scan \"quick\" a\/b","category":)"
           R"("Attempted Information Leak","severity":)" +
           std::to_string(severity) +
           R"(,"metadata":{"created_at":["2010_07_30"],"signature_severity":["Major"]}},)"
           R"("flow":{"pkts_toserver":1,"src_ip":"198.51.100.1"},"app_proto":"failed"})";
}

/// As a Wazuh 4 manager writes it, shortened.
std::string wazuh(int level = 10, const std::string& data = R"({"srcip":"203.0.113.8","dstuser":"root"})") {
    return R"({"timestamp":"2026-11-22T06:08:10.500+0000","rule":{"level":)" + std::to_string(level) +
           R"(,"description":"sshd: brute force trying to get access to the system.","id":"5712",)"
           R"("mitre":{"id":["T1110"]},"frequency":8,"firedtimes":1,"groups":["syslog","sshd"]},)"
           R"("agent":{"id":"003","name":"db1","ip":"192.0.2.30"},"manager":{"name":"wazuh"},)"
           R"("id":"1795327690.1","full_log":"Nov 22 06:08:10 db1 sshd[1]: Failed","data":)" +
           data + R"(,"location":"/var/log/auth.log"})";
}

class JsonAlertsTest : public ::testing::Test {
  protected:
    JsonAlertsSettings settings = [] {
        JsonAlertsSettings made;
        made.name = "ids";
        made.window = 5min;
        return made;
    }();

    JsonAlerts& detector() {
        if (!detector_) detector_ = std::make_unique<JsonAlerts>(settings);
        return *detector_;
    }
    LogLine line_of(const std::string& text) {
        return {.text = text,
                .source = "/var/log/suricata/eve.json",
                .id = {1, ++position_},
                .at = {},
                .identifier = {},
                .host = {}};
    }
    std::vector<Alert> give(const std::string& text) {
        detector().on_line(line_of(text), now, sink);
        return sink.take();
    }
    std::vector<Alert> pass(Duration span) {
        now += span;
        (void)detector().tick(now, sink);
        return sink.take();
    }

    Time now = std::chrono::sys_days{std::chrono::November / 22 / 2026} + 6h + 8min + 30s;
    fakes::CollectedAlerts sink;

  private:
    std::unique_ptr<JsonAlerts> detector_;
    std::uint64_t position_ = 0;
};

TEST_F(JsonAlertsTest, SuricataNamesSignatureAndAddress) {
    const auto alerts = give(eve());
    ASSERT_THAT(alerts, SizeIs(1));
    const Alert& alert = alerts[0];
    EXPECT_EQ(alert.kind, "suricata_alert");
    EXPECT_EQ(alert.subject, "2001219 203.0.113.7");
    EXPECT_EQ(alert.address, IpNetwork::parse("203.0.113.7"));
    EXPECT_EQ(alert.severity, Severity::warning);
    EXPECT_EQ(alert.facts.at("signature"), "ET SCAN Potential SSH Scan \"quick\" a/b");
    EXPECT_EQ(alert.facts.at("category"), "Attempted Information Leak");
    EXPECT_EQ(alert.facts.at("destination"), "192.0.2.10:22");
    EXPECT_EQ(alert.facts.at("count"), "1");
    EXPECT_EQ(alert.facts.at("first"), "2026-11-22T06:08:10.000000Z");
    EXPECT_EQ(alert.facts.at("log"), "/var/log/suricata/eve.json");
}

TEST_F(JsonAlertsTest, SeverityOneIsTheWorstAndThreeIsPassedOver) {
    EXPECT_EQ(give(eve("203.0.113.1", 1, 1)).at(0).severity, Severity::critical);
    EXPECT_THAT(give(eve("203.0.113.1", 3, 3)), IsEmpty());
    EXPECT_EQ(detector().unparsed(), 0U);
}

TEST_F(JsonAlertsTest, SeverityThreeIsInformationWhereItIsWanted) {
    settings.lines.lowest_priority = 3;
    EXPECT_EQ(give(eve("203.0.113.1", 3, 3)).at(0).severity, Severity::info);
}

TEST_F(JsonAlertsTest, OtherEventsOfSuricataAreNoAlerts) {
    EXPECT_THAT(
        give(R"({"timestamp":"2026-11-22T06:08:10.1+0000","event_type":"flow","src_ip":"192.0.2.1"})"),
        IsEmpty());
    EXPECT_THAT(give(R"({"event_type":"stats","stats":{"uptime":3,"alert":{"x":1}}})"), IsEmpty());
    EXPECT_EQ(detector().unparsed(), 0U);
}

TEST_F(JsonAlertsTest, AFlowOfTheSameIsToldAtOnceAndThenOnceAWindowWithItsCount) {
    EXPECT_THAT(give(eve()), SizeIs(1));
    for (int i = 0; i < 40; ++i)
        EXPECT_THAT(give(eve()), IsEmpty());
    EXPECT_THAT(pass(4min), IsEmpty());
    const auto later = pass(1min);
    ASSERT_THAT(later, SizeIs(1));
    EXPECT_EQ(later[0].facts.at("count"), "41");
    EXPECT_EQ(later[0].subject, "2001219 203.0.113.7");
    EXPECT_THAT(pass(5min), IsEmpty());  // nothing more came
    const auto anew = give(eve());
    ASSERT_THAT(anew, SizeIs(1));
    EXPECT_EQ(anew[0].facts.at("count"), "1");
}

TEST_F(JsonAlertsTest, AnotherAddressOrSignatureIsAnotherCause) {
    EXPECT_THAT(give(eve("203.0.113.7", 1)), SizeIs(1));
    EXPECT_THAT(give(eve("203.0.113.7", 2)), SizeIs(1));
    EXPECT_THAT(give(eve("2001:db8::7", 1)), SizeIs(1));
}

TEST_F(JsonAlertsTest, WhatGetsWorseIsToldAtOnce) {
    EXPECT_THAT(give(eve("203.0.113.7", 1, 2)), SizeIs(1));
    const auto worse = give(eve("203.0.113.7", 1, 1));
    ASSERT_THAT(worse, SizeIs(1));
    EXPECT_EQ(worse[0].severity, Severity::critical);
    EXPECT_EQ(worse[0].facts.at("count"), "2");
}

TEST_F(JsonAlertsTest, TheSameLineReadAgainHasTheSameUid) {
    const auto text = eve();
    JsonAlerts other(settings);
    const auto line = line_of(text);
    detector().on_line(line, now, sink);
    other.on_line(line, now + 1h, sink);
    const auto alerts = sink.take();
    ASSERT_THAT(alerts, SizeIs(2));
    EXPECT_EQ(alerts[0].uid, alerts[1].uid);
}

TEST_F(JsonAlertsTest, WhatWasToldBeforeARestartIsOnlyCounted) {
    const auto text = eve("203.0.113.7", 1, 2, "2026-11-22T06:07:00.000000+0000");
    detector().recall(line_of(text), now);
    EXPECT_THAT(give(eve("203.0.113.7", 1)), IsEmpty());
    const auto later = pass(4min);
    ASSERT_THAT(later, SizeIs(1));
    EXPECT_EQ(later[0].facts.at("count"), "2");
}

TEST_F(JsonAlertsTest, WhatIsTooLongAgoIsNotRecalled) {
    detector().recall(line_of(eve("203.0.113.7", 1, 2, "2026-11-22T05:00:00.000000+0000")), now);
    EXPECT_THAT(give(eve("203.0.113.7", 1)), SizeIs(1));
}

TEST_F(JsonAlertsTest, MemoryIsBounded) {
    settings.max_tracked = 2;
    give(eve("203.0.113.1"));
    give(eve("203.0.113.1"));
    give(eve("203.0.113.2"));
    // the oldest has to go, and is told with what was counted
    EXPECT_THAT(give(eve("203.0.113.3")), SizeIs(2));
    EXPECT_THAT(give(eve("203.0.113.1")), SizeIs(1));
}

TEST_F(JsonAlertsTest, AClockSetBackTellsInsteadOfWaiting) {
    give(eve());
    give(eve());
    EXPECT_THAT(pass(-24h), SizeIs(1));
}

class WazuhAlertsTest : public JsonAlertsTest {
  protected:
    WazuhAlertsTest() { settings.lines.format = AlertLog::wazuh; }
};

TEST_F(WazuhAlertsTest, NameRuleAgentAndAddress) {
    const auto alerts = give(wazuh());
    ASSERT_THAT(alerts, SizeIs(1));
    const Alert& alert = alerts[0];
    EXPECT_EQ(alert.kind, "wazuh_alert");
    EXPECT_EQ(alert.subject, "5712 db1 203.0.113.8");
    EXPECT_EQ(alert.address, IpNetwork::parse("203.0.113.8"));
    EXPECT_EQ(alert.severity, Severity::warning);
    EXPECT_EQ(alert.facts.at("description"), "sshd: brute force trying to get access to the system.");
    EXPECT_EQ(alert.facts.at("agent"), "db1");
    EXPECT_EQ(alert.facts.at("level"), "10");
    EXPECT_EQ(alert.facts.at("user"), "root");
    EXPECT_EQ(alert.facts.at("location"), "/var/log/auth.log");
}

TEST_F(WazuhAlertsTest, LevelsAreSeverities) {
    settings.lines.least_level = 3;
    EXPECT_EQ(give(wazuh(12)).at(0).severity, Severity::critical);
    EXPECT_THAT(give(wazuh(2)), IsEmpty());
    EXPECT_EQ(give(wazuh(3, "{}")).at(0).severity, Severity::info);
}

TEST_F(WazuhAlertsTest, WithoutAnAddressThereIsNobodyToBlock) {
    const auto alerts = give(wazuh(10, R"({"srcip":"-"})"));
    ASSERT_THAT(alerts, SizeIs(1));
    EXPECT_FALSE(alerts[0].address);
    EXPECT_EQ(alerts[0].subject, "5712 db1");
}

TEST_F(WazuhAlertsTest, WindowsEventsAndSuricataThroughWazuhHaveTheirOwnNames) {
    EXPECT_EQ(give(wazuh(10, R"({"win":{"eventdata":{"ipAddress":"203.0.113.9"}}})")).at(0).subject,
              "5712 db1 203.0.113.9");
    EXPECT_EQ(give(wazuh(10, R"({"src_ip":"2001:db8::9"})")).at(0).subject, "5712 db1 2001:db8::9");
}

TEST_F(JsonAlertsTest, OddLinesAreCountedAndStopNothing) {
    const std::string whole = eve();
    const std::vector<std::string> odd = {
        "Nov 22 06:08:10 web1 suricata: no JSON",
        "{",
        "[]",
        "null",
        whole.substr(0, whole.size() / 2),
        whole + "}",
        R"({"event_type":"alert"})",
        R"({"event_type":"alert","alert":"text"})",
        R"({"event_type":"alert","alert":{"signature_id":"x","severity":1}})",
        R"({"event_type":"alert","alert":{"signature_id":1,"severity":-1}})",
        R"({"event_type":"alert","event_type":"flow","alert":{"signature_id":1,"severity":1}})",
        R"({"event_type":"alert","alert":{"signature_id":1,"severity":1,"signature":"\x"}})",
        std::string(100000, '{'),
        std::string("{\"\0\":1}", 7),
    };
    for (const auto& line : odd)
        EXPECT_THAT(give(line), IsEmpty()) << line.substr(0, 80);
    EXPECT_EQ(detector().unparsed(), odd.size());
    EXPECT_THAT(give(whole), SizeIs(1));
}

TEST_F(JsonAlertsTest, TextsFromOutsideAreCleanedAndStrangeAddressesAreNone) {
    const auto alerts =
        give(R"({"event_type":"alert","src_ip":"not one","alert":{"signature_id":9,"severity":1,)"
             R"("signature":"a\u001b[31m\u202e \ud83d\ude00 \ud800 \u00e9"}})");
    ASSERT_THAT(alerts, SizeIs(1));
    EXPECT_EQ(alerts[0].facts.at("signature"), "a?[31m? \U0001F600 \uFFFD \u00e9");
    EXPECT_FALSE(alerts[0].address);
    EXPECT_EQ(alerts[0].subject, "9");
    EXPECT_EQ(alerts[0].at, now);
}

TEST_F(JsonAlertsTest, ALogOfAnotherFormatIsATrouble) {
    for (int i = 0; i < 19; ++i)
        give("what is this");
    EXPECT_THAT(detector().troubles(now), IsEmpty());
    give(wazuh());
    EXPECT_THAT(detector().troubles(now), ElementsAre(HasSubstr("format")));
    give(eve());
    EXPECT_THAT(detector().troubles(now), ElementsAre(HasSubstr("20 of 21 lines")));
}

}  // namespace
}  // namespace garita::detect
