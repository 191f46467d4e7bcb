// Wide blocks are in force for a moment only, until somebody who still gets in confirms them.

#include "support/office.hpp"

namespace garita::tests {
namespace {

using decide::AnswerOutcome;
using State = Provisional::State;

class WideBlocks : public DeskTest {
  protected:
    void block(const std::string& network = "203.0.112.0/22") {
        office.file(flood_alert(network));
        const auto outcome = office.answer(office.last_case(), Response::block, ana());
        ASSERT_TRUE(outcome) << outcome.error().text;
    }
    void device_reports(const std::string& device = "web1") {
        ASSERT_TRUE(office.settlement.rules_in_force(device, {1'000'000, {}, 0}, office.now));
    }
    Result<AnswerOutcome> confirm(std::optional<Time> connected_at, const Actor& by = ana()) {
        decide::AnswerRequest request;
        request.case_id = office.last_case().id;
        request.response = Response::confirm;
        request.by = by;
        request.connected_at = connected_at;
        return office.desk.answer(request, office.now);
    }
    static Actor ana() { return person("ana", Role::approver); }
    std::optional<Time> ends() { return office.rules_now().at(0).expires_at; }
};

TEST_F(WideBlocks, EndAfterAMinuteUnlessConfirmed) {
    const auto decided_at = office.now;
    block();
    EXPECT_EQ(ends(), decided_at + 1min);
    ASSERT_TRUE(office.last_case().provisional);
    office.now += 2s;
    device_reports();
    EXPECT_EQ(office.last_case().provisional->in_force_since, office.now);
    EXPECT_EQ(office.last_case().state, CaseState::closed);
    office.now += 3s;
    const auto outcome = confirm(office.now - 1s);
    ASSERT_TRUE(outcome) << outcome.error().text;
    EXPECT_EQ(outcome->kind, AnswerOutcome::Kind::accepted);
    EXPECT_EQ(ends(), decided_at + 24h);
    EXPECT_EQ(office.last_case().provisional->confirmed_by, ana());
    EXPECT_EQ(confirm(office.now)->kind, AnswerOutcome::Kind::already_decided);
    office.now += 2min;
    office.run(office.expiry);
    EXPECT_TRUE(office.rules_now().at(0).desired);
    EXPECT_EQ(office.last_case().provisional->state, State::confirmed);
}

TEST_F(WideBlocks, UnconfirmedAreRolledBackAndTheCaseSaysSo) {
    block();
    device_reports();
    office.now += 1min;
    office.run(office.expiry);
    EXPECT_FALSE(office.rules_now().at(0).desired);
    EXPECT_EQ(office.last_case().provisional->state, State::rolled_back);
    EXPECT_EQ(confirm(office.now)->kind, AnswerOutcome::Kind::over);
    const auto verbs = office.verbs();
    EXPECT_EQ(std::count(verbs.begin(), verbs.end(), "rolled_back"), 1);
    device_reports();
    office.run(office.expiry);
    EXPECT_EQ(office.verbs().size(), verbs.size());
}

TEST_F(WideBlocks, AConfirmationIsOfANewConnectionAfterItWasInForce) {
    block();
    office.now += 1s;
    const auto early = confirm(office.now);
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().code, ErrorCode::conflict);
    device_reports();
    const auto in_force = office.now;
    office.now += 1s;
    for (const auto& connected :
         {std::optional<Time>(), std::optional(in_force), std::optional(in_force - 1h)}) {
        const auto old = confirm(connected);
        ASSERT_FALSE(old);
        EXPECT_NE(old.error().text.find("log in anew"), std::string::npos);
    }
    EXPECT_FALSE(confirm(office.now, person("otto"))) << "an operator may not";
    EXPECT_EQ(office.last_case().provisional->state, State::waiting);
    EXPECT_EQ(confirm(in_force + std::chrono::microseconds(1))->kind, AnswerOutcome::Kind::accepted);
}

TEST_F(WideBlocks, TheLastDeviceCounts) {
    office.enrol("web2");
    block();
    device_reports("web1");
    office.now += 5s;
    device_reports("web2");
    EXPECT_EQ(office.last_case().provisional->in_force_since, office.now);
    EXPECT_FALSE(confirm(office.now - 1s));
    EXPECT_TRUE(confirm(office.now + 1s));
    for (const auto& rule : office.rules_now())
        EXPECT_GT(*rule.expires_at, office.now + 1h);
}

TEST_F(WideBlocks, ThatNoDeviceCarriesOutAreNotToBeConfirmed) {
    block();
    const decide::RuleReceipt receipt{
        1'000'000, {{office.rules_now().at(0).seq, "wider than this host allows"}}, 0};
    ASSERT_TRUE(office.settlement.rules_in_force("web1", receipt, office.now));
    EXPECT_FALSE(office.last_case().provisional->in_force_since);
    EXPECT_FALSE(confirm(office.now + 1s));
    office.now += 1min;
    office.run(office.expiry);
    EXPECT_EQ(office.last_case().provisional->state, State::rolled_back);
    EXPECT_EQ(office.look([](store::View& v) { return v.audit({.object = {}, .before = {}, .limit = 1}); })
                  .at(0)
                  .detail,
              "no device had the block in force");
}

TEST_F(WideBlocks, OrdinaryOnesAndShortOnesNeedNone) {
    block("203.0.113.0/24");
    EXPECT_FALSE(office.last_case().provisional);
    EXPECT_FALSE(confirm(office.now));
    office.options.confirm_within.reset();
    block("198.18.0.0/15");
    EXPECT_FALSE(office.last_case().provisional);
}

TEST_F(WideBlocks, ByHandTheyHaveACaseToBeConfirmed) {
    decide::BlockOrder order;
    order.networks = {"203.0.112.0/22", "198.18.0.0/15", "192.0.2.7"};
    order.by = ana();
    const auto outcome = office.rules.carry_out(order, office.now);
    ASSERT_TRUE(outcome) << outcome.error().text;
    EXPECT_EQ(outcome->changed, 3U);
    ASSERT_TRUE(outcome->to_confirm);
    EXPECT_EQ(office.last_case().id, *outcome->to_confirm);
    const auto end_of = [&](const std::string& network) {
        for (const auto& rule : office.rules_now())
            if (rule.params == network) return rule.expires_at;
        return std::optional<Time>();
    };
    EXPECT_EQ(end_of("192.0.2.7"), office.now + 24h);
    EXPECT_EQ(end_of("198.18.0.0/15"), office.now + 1min);
    const auto decided_at = office.now;
    device_reports();
    office.now += 1s;
    ASSERT_TRUE(confirm(office.now));
    EXPECT_EQ(end_of("198.18.0.0/15"), decided_at + 24h);
    EXPECT_EQ(end_of("203.0.112.0/22"), decided_at + 24h);
    device_reports();

    const auto again = office.rules.carry_out(order, office.now);
    ASSERT_TRUE(again);
    EXPECT_FALSE(again->to_confirm) << "what stands and was confirmed is not taken down again";
}

TEST_F(WideBlocks, SettingItAgainIsNoConfirmation) {
    decide::BlockOrder order;
    order.networks = {"203.0.112.0/22"};
    order.by = ana();
    ASSERT_TRUE(office.rules.carry_out(order, office.now));
    device_reports();
    office.now += 10s;
    const auto again = office.rules.carry_out(order, office.now);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->to_confirm);
    EXPECT_EQ(ends(), office.now + 1min);
}

TEST_F(WideBlocks, AnOperatorIsRefusedByRow) {
    decide::BlockOrder order;
    order.networks = {"203.0.112.0/22", "192.0.2.7"};
    order.by = person("otto");
    const auto outcome = office.rules.carry_out(order, office.now);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->changed, 1U);
    ASSERT_EQ(outcome->refused.size(), 1U);
    EXPECT_EQ(outcome->refused[0].error.code, ErrorCode::forbidden);
}

TEST_F(WideBlocks, AfterARollBackTheNextAlertIsAskedAbout) {
    block();
    device_reports();
    office.now += 1min;
    office.run(office.expiry);
    device_reports();
    office.file(flood_alert("203.0.112.0/22"));
    EXPECT_EQ(office.last_case().state, CaseState::open);
}

}  // namespace
}  // namespace garita::tests
