#include "adapters/hub_link/standing_json.hpp"
#include "unit/adapters/hub_link/hub_side.hpp"

namespace garita::hub_link {
namespace {

using namespace testing;

/// A hub with two agents, asked as an agent would.
class AgentRoutesTest : public HubSide {
  protected:
    SyncAnswer sync(const SyncRequest& request, const http::Peer& from) {
        const auto response = std::get<http::Response>(call(sync_path, encode(request), from));
        EXPECT_EQ(response.status, 200);
        auto answer = decode_sync_answer(response.body);
        EXPECT_TRUE(answer) << (answer ? "" : answer.error().text);
        return answer.value_or(SyncAnswer{});
    }
    void block(const std::string& device, const std::string& address) {
        EXPECT_TRUE(store_.write([&](store::Transaction& tx) -> Result<void> {
            tx.change_rule({device, "block", address, "drop", now_ + 1h, "ana", {}, ""}, now_);
            return {};
        }));
    }
    std::vector<Rule> rules_of(const std::string& device) {
        std::vector<Rule> rules;
        EXPECT_TRUE(store_.read([&](store::View& view) -> Result<void> {
            store::RuleQuery query;
            query.device = device;
            rules = view.rules(query);
            return {};
        }));
        return rules;
    }

    http::Peer web1_ = enrolled("web1");
    http::Peer web2_ = enrolled("web2");
};

TEST_F(AgentRoutesTest, NobodyGetsInWithoutACertificateOfThisHub) {
    const auto body = encode(SyncRequest{});
    for (const auto& path : {sync_path, alerts_path, certificate_path}) {
        EXPECT_EQ(status(path, body, peer("")), 401) << path;
        EXPECT_EQ(status(path, body, peer("sha256:" + std::string(64, '0'))), 401) << path;
    }
    http::Peer local;
    local.kind = http::PeerKind::unix_socket;
    EXPECT_EQ(status(sync_path, body, local), 401);
    EXPECT_EQ(status(sync_path, body, web1_), 200);
}

TEST_F(AgentRoutesTest, NamesAndCodesInHeadersAreNothing) {
    http::Request request;
    request.method = http::Method::post;
    request.body = encode(SyncRequest{});
    request.headers = {{"Garita-Agent", "web1"},
                       {"Authorization", "Bearer code-of-preset"},
                       {std::string(nonce_header), make_nonce()}};
    const auto found = router_.find(request.method, sync_path);
    const auto answer = std::get<http::Router::Match>(found).route->handler(request);
    EXPECT_EQ(std::get<http::Response>(answer).status, 401);
}

TEST_F(AgentRoutesTest, WithoutTheStoreThereAreNoOrders) {
    struct Broken final : store::Store {
        Result<void> read(const Reading&) override { return fail(ErrorCode::io, "the disk is gone"); }
        Result<void> write(const Writing&) override { return fail(ErrorCode::io, "the disk is gone"); }
        void on_ring(std::function<void(const store::Ring&)>) override {}
    } broken;
    AgentRegistry blind(broken, authority_, {"https://hub:8443", {}, ""}, {{}, 24h, {}});
    AgentRoutes routes({broken, settlement_, blind, orders_},
                       {[] { return begin; }, [](std::string_view) {}, nullptr});
    router_ = {};
    routes.add_to(router_);
    const auto answer = std::get<http::Response>(call(sync_path, encode(SyncRequest{}), web1_));
    EXPECT_EQ(answer.status, 503);
    EXPECT_NE(answer.body.find("revoked"), std::string::npos) << answer.body;
}

TEST_F(AgentRoutesTest, EveryAnswerIsSignedForThisAgentAndThisRequest) {
    const auto nonce = make_nonce();
    for (const auto& [path, body] :
         {std::pair{sync_path, encode(SyncRequest{})}, std::pair{alerts_path, encode_alerts({}, now_)}}) {
        const auto answer = std::get<http::Response>(call(path, body, web1_, nonce));
        ASSERT_EQ(answer.status, 200);
        const auto signature = answer.headers.find(signature_header);
        const auto good = verify_answer(orders_.verifying(), {"web1", path, nonce}, answer.body, signature);
        ASSERT_TRUE(good) << good.error().text;
        EXPECT_EQ(*good, now_);
        EXPECT_FALSE(verify_answer(orders_.verifying(), {"web2", path, nonce}, answer.body, signature));
        EXPECT_FALSE(
            verify_answer(orders_.verifying(), {"web1", path, make_nonce()}, answer.body, signature));
        EXPECT_FALSE(verify_answer(orders_.verifying(), {"web1", "/other", nonce}, answer.body, signature));
    }
    for (const std::string bad : {"", "short", "no such alphabet ++++++++++++++++"})
        EXPECT_EQ(std::get<http::Response>(call(sync_path, encode(SyncRequest{}), web1_, bad)).status, 400);
}

TEST_F(AgentRoutesTest, AnAlertIsOfTheAgentThatSendsItWhateverItSays) {
    Alert alert;
    alert.uid = "1";
    alert.device = "web2";
    alert.kind = "http_errors";
    alert.subject = "192.0.2.1";
    EXPECT_EQ(status(alerts_path, encode_alerts({alert}, now_), web1_), 200);
    EXPECT_EQ(status(alerts_path, encode_alerts({alert}, now_), web1_), 200) << "again is harmless";
    std::vector<Alert> kept;
    EXPECT_TRUE(store_.read([&](store::View& view) -> Result<void> {
        kept = view.unfiled_alerts(10);
        return {};
    }));
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].device, "web1");
}

TEST_F(AgentRoutesTest, WhatTheAgentDecidedTravelsAsTimeSinceThen) {
    Alert alert;
    alert.uid = "1";
    alert.device = "web1";
    alert.kind = "http_errors";
    alert.subject = "192.0.2.1";
    const Time agents = now_ + std::chrono::hours{5};  // another clock
    alert.decided = DecidedAlone{"http_errors auto", agents - std::chrono::minutes{3}, std::chrono::hours{2}};
    EXPECT_EQ(status(alerts_path, encode_alerts({alert}, agents), web1_), 200);
    std::vector<Alert> kept;
    EXPECT_TRUE(store_.read([&](store::View& view) -> Result<void> {
        kept = view.unfiled_alerts(10);
        return {};
    }));
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].decided,
              (DecidedAlone{"http_errors auto", now_ - std::chrono::minutes{3}, std::chrono::hours{2}}));

    (void)sync({}, web1_);
    SyncRequest asking;
    asking.store_id = sync({}, web1_).store_id;
    asking.own_decisions = {"1", "of another store"};
    EXPECT_EQ(sync(asking, web1_).settled, std::vector<std::string>{"of another store"})
        << "the first has no case yet";
    EXPECT_TRUE(store_.write([&](store::Transaction& tx) -> Result<void> {
        Case about;
        about.device = "web1";
        tx.file_alert(kept[0].id, tx.insert_case(about));
        return {};
    }));
    EXPECT_EQ(sync(asking, web1_).settled, asking.own_decisions);
}

TEST_F(AgentRoutesTest, StandingPoliciesAreToldWhenTheyAreOthers) {
    standing_ = decide::Standing{{}, {}, 8, 32, {}, {7, 1min}, {}};
    const auto first = sync({}, web1_);
    ASSERT_TRUE(first.standing);
    const auto told = decode_standing(*first.standing);
    ASSERT_TRUE(told) << told.error().text;
    EXPECT_EQ(encode(*told), *first.standing) << "as it is kept, so it is compared";
    SyncRequest next;
    next.store_id = first.store_id;
    next.standing_version = first.standing_version;
    EXPECT_FALSE(sync(next, web1_).standing);
    standing_->cap.at_most = 8;
    EXPECT_EQ(decode_standing(sync(next, web1_).standing.value()).value().cap.at_most, 8U);
    EXPECT_EQ(sync(next, web2_).standing, "") << "none for this one";
}

TEST_F(AgentRoutesTest, AnAgentGetsItsOwnRulesAndAllOfThemAtFirst) {
    block("web1", "192.0.2.1");
    block("web2", "192.0.2.2");
    const auto answer = sync({}, web1_);
    EXPECT_EQ(answer.rules_are, SyncAnswer::Rules::all);
    ASSERT_EQ(answer.rules.size(), 1U);
    EXPECT_EQ(answer.rules[0].params, "192.0.2.1");
    EXPECT_EQ(answer.rules[0].lasts, Duration(1h));
}

TEST_F(AgentRoutesTest, AReportThatWaitedHereMakesNobodysClockSlow) {
    held_ = 50s;
    SyncRequest report;
    report.agent_time = now_ - 50s;  // right when it was sent
    sync(report, web1_);
    Duration offset = 1h;
    EXPECT_TRUE(store_.read([&](store::View& view) -> Result<void> {
        offset = view.find_device("web1").value().clock_offset;
        return {};
    }));
    EXPECT_LT(std::chrono::abs(offset), 2s);
}

TEST_F(AgentRoutesTest, ReportsConfirmOwnRulesOnly) {
    block("web1", "192.0.2.1");
    block("web2", "192.0.2.2");
    SyncRequest report;
    report.store_id = sync({}, web1_).store_id;
    report.held_seq = report.rules.in_force_seq = 1'000;
    sync(report, web1_);
    EXPECT_EQ(rules_of("web1").at(0).current, "drop");
    EXPECT_EQ(rules_of("web2").at(0).current, std::nullopt);
}

TEST_F(AgentRoutesTest, AReportAboutAnotherStoreConfirmsNothing) {
    block("web1", "192.0.2.1");
    SyncRequest report;
    report.store_id = "of a hub that was";
    report.held_seq = report.rules.in_force_seq = 1'000;
    EXPECT_EQ(sync(report, web1_).rules_are, SyncAnswer::Rules::all);
    EXPECT_EQ(rules_of("web1").at(0).current, std::nullopt);
}

TEST_F(AgentRoutesTest, WithNothingNewTheRequestWaitsWithoutAThread) {
    SyncRequest request;
    request.store_id = sync({}, web1_).store_id;
    request.wait = 30s;
    EXPECT_TRUE(std::holds_alternative<http::Park>(call(sync_path, encode(request), web1_)));
    request.rules.connections_cut = 3;
    EXPECT_TRUE(std::holds_alternative<http::Response>(call(sync_path, encode(request), web1_)))
        << "a report is answered at once, so that it is recorded once";
}

TEST_F(AgentRoutesTest, SaysForHowLongItHeldTheRequest) {
    EXPECT_LT(sync({}, web1_).held, 10s);
    held_ = 30s;
    EXPECT_GE(sync({}, web1_).held, 30s);
    EXPECT_LT(sync({}, web1_).held, 40s);
}

TEST_F(AgentRoutesTest, ARequestThatIsLookedAtAgainWaitsNoLongerForThat) {
    SyncRequest request;
    request.store_id = sync({}, web1_).store_id;
    request.wait = 50s;
    held_ = 30s;
    const auto parked = std::get<http::Park>(call(sync_path, encode(request), web1_));
    EXPECT_LT(parked.until - std::chrono::steady_clock::now(), 21s);
}

TEST_F(AgentRoutesTest, AnAgentThatIsNewGetsWhatStandsOnAllAtItsFirstCall) {
    sync({}, web1_);
    EXPECT_TRUE(store_.write([&](store::Transaction& tx) -> Result<void> {
        tx.change_rule(
            {"web1", "block", "192.0.2.1", "drop", now_ + 1h, "ana", CaseId{7}, "", RuleScope::everywhere},
            now_);
        tx.change_rule({"web1", "block", "192.0.2.2", "drop", now_ + 1h, "ana", {}, ""}, now_);
        return {};
    }));
    const auto web3 = enrolled("web3");
    const auto first = sync({}, web3);
    ASSERT_EQ(first.rules.size(), 1U);
    EXPECT_EQ(first.rules[0].params, "192.0.2.1");
    EXPECT_EQ(first.rules[0].lasts, Duration(1h));
    const auto inherited = rules_of("web3").at(0);
    EXPECT_EQ(inherited.case_id, CaseId{7});
    EXPECT_EQ(sync({}, web3).rules.size(), 1U) << "all of them again";
    EXPECT_EQ(rules_of("web3").at(0).seq, inherited.seq) << "but nothing anew";
    std::vector<AuditEntry> told;
    EXPECT_TRUE(store_.read([&](store::View& view) -> Result<void> {
        told = view.audit({.object = "device web3"});
        return {};
    }));
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].verb, "rules_inherited");
}

TEST_F(AgentRoutesTest, TellsTheHeadOfTheAuditTrailAndNotesWhatAgentsKept) {
    SyncRequest request;
    auto answer = sync(request, web1_);
    ASSERT_TRUE(answer.audit_head);
    const auto before = answer.audit_head->seq;
    EXPECT_TRUE(store_.write([this](store::Transaction& tx) -> Result<void> {
        tx.add_audit({0, now_, {}, "start", "hub", ""});
        return {};
    }));
    request.store_id = "of a hub that was";
    request.audit_heads = {AuditHead{9, {}, now_}};
    answer = sync(request, web1_);
    ASSERT_TRUE(answer.audit_head);
    EXPECT_EQ(answer.audit_head->seq, before + 1);
    EXPECT_TRUE(book_->all().empty()) << "of another store";
    request.store_id = answer.store_id;
    request.audit_heads = {*answer.audit_head};
    sync(request, web1_);
    ASSERT_EQ(book_->all().size(), 1U);
    EXPECT_EQ(book_->all()[0].agent, "web1");
    EXPECT_EQ(book_->all()[0].heads, request.audit_heads);
}

TEST_F(AgentRoutesTest, GarbageIsRefusedWithAReason) {
    for (const auto* body : {"", "{", "[]", "{\"held_seq\":-1}", "{\"host\":3}", "\xff\xfe"})
        EXPECT_EQ(status(sync_path, body, web1_), 400) << body;
    EXPECT_EQ(status(alerts_path, "{\"alerts\":[{\"uid\":1}]}", web1_), 400);
}

}  // namespace
}  // namespace garita::hub_link
