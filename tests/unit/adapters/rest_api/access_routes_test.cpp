// Requests for access over the API: who may what, what is told, and that the same key approves once.

#include <gmock/gmock.h>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/catalogue/embedded.hpp"
#include "adapters/rest_api/api.hpp"
#include "adapters/rest_api/endpoint.hpp"
#include "decide/desk.hpp"
#include "fakes/no_agents.hpp"
#include "support/access_office.hpp"

namespace garita::rest_api {
namespace {

using testing::HasSubstr;
using testing::Not;

class Switches final : public access::AccessMonitor {
  public:
    [[nodiscard]] access::AccessStanding standing() const override {
        access::AccessStanding all;
        all.switches = {
            {"sw1", "192.0.2.1", access::SwitchStanding::State::forbidden, "wrong password", {}, {}}};
        all.mailbox = access::MailboxStanding{"imap.example.org:993", tests::access_noon, ""};
        all.receiver = access::ReceiverStanding{{"udp 0.0.0.0:514"}, 7, 2, 1, 0};
        all.databases = {{"log1", std::nullopt, "no route"}};
        return all;
    }
    [[nodiscard]] Result<void> retry(std::string_view name) override {
        if (name != "sw1")
            return fail(ErrorCode::not_found, "there is no switch '" + std::string(name) + "'");
        ++retried;
        return {};
    }
    int retried = 0;
};

class AccessRoutes : public testing::Test {
  protected:
    AccessRoutes() {
        add_api(router_, {office_.store, desk_, rule_desk_, policy_desk_, nobody_, callers_,
                          [this] { return office_.now; }, [] { return Body(boost::json::object()); }, 1000,
                          nullptr, [] { return std::vector<AgentHeads>(); }, nullptr, nullptr, nullptr,
                          nullptr, nullptr, &access_});
    }
    CallerDirectory directory() const {
        std::vector<Token> tokens;
        for (const auto& person : office_.people) {
            Token& token = tokens.emplace_back();
            token.name = person.name + "-app";
            token.secret = runtime::Secret("secret-of-" + person.name);
            token.scopes = scopes_of(person.role);
            token.person = person;
        }
        Token& own = tokens.emplace_back();
        own.name = "program";
        own.secret = runtime::Secret("secret-of-program");
        own.scopes = {Scope::access_read, Scope::access_write};
        return {office_.people, tokens};
    }
    struct Answered {
        int status = 0;
        std::string body;
    };
    Answered call(http::Method method, const std::string& path, const std::string& who, std::string body = {},
                  const std::string& key = {}) {
        http::Request request;
        request.method = method;
        request.body = std::move(body);
        request.headers.add("Authorization", "Bearer secret-of-" + who);
        if (!key.empty()) request.headers.add("Idempotency-Key", key);
        const auto mark = path.find('?');
        for (std::string_view rest = mark == path.npos ? "" : std::string_view(path).substr(mark + 1);
             !rest.empty();) {
            const auto pair = rest.substr(0, rest.find('&'));
            const auto sign = pair.find('=');
            request.query.add(std::string(pair.substr(0, sign)), std::string(pair.substr(sign + 1)));
            rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        }
        const auto found = router_.find(method, "/api/v1/access" + path.substr(0, mark));
        const auto& match = std::get<http::Router::Match>(found);
        request.parameters = match.parameters;
        const auto answer = std::get<http::Response>(match.route->handler(request));
        return {answer.status, answer.body};
    }
    Answered get(const std::string& path, const std::string& who = "vera") {
        return call(http::Method::get, path, who);
    }
    Answered approve(const std::string& mac, const std::string& who = "ana", const std::string& key = {}) {
        return call(http::Method::post, "/requests", who, R"({"mac":")" + mac + "\"}", key);
    }

    tests::AccessOffice office_;
    Switches switches_;
    catalogue::MessageCatalogue texts_;
    AccessParts access_{office_.desk, office_.book, switches_, texts_};
    decide::DeskOptions options_;
    decide::Desk desk_{office_.store, options_};
    decide::RuleDesk rule_desk_{office_.store, options_};
    decide::PolicyDesk policy_desk_{office_.store, options_};
    fakes::NoAgents nobody_;
    CallerDirectory callers_ = directory();
    http::Router router_;
};

TEST_F(AccessRoutes, AnApproversWordIsStoredAndTold) {
    const auto told = approve("AA-BB-CC-DD-EE-10");
    EXPECT_EQ(told.status, 200) << told.body;
    EXPECT_THAT(told.body, HasSubstr(R"("tracking":"A1")"));
    EXPECT_THAT(told.body, HasSubstr(R"("state":"waiting")"));
    EXPECT_THAT(told.body, HasSubstr("randomised"));
    const auto request = office_.request(1);
    EXPECT_EQ(request.approver, "ana");
    EXPECT_EQ(request.channel, "rest");
    EXPECT_EQ(request.reply_to, "ana@example.org");
    EXPECT_THAT(approve("aabb.ccdd.ee10").body, HasSubstr("access.answer.joined"));
    EXPECT_EQ(office_.requests().size(), 1U);
}

TEST_F(AccessRoutes, NobodyElseApproves) {
    EXPECT_EQ(approve("00:11:22:33:44:55", "vera").status, 403) << "lacks the scope";
    EXPECT_EQ(approve("00:11:22:33:44:55", "olga").status, 403) << "an operator only ends";
    EXPECT_EQ(approve("00:11:22:33:44:55", "program").status, 403) << "a program is nobody";
    EXPECT_EQ(approve("00:11:22:33:44:55", "stranger").status, 401);
    EXPECT_TRUE(office_.requests().empty());
    EXPECT_THAT(office_.verbs(), testing::ElementsAre("access_refused", "access_refused"))
        << "and it is recorded";
}

TEST_F(AccessRoutes, WhatIsNotOneAddressIsRefusedInWords) {
    for (const auto* wrong : {"", "hello", "00:11:22:33:44:55 and 00:11:22:33:44:56", "ff:ff:ff:ff:ff:ff",
                              "00:00:00:00:00:00", "01:00:5e:00:00:01"})
        EXPECT_EQ(approve(wrong).status, 422) << wrong;
    EXPECT_THAT(approve("00:11:22:33:44:55 and 00:11:22:33:44:56").body, HasSubstr("00:11:22:33:44:56"));
    EXPECT_EQ(call(http::Method::post, "/requests", "ana", R"({"mac":"0011.2233.4455","vlan":7})").status,
              422);
    EXPECT_TRUE(office_.requests().empty());
}

TEST_F(AccessRoutes, TheSameKeyApprovesOnce) {
    const auto first = approve("0011.2233.4455", "ana", "k1");
    ASSERT_EQ(first.status, 200);
    ASSERT_EQ(call(http::Method::post, "/requests/A1/kill", "olga").status, 200);
    const auto again = approve("0011.2233.4455", "ana", "k1");
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(office_.requests().size(), 1U) << "a request that was ended does not come back by a repetition";
    EXPECT_EQ(approve("0011.2233.4455", "boris", "k1").status, 200) << "keys are each caller's own";
    EXPECT_EQ(office_.requests().size(), 2U);
    EXPECT_EQ(approve("0011.2233.4455", "ana", std::string(129, 'k')).status, 422);
}

TEST_F(AccessRoutes, DryRun) {
    const auto told =
        call(http::Method::post, "/requests", "ana", R"({"mac":"0011.2233.4455","dry_run":true})");
    EXPECT_EQ(told.status, 200);
    EXPECT_THAT(told.body, HasSubstr(R"("dry_run":true)"));
    EXPECT_TRUE(office_.request(1).dry_run);
}

TEST_F(AccessRoutes, OperatorsEndRequestsOnce) {
    ASSERT_EQ(approve("0011.2233.4455").status, 200);
    EXPECT_EQ(call(http::Method::post, "/requests/A1/kill", "vera").status, 403);
    EXPECT_EQ(call(http::Method::post, "/requests/A9/kill", "olga").status, 404);
    EXPECT_EQ(call(http::Method::post, "/requests/seventeen/kill", "olga").status, 404);
    const auto told = call(http::Method::post, "/requests/a1/kill", "olga");
    EXPECT_EQ(told.status, 200) << told.body;
    EXPECT_THAT(told.body, HasSubstr(R"("state":"killed")"));
    EXPECT_EQ(call(http::Method::post, "/requests/1/kill", "olga").status, 409);
}

TEST_F(AccessRoutes, ListsAreFilteredAndPaged) {
    for (const auto* mac : {"0011.2233.4401", "0011.2233.4402", "0011.2233.4403"})
        ASSERT_EQ(approve(mac).status, 200);
    ASSERT_EQ(call(http::Method::post, "/requests/A2/kill", "olga").status, 200);
    const auto ids = [&](const std::string& query) {
        const auto told = get("/requests" + query);
        EXPECT_EQ(told.status, 200) << told.body;
        std::string all;
        const auto document = json::parse(told.body, "the answer").value();
        for (const auto& one : document.at("requests").as_array())
            all += std::string(one.at("tracking").as_string()) + ' ';
        return all;
    };
    EXPECT_EQ(ids(""), "A3 A2 A1 ");
    EXPECT_EQ(ids("?state=open"), "A3 A1 ");
    EXPECT_EQ(ids("?state=killed&state=done"), "A2 ");
    EXPECT_EQ(ids("?mac=00-11-22-33-44-01"), "A1 ");
    EXPECT_EQ(ids("?limit=1&before=3"), "A2 ");
    EXPECT_EQ(ids("?switch=sw9"), "");
    EXPECT_EQ(get("/requests?state=sleepy").status, 422);
    EXPECT_EQ(get("/requests?mac=printer").status, 422);
    EXPECT_EQ(get("/requests?limit=-1").status, 422);
}

TEST_F(AccessRoutes, OneIsShownWithItsLogAndNoSecret) {
    auto petition = office_.petition(0);
    petition.quoted = "approved: 0011.2233.4455\nthanks";
    static_cast<void>(office_.approve(petition, petition.quoted, access::AccessDesk::Confirm::by_code));
    const auto told = get("/requests/A1");
    EXPECT_EQ(told.status, 200);
    EXPECT_THAT(told.body, HasSubstr(R"("state":"confirming")"));
    EXPECT_THAT(told.body, HasSubstr(R"(approved: 0011.2233.4455\nthanks)"));
    EXPECT_THAT(told.body, Not(HasSubstr("code-1"))) << "neither the code nor what is kept of it";
    const auto lines = json::parse(told.body, "the answer").value().at("log").as_array();
    ASSERT_GE(lines.size(), 2U);
    const auto rest = get("/requests/A1?limit=1&after=" + std::to_string(lines[0].at("id").as_int64())).body;
    EXPECT_EQ(json::parse(rest, "the answer").value().at("log").as_array().size(), 1U);
    EXPECT_EQ(get("/requests/A2").status, 404);
    EXPECT_EQ(get("/requests/x").status, 404);
}

TEST_F(AccessRoutes, HowSwitchesStandAndTryingThemAgain) {
    const auto told = get("/status");
    EXPECT_EQ(told.status, 200);
    for (const auto* part :
         {R"("state":"forbidden","error":"wrong password")", R"("server":"imap.example.org:993")",
          R"("listening":["udp 0.0.0.0:514"],"received":7)", R"("error":"no route")", R"("open":0)"})
        EXPECT_THAT(told.body, HasSubstr(part));
    EXPECT_EQ(call(http::Method::post, "/switches/sw1/retry", "vera").status, 403);
    EXPECT_EQ(call(http::Method::post, "/switches/sw9/retry", "olga").status, 404);
    EXPECT_EQ(call(http::Method::post, "/switches/sw1/retry", "olga").status, 200);
    EXPECT_EQ(switches_.retried, 1);
    EXPECT_THAT(office_.verbs(), testing::ElementsAre("access_retry"));
}

TEST_F(AccessRoutes, WhereNothingIsConfiguredThatIsSaid) {
    http::Router router;
    add_api(router, {office_.store, desk_, rule_desk_, policy_desk_, nobody_, callers_,
                     [this] { return office_.now; }, [] { return Body(boost::json::object()); }});
    router_ = std::move(router);
    for (const auto* path : {"/requests", "/requests/A1", "/status"}) {
        EXPECT_EQ(get(path).status, 404);
        EXPECT_THAT(get(path).body, HasSubstr("docs/access.md"));
    }
    EXPECT_EQ(approve("0011.2233.4455").status, 404);
    EXPECT_EQ(call(http::Method::post, "/requests/A1/kill", "olga").status, 404);
    EXPECT_EQ(call(http::Method::post, "/switches/sw1/retry", "olga").status, 404);
}

}  // namespace
}  // namespace garita::rest_api
