// Our login against npm's oauth2-mock-server, a token endpoint that we did not write: it reads forms and
// makes tokens by its own understanding of RFC 6749, and the interface beside it takes what it has signed
// only.

#include <map>
#include <thread>

#include <gmock/gmock.h>

#include "adapters/maxpatrol/access.hpp"
#include "adapters/maxpatrol/siem.hpp"
#include "runtime/clock/clock.hpp"
#include "token_server.hpp"

namespace garita::maxpatrol {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class MemoryInMap final : public AccessMemory {
  public:
    std::string load(const std::string& key) override { return kept[key]; }
    void keep(const std::string& key, const std::string& value) override { kept[key] = value; }
    std::map<std::string, std::string> kept;
};

class Login : public ::testing::Test {
  protected:
    TokenServer server;
    Settings settings = server.settings();
    MemoryInMap memory;
    Time now = runtime::system_now();
    std::unique_ptr<Access> access;
    std::unique_ptr<Siem> siem;

    void restart() {
        siem.reset();
        access = std::make_unique<Access>(settings, memory, [this] { return now; });
        siem = std::make_unique<Siem>(settings, *access);
    }
    Result<incidents::Page> ask() { return siem->list({incidents::Window::By::creation, now}, 0, 10); }
    std::string token() {
        const auto had = access->token();
        EXPECT_TRUE(had) << had.error().text;
        return had.value_or("");
    }
    void SetUp() override { restart(); }
};

TEST_F(Login, ByPasswordIsAFormAsTheStandardSays) {
    const auto asked = ask();
    ASSERT_TRUE(asked) << asked.error().text;
    const auto requests = server.requests();
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_EQ(requests[0].at("url").as_string(), "/connect/token") << "nothing in the URL";
    EXPECT_EQ(requests[0].at("contentType").as_string(), "application/x-www-form-urlencoded");
    EXPECT_TRUE(requests[0].at("authorization").is_null()) << "the client names itself in one way only";
    EXPECT_EQ(requests[0].at("body"),
              (boost::json::value{{"grant_type", "password"},
                                  {"username", "garita@example.org"},
                                  {"password", TokenServer::password},
                                  {"response_type", "code id_token"},
                                  {"client_id", "mpx"},
                                  {"client_secret", TokenServer::client_secret},
                                  {"scope", "authorization offline_access mpx.api ptkb.api"}}))
        << "each once, and every character as it was";
}

TEST_F(Login, IsRenewedByItsRefreshTokenBeforeItEnds) {
    server.set({{"lifetime", 100}});
    const auto first = token();
    now += 79s;
    EXPECT_EQ(token(), first);
    now += 2s;
    const auto second = token();
    EXPECT_NE(second, first);
    now += 81s;
    EXPECT_NE(token(), second) << "by the refresh token that came with the second";
    const auto requests = server.requests();
    ASSERT_THAT(server.grants(), ElementsAre("password", "refresh_token", "refresh_token"));
    EXPECT_NE(requests[1].at("body").at("refresh_token"), requests[2].at("body").at("refresh_token"));
    auto form = requests[1].at("body").as_object();
    form.erase("refresh_token");
    EXPECT_EQ(form, (boost::json::object{{"grant_type", "refresh_token"},
                                         {"client_id", "mpx"},
                                         {"client_secret", TokenServer::client_secret},
                                         {"scope", "authorization offline_access mpx.api ptkb.api"}}));
}

TEST_F(Login, IsRenewedWhereTheSiemRefusesTheToken) {
    ASSERT_TRUE(ask());
    now += 11s;
    server.set({{"revoke", true}});
    const auto asked = ask();
    ASSERT_TRUE(asked) << asked.error().text;
    EXPECT_THAT(server.grants(), ElementsAre("password", "refresh_token"));
}

TEST_F(Login, AnEndThatIsRealIsNoticedByNobody) {
    server.set({{"lifetime", 2}});
    for (int i = 0; i < 8; ++i) {
        now = runtime::system_now();
        const auto asked = ask();
        ASSERT_TRUE(asked) << asked.error().text;
        std::this_thread::sleep_for(500ms);
    }
    const auto grants = server.grants();
    EXPECT_EQ(std::count(grants.begin(), grants.end(), "password"), 1);
    EXPECT_GE(grants.size(), 2U);
}

TEST_F(Login, AUsedUpRefreshTokenLeadsToThePassword) {
    (void)token();
    server.set({{"forget", true}});
    now += 24h;
    (void)token();
    EXPECT_THAT(server.grants(), ElementsAre("password", "refresh_token", "password"));
}

TEST_F(Login, ByRefreshTokenAloneOutlivesARestart) {
    server.set({{"accept", "made-by-hand"}});
    settings.refresh_token = runtime::Secret("made-by-hand");
    settings.user.clear();
    settings.password = {};
    restart();
    const auto first = token();
    restart();
    EXPECT_NE(token(), first);
    ASSERT_THAT(server.grants(), ElementsAre("refresh_token", "refresh_token"));
    EXPECT_EQ(server.requests()[0].at("body").at("refresh_token").as_string(), "made-by-hand");
    server.set({{"forget", true}});
    restart();
    const auto refused = access->token();
    ASSERT_FALSE(refused) << "there is no other way";
    now += 14min;
    EXPECT_FALSE(access->token());
    EXPECT_EQ(server.requests().size(), 3U);
}

TEST_F(Login, AWrongPasswordIsNotTriedAgainSoon) {
    settings.password = runtime::Secret("wrong-horse");
    restart();
    const auto refused = access->token();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text, HasSubstr("refuses the login"));
    EXPECT_THAT(refused.error().text, Not(HasSubstr("wrong-horse")));
    now += 14min;
    EXPECT_FALSE(access->token());
    restart();
    EXPECT_FALSE(access->token());
    EXPECT_EQ(server.requests().size(), 1U);
    now += 2min;
    EXPECT_FALSE(access->token());
    EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(Login, AWrongClientIsToldAsAWrongLogin) {
    settings.client_secret = runtime::Secret("other-secret");
    restart();
    const auto refused = access->token();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text, HasSubstr("client_secret"));
    EXPECT_THAT(refused.error().text, Not(HasSubstr("other-secret")));
    now += 1min;
    EXPECT_FALSE(access->token());
    EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(Login, ARefusalWithoutAWordIsAskedAgainTwiceAndNoMore) {
    server.set({{"fail", "silent"}, {"times", 100}});
    const auto after = [&](Duration span) {
        now += span;
        restart();
        EXPECT_FALSE(access->token());
        return server.requests().size();
    };
    EXPECT_EQ(after(0s), 1U);
    EXPECT_EQ(after(9s), 1U);
    EXPECT_EQ(after(2s), 2U);
    EXPECT_EQ(after(59s), 2U);
    EXPECT_EQ(after(2s), 3U);
    EXPECT_EQ(after(14min), 3U) << "also over restarts";
    EXPECT_EQ(after(2min), 4U);
    EXPECT_EQ(after(29min), 4U);
    server.set({{"times", 0}});
    now += 2min;
    restart();
    EXPECT_FALSE(token().empty());
}

TEST_F(Login, AServerThatIsIllIsTriedAgainSoon) {
    server.set({{"fail", "server"}, {"times", 1}});
    EXPECT_FALSE(access->token());
    now += 2s;
    EXPECT_FALSE(token().empty());
    EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(Login, OnlyAServerThatProvesWhoItIsHearsThePassword) {
    settings.ca = server.other_authority();
    restart();
    EXPECT_FALSE(access->token());
    EXPECT_TRUE(server.requests().empty());
}

}  // namespace
}  // namespace garita::maxpatrol
