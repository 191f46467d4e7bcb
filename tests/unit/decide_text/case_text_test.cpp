#include "decide/case_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/zoneinfo/zone.hpp"
#include "decide/foreign_text.hpp"

namespace garita::decide {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;

constexpr Time noon{std::chrono::seconds{1'795'348'800}};  // 2026-11-22T12:00:00Z

class CaseTextTest : public ::testing::Test {
  protected:
    [[nodiscard]] Reader reader(const char* language, const char* zone = "UTC") {
        zone_ = zoneinfo::find_zone(zone).value();
        return Reader{catalogue_, *zone_, language};
    }
    static Case login() {
        Case c;
        c.id = CaseId{12};
        c.kind = "ssh_login";
        c.device = "web1";
        c.subject = "192.0.2.7:50122";
        c.severity = Severity::warning;
        c.opened_at = c.updated_at = c.last_alert_at = noon;
        c.address = IpNetwork::parse("192.0.2.7");
        c.facts = {
            {"user", "root"}, {"address", "192.0.2.7"}, {"peer_port", "50122"}, {"method", "publickey"},
            {"pid", "7"},     {"start_ticks", "99"},    {"evidence", "journal"}};
        c.responses = {Response::allow, Response::close_connection, Response::block};
        return c;
    }
    static Decision block(std::optional<Duration> lasts) {
        Decision d;
        d.response = Response::block;
        d.by = {Actor::Kind::person, "ana", "telegram", Role::operator_};
        d.at = noon + std::chrono::minutes{1};
        d.lasts = lasts;
        return d;
    }
    catalogue::MessageCatalogue catalogue_;
    std::shared_ptr<const TimeZone> zone_;
};

TEST_F(CaseTextTest, TellsAnOpenLogin) {
    Case c = login();
    c.expires_at = noon + std::chrono::hours{1};
    EXPECT_EQ(plain_text(c, {}, reader("en")),
              "#12 SSH login: root from 192.0.2.7\n"
              "Host: web1\n"
              "Severity: warning\n"
              "Time: 2026-11-22 12:00:00 UTC\n"
              "User: root\n"
              "Address: 192.0.2.7\n"
              "Port: 50122\n"
              "Method: publickey\n"
              "\n"
              "Waiting for an answer until 2026-11-22 13:00:00 UTC; without one: No action");
}

TEST_F(CaseTextTest, SpeaksTheReadersLanguageAndZone) {
    EXPECT_THAT(plain_text(login(), {}, reader("es", "Europe/Madrid")),
                HasSubstr("Acceso SSH: root desde 192.0.2.7"));
    const auto russian = plain_text(login(), {}, reader("ru", "Europe/Moscow"));
    EXPECT_THAT(russian, HasSubstr("Вход по SSH: root с адреса 192.0.2.7"));
    EXPECT_THAT(russian, HasSubstr("2026-11-22 15:00:00 MSK"));
}

TEST_F(CaseTextTest, AsksToConfirmOnlyWhatSomeDeviceMayHaveInForce) {
    Case c = login();
    c.state = CaseState::closed;
    c.decision = block(std::chrono::hours{24});
    c.provisional = Provisional{Provisional::State::waiting, noon + std::chrono::minutes{2}, {}, {}, {}};
    Progress progress;
    progress.wanted = 2;
    EXPECT_THAT(plain_text(c, progress, reader("en")), HasSubstr("Provisional"));
    progress.failed = 1;
    EXPECT_THAT(plain_text(c, progress, reader("en")), HasSubstr("Provisional"));
    progress.failed = 2;
    EXPECT_THAT(plain_text(c, progress, reader("en")), Not(HasSubstr("Provisional")));
    c.provisional->state = Provisional::State::rolled_back;
    EXPECT_THAT(plain_text(c, progress, reader("en")), Not(HasSubstr("Rolled back")));
    c.provisional->in_force_since = noon;
    EXPECT_THAT(plain_text(c, progress, reader("en")), HasSubstr("Rolled back"));
}

TEST_F(CaseTextTest, TellsWhoDecidedAndHowFarItIs) {
    Case c = login();
    c.state = CaseState::decided;
    c.decision = block(std::chrono::hours{24});
    Progress p;
    p.wanted = 2;
    p.done = 1;
    EXPECT_THAT(describe(c, p, reader("en")).outcome,
                ElementsAre("Block address: decided by ana (telegram) at 2026-11-22 12:01:00 UTC",
                            "In force until 2026-11-23 12:01:00 UTC", "Under way: 1 of 2 done"));
    c.state = CaseState::closed;
    p.done = 2;
    p.connections_cut = 3;
    EXPECT_THAT(
        describe(c, p, reader("en")).outcome,
        ElementsAre("Block address: decided by ana (telegram) at 2026-11-22 12:01:00 UTC",
                    "In force until 2026-11-23 12:01:00 UTC", "Blocked on 2 of 2", "Connections cut: 3"));
}

TEST_F(CaseTextTest, TellsFailuresAndComment) {
    Case c = login();
    c.state = CaseState::closed;
    c.decision = block(std::nullopt);
    c.decision->comment = "scanner\nagain";
    Progress p;
    p.wanted = 2;
    p.done = p.failed = 1;
    p.failures = {"web2: kernel refused"};
    EXPECT_THAT(describe(c, p, reader("en")).outcome,
                ElementsAre(StartsWith("Block address: decided by"), "In force until it is taken back",
                            "Comment: scanner again", "Blocked on 1 of 2", "Failed: web2: kernel refused"));
}

TEST_F(CaseTextTest, TellsExpiredAndObserved) {
    Case c = login();
    c.state = CaseState::expired;
    EXPECT_THAT(describe(c, {}, reader("en")).outcome,
                ElementsAre("Nobody answered in time; nothing was done"));
    c.state = CaseState::observed;
    EXPECT_THAT(describe(c, {}, reader("en")).outcome, ElementsAre("Recorded only; nobody is asked"));
}

TEST_F(CaseTextTest, HasATitleForEveryKindAndForUnknownOnes) {
    Case c = login();
    c.kind = "http_errors";
    c.facts = {{"count", "53"}, {"window", "1m"}, {"statuses", "404: 53"}};
    EXPECT_EQ(case_title(c, reader("en")), "HTTP errors: 53 from 192.0.2.7");
    c.kind = "cpu_load";
    c.facts = {{"usage", "97"}, {"top", "stress 93 %"}};
    EXPECT_EQ(case_title(c, reader("en")), "CPU load: 97 %");
    c.kind = "door_open";
    c.subject = "rack\n4";
    c.facts = {{"shelf", "7"}};
    EXPECT_EQ(case_title(c, reader("en")), "door_open: rack 4");
    EXPECT_THAT(describe(c, {}, reader("en")).facts, Contains(Pair("shelf", "7")));
}

TEST_F(CaseTextTest, ForeignTextCannotForgeLinesOrPlaceholders) {
    Case c = login();
    c.facts["user"] = "x\nSeverity: info {address}\xff";
    const auto text = plain_text(c, {}, reader("en"));
    EXPECT_THAT(text, HasSubstr("#12 SSH login: x Severity: info {address}\uFFFD from 192.0.2.7\n"));
    EXPECT_THAT(text, Not(HasSubstr("\nSeverity: info")));
}

TEST_F(CaseTextTest, LongFactsGiveWayToTitleAndOutcome) {
    Case c = login();
    for (int i = 0; i < 60; ++i)
        c.facts["note" + std::to_string(i)] = std::string(300, 'x') + "😀";
    c.state = CaseState::decided;
    c.decision = block(std::nullopt);
    const auto text = plain_text(c, {}, reader("en"));
    EXPECT_LE(utf16_length(text), 4096U);
    EXPECT_THAT(text, HasSubstr("… (shortened)\n"));
    EXPECT_TRUE(text.ends_with("In force until it is taken back"));
    EXPECT_LE(utf16_length(plain_text(c, {}, reader("en"), 10)), 10U);
}

TEST_F(CaseTextTest, LabelsEveryResponseInEveryLanguage) {
    for (const auto& language : catalogue_.languages())
        for (const auto response : {Response::allow, Response::nothing, Response::close_connection,
                                    Response::block, Response::reboot, Response::power_off})
            EXPECT_THAT(response_label(response, reader(language.c_str())), Not(StartsWith("response.")));
}

}  // namespace
}  // namespace garita::decide
