#include "adapters/hub_link/agent_routes.hpp"

#include <gtest/gtest.h>

#include "adapters/hub_link/store_identity.hpp"
#include "fakes/memory_store.hpp"

namespace garita::hub_link {
namespace {

namespace http = runtime::http;
using namespace std::chrono_literals;

const Time now = from_micros(1'800'000'000'000'000);

/// A hub with two agents, asked as an agent would.
class AgentRoutesTest : public testing::Test {
  protected:
    AgentRoutesTest() {
        EXPECT_TRUE(ensure_store_identity(store_));
        routes_.add_to(router_);
    }

    AgentRoutesOptions options() {
        AgentRoutesOptions options;
        options.heads = book_;
        options.codes = {{"web1", runtime::Secret("code-of-web1")},
                         {"web2", runtime::Secret("code-of-web2")}};
        options.clock = [] { return now; };
        options.log = [](std::string_view) {};
        return options;
    }

    http::Answer call(std::string_view path, std::string body, const std::string& name,
                      const std::string& code) {
        http::Request request;
        request.method = http::Method::post;
        request.body = std::move(body);
        request.headers = {{"Garita-Agent", name}, {"Authorization", "Bearer " + code}};
        const auto found = router_.find(request.method, path);
        return std::get<http::Router::Match>(found).route->handler(request);
    }
    int status(std::string_view path, std::string body, const std::string& name, const std::string& code) {
        return std::get<http::Response>(call(path, std::move(body), name, code)).status;
    }
    SyncAnswer sync(const SyncRequest& request, const std::string& name) {
        const auto response =
            std::get<http::Response>(call(sync_path, encode(request), name, "code-of-" + name));
        EXPECT_EQ(response.status, 200);
        auto answer = decode_sync_answer(response.body);
        EXPECT_TRUE(answer) << (answer ? "" : answer.error().text);
        return answer.value_or(SyncAnswer{});
    }
    void block(const std::string& device, const std::string& address) {
        EXPECT_TRUE(store_.write([&](store::Transaction& tx) -> Result<void> {
            tx.change_rule({device, "block", address, "drop", now + 1h, "ana", {}, ""}, now);
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

    std::shared_ptr<HeadsBook> book_ = std::make_shared<HeadsBook>();
    fakes::MemoryStore store_;
    decide::Settlement settlement_{store_};
    AgentRoutes routes_{store_, settlement_, options()};
    http::Router router_;
};

TEST_F(AgentRoutesTest, NobodyGetsInWithoutTheCodeOfThatName) {
    const auto body = encode(SyncRequest{});
    EXPECT_EQ(status(sync_path, body, "web1", "code-of-web2"), 401);
    EXPECT_EQ(status(sync_path, body, "web3", "code-of-web1"), 401);
    EXPECT_EQ(status(alerts_path, encode_alerts({}), "web1", ""), 401);
    EXPECT_EQ(status(sync_path, body, "web1", "code-of-web1"), 200);
}

TEST_F(AgentRoutesTest, AnAlertIsOfTheAgentThatSendsItWhateverItSays) {
    Alert alert;
    alert.uid = "1";
    alert.device = "web2";
    alert.kind = "http_errors";
    alert.subject = "192.0.2.1";
    EXPECT_EQ(status(alerts_path, encode_alerts({alert}), "web1", "code-of-web1"), 200);
    EXPECT_EQ(status(alerts_path, encode_alerts({alert}), "web1", "code-of-web1"), 200)
        << "again is harmless";
    std::vector<Alert> kept;
    EXPECT_TRUE(store_.read([&](store::View& view) -> Result<void> {
        kept = view.unfiled_alerts(10);
        return {};
    }));
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].device, "web1");
}

TEST_F(AgentRoutesTest, AnAgentGetsItsOwnRulesAndAllOfThemAtFirst) {
    block("web1", "192.0.2.1");
    block("web2", "192.0.2.2");
    const auto answer = sync({}, "web1");
    EXPECT_EQ(answer.rules_are, SyncAnswer::Rules::all);
    ASSERT_EQ(answer.rules.size(), 1U);
    EXPECT_EQ(answer.rules[0].params, "192.0.2.1");
    EXPECT_EQ(answer.rules[0].lasts, Duration(1h));
}

TEST_F(AgentRoutesTest, ReportsConfirmOwnRulesOnly) {
    block("web1", "192.0.2.1");
    block("web2", "192.0.2.2");
    SyncRequest report;
    report.store_id = sync({}, "web1").store_id;
    report.held_seq = report.rules.in_force_seq = 1'000;
    sync(report, "web1");
    EXPECT_EQ(rules_of("web1").at(0).current, "drop");
    EXPECT_EQ(rules_of("web2").at(0).current, std::nullopt);
}

TEST_F(AgentRoutesTest, AReportAboutAnotherStoreConfirmsNothing) {
    block("web1", "192.0.2.1");
    SyncRequest report;
    report.store_id = "of a hub that was";
    report.held_seq = report.rules.in_force_seq = 1'000;
    EXPECT_EQ(sync(report, "web1").rules_are, SyncAnswer::Rules::all);
    EXPECT_EQ(rules_of("web1").at(0).current, std::nullopt);
}

TEST_F(AgentRoutesTest, WithNothingNewTheRequestWaitsWithoutAThread) {
    SyncRequest request;
    request.store_id = sync({}, "web1").store_id;
    request.wait = 30s;
    EXPECT_TRUE(std::holds_alternative<http::Park>(call(sync_path, encode(request), "web1", "code-of-web1")));
    request.rules.connections_cut = 3;
    EXPECT_TRUE(
        std::holds_alternative<http::Response>(call(sync_path, encode(request), "web1", "code-of-web1")))
        << "a report is answered at once, so that it is recorded once";
}

TEST_F(AgentRoutesTest, AnAgentThatIsNewGetsWhatStandsOnAllAtItsFirstCall) {
    sync({}, "web1");
    EXPECT_TRUE(store_.write([&](store::Transaction& tx) -> Result<void> {
        tx.change_rule(
            {"web1", "block", "192.0.2.1", "drop", now + 1h, "ana", CaseId{7}, "", RuleScope::everywhere},
            now);
        tx.change_rule({"web1", "block", "192.0.2.2", "drop", now + 1h, "ana", {}, ""}, now);
        return {};
    }));
    const auto first = sync({}, "web2");
    ASSERT_EQ(first.rules.size(), 1U);
    EXPECT_EQ(first.rules[0].params, "192.0.2.1");
    EXPECT_EQ(first.rules[0].lasts, Duration(1h));
    const auto inherited = rules_of("web2").at(0);
    EXPECT_EQ(inherited.case_id, CaseId{7});
    EXPECT_EQ(sync({}, "web2").rules.size(), 1U) << "all of them again";
    EXPECT_EQ(rules_of("web2").at(0).seq, inherited.seq) << "but nothing anew";
    std::vector<AuditEntry> told;
    EXPECT_TRUE(store_.read([&](store::View& view) -> Result<void> {
        told = view.audit({.object = "device web2"});
        return {};
    }));
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].verb, "rules_inherited");
}

TEST_F(AgentRoutesTest, TellsTheHeadOfTheAuditTrailAndNotesWhatAgentsKept) {
    SyncRequest request;
    auto answer = sync(request, "web1");
    ASSERT_TRUE(answer.audit_head);
    EXPECT_EQ(answer.audit_head->seq, 0);
    EXPECT_TRUE(store_.write([](store::Transaction& tx) -> Result<void> {
        tx.add_audit({0, now, {}, "start", "hub", ""});
        return {};
    }));
    request.store_id = "of a hub that was";
    request.audit_heads = {AuditHead{9, {}, now}};
    answer = sync(request, "web1");
    ASSERT_TRUE(answer.audit_head);
    EXPECT_EQ(answer.audit_head->seq, 1);
    EXPECT_TRUE(book_->all().empty()) << "of another store";
    request.store_id = answer.store_id;
    request.audit_heads = {*answer.audit_head};
    sync(request, "web1");
    ASSERT_EQ(book_->all().size(), 1U);
    EXPECT_EQ(book_->all()[0].agent, "web1");
    EXPECT_EQ(book_->all()[0].heads, request.audit_heads);
}

TEST_F(AgentRoutesTest, GarbageIsRefusedWithAReason) {
    for (const auto* body : {"", "{", "[]", "{\"held_seq\":-1}", "{\"host\":3}", "\xff\xfe"})
        EXPECT_EQ(status(sync_path, body, "web1", "code-of-web1"), 400) << body;
    EXPECT_EQ(status(alerts_path, "{\"alerts\":[{\"uid\":1}]}", "web1", "code-of-web1"), 400);
}

}  // namespace
}  // namespace garita::hub_link
