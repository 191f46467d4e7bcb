// Our client against our server, over every kind of endpoint.

#include <algorithm>

#include "integration/http/fixture.hpp"
#include "runtime/tls/private_file.hpp"

namespace garita::runtime::http::testing {

class EveryEndpoint : public HttpTest, public ::testing::WithParamInterface<std::size_t> {
  protected:
    [[nodiscard]] Place place() const { return static_cast<Place>(GetParam()); }
};

TEST_P(EveryEndpoint, AnswersManyRequestsOnOneConnection) {
    start();
    Client client(options(place()));
    for (int i = 0; i < 50; ++i) {
        const auto answer = client.send(Method::get, "/hello/ann%20lee?x=1");
        ASSERT_TRUE(answer) << answer.error().text;
        EXPECT_EQ(answer->status, 200);
        EXPECT_EQ(answer->body, "hello ann lee");
    }
    EXPECT_EQ(server_->stats().sessions, 1U);
}

TEST_P(EveryEndpoint, CarriesLargeBodiesBothWays) {
    start();
    Client client(options(place()));
    std::string body(5'000'000, 'a');
    for (std::size_t i = 0; i < body.size(); ++i)
        body[i] = static_cast<char>('a' + i % 23);
    const auto echoed = client.send(Method::post, "/echo", {{"Content-Type", "text/plain"}}, body);
    ASSERT_TRUE(echoed) << echoed.error().text;
    EXPECT_TRUE(echoed->body == body);
    const auto large = client.send(Method::get, "/large");
    ASSERT_TRUE(large) << large.error().text;
    EXPECT_EQ(large->body.size(), 3'000'000U);
}

TEST_P(EveryEndpoint, RefusesAnOversizeBodyWith413) {
    ServerLimits limits;
    limits.body_bytes = 100'000;
    start(limits);
    Client client(options(place()));
    const auto fits = client.send(Method::post, "/echo", {}, std::string(100'000, 'a'));
    ASSERT_TRUE(fits) << fits.error().text;
    EXPECT_EQ(fits->status, 200);
    const auto refused = client.send(Method::post, "/echo", {}, std::string(100'001, 'a'));
    ASSERT_TRUE(refused) << refused.error().text;
    EXPECT_EQ(refused->status, 413);
    const auto by_route = client.send(Method::post, "/small", {}, std::string(101, 'a'));
    ASSERT_TRUE(by_route) << by_route.error().text;
    EXPECT_EQ(by_route->status, 413);
}

std::string place_name(const ::testing::TestParamInfo<std::size_t>& place) {
    static const std::vector<std::string> names{"tls", "plain", "unix"};
    return names.at(place.param);
}

INSTANTIATE_TEST_SUITE_P(Endpoints, EveryEndpoint, ::testing::Values(0U, 1U, 2U), place_name);

using ClientServer = HttpTest;

TEST_F(ClientServer, TellsWhoIsThere) {
    start();
    EXPECT_EQ(Client(options(unix_place)).send(Method::get, "/peer")->body,
              "uid " + std::to_string(getuid()) + " pid " + std::to_string(getpid()));
    EXPECT_EQ(Client(options(plain_place)).send(Method::get, "/peer")->body, "127.0.0.1 plain ");
    EXPECT_EQ(Client(options(tls_place)).send(Method::get, "/peer")->body, "127.0.0.1 tls ");
}

TEST_F(ClientServer, AHandlersExceptionIsA500AndALogLine) {
    start();
    Client client(options(tls_place));
    const auto answer = client.send(Method::get, "/broken");
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_EQ(answer->status, 500);
    EXPECT_EQ(answer->body.find("luck"), std::string::npos);
    EXPECT_EQ(client.send(Method::get, "/hello/x")->status, 200);
    const std::lock_guard lock(log_mutex_);
    ASSERT_EQ(log_.size(), 1U);
    EXPECT_EQ(log_[0], "handler of GET /broken failed: out of luck");
}

TEST_F(ClientServer, MethodsAndUnknownPaths) {
    start();
    Client client(options(plain_place));
    EXPECT_EQ(client.send(Method::get, "/nowhere")->status, 404);
    const auto wrong = client.send(Method::post, "/hello/x", {}, "body");
    ASSERT_TRUE(wrong) << wrong.error().text;
    EXPECT_EQ(wrong->status, 405);
    EXPECT_EQ(wrong->headers.find("allow"), "GET, HEAD, OPTIONS");
    const auto head = client.send(Method::head, "/hello/x");
    ASSERT_TRUE(head) << head.error().text;
    EXPECT_EQ(head->headers.find("content-length"), "7");
    EXPECT_EQ(head->body, "");
    const auto asked = client.send(Method::options, "/echo");
    ASSERT_TRUE(asked) << asked.error().text;
    EXPECT_EQ(asked->status, 204);
    EXPECT_EQ(asked->headers.find("allow"), "POST, OPTIONS");
}

TEST_F(ClientServer, AWrongPinIsRefused) {
    start();
    auto wrong = options(tls_place);
    wrong.pin->sha256[0] ^= 1;
    const auto answer = Client(wrong).send(Method::get, "/hello/x");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::forbidden);
    EXPECT_EQ(server_->stats().requests, 0U);
}

TEST_F(ClientServer, WithoutPinOrAuthorityTheCertificateIsRefused) {
    start();
    auto unpinned = options(tls_place);
    unpinned.pin.reset();
    const auto answer = Client(unpinned).send(Method::get, "/hello/x");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::forbidden);
    unpinned.ca_file = files_.certificate;
    const auto vouched = Client(unpinned).send(Method::get, "/hello/x");
    EXPECT_TRUE(vouched) << vouched.error().text;
}

TEST_F(ClientServer, ErrorsDoNotShowSecrets) {
    ClientOptions options;
    options.base_url = "http://user:pass@127.0.0.1:1/botSECRET";
    options.redact = {"SECRET", "127.0.0.1"};
    const auto answer = Client(options).send(Method::get, "/SECRET");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
    EXPECT_EQ(answer.error().text.find("SECRET"), std::string::npos) << answer.error().text;
    EXPECT_EQ(answer.error().text.find("pass"), std::string::npos) << answer.error().text;
    EXPECT_NE(answer.error().text.find("***"), std::string::npos) << answer.error().text;
}

TEST_F(ClientServer, AResponseLargerThanAllowedIsAnError) {
    start();
    auto narrow = options(tls_place);
    narrow.max_response = 2'999'999;
    const auto answer = Client(narrow).send(Method::get, "/large");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::full);
}

TEST_F(ClientServer, CancelEndsALongPollAtOnce) {
    start();
    Client client(options(tls_place));
    ASSERT_TRUE(client.send(Method::get, "/hello/x"));
    Clock::time_point cancelled;
    std::thread other([&] {
        EXPECT_TRUE(eventually([&] { return server_->stats().parked == 1; }));
        cancelled = Clock::now();
        client.cancel();
    });
    const auto answer = client.send(Method::get, "/wait/news");
    const auto returned = Clock::now();
    other.join();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
    EXPECT_LT(returned - cancelled, 100ms);
    EXPECT_FALSE(client.send(Method::get, "/hello/x"));
    client.resume();
    EXPECT_TRUE(client.send(Method::get, "/hello/x"));
}

TEST_F(ClientServer, TellsWhenThePeerWasHeardLast) {
    start();
    Client client(options(tls_place));
    EXPECT_FALSE(client.heard());
    const auto before = Clock::now();
    ASSERT_TRUE(client.send(Method::get, "/hello/x"));
    ASSERT_TRUE(client.heard());
    EXPECT_GE(*client.heard(), before);
    const auto answered = Clock::now();
    std::this_thread::sleep_for(300ms);
    const auto none = client.send(Method::get, "/wait/news", {}, {}, 300ms);  // its request is acknowledged
    ASSERT_FALSE(none);
    EXPECT_GT(*client.heard(), answered);
    EXPECT_LE(*client.heard(), Clock::now());
}

TEST_F(ClientServer, WhoNeverAnsweredWasNeverHeard) {
    start();
    auto elsewhere = options(plain_place);
    elsewhere.base_url = "http://127.0.0.1:1";
    Client client(elsewhere);
    ASSERT_FALSE(client.send(Method::get, "/hello/x"));
    EXPECT_FALSE(client.heard()) << "or an agent would count from long before its start";
}

TEST_F(ClientServer, ClientCertificatesReachTheHandlerAndTheHook) {
    const tls::KeyPaths mine{folder_ / "agent.pem", folder_ / "agent.key"};
    ASSERT_TRUE(tls::make_self_signed(mine, {"agent"}));
    const auto known = tls::fingerprint_sha256(mine.certificate).value();
    tls_settings_.clients = tls::ClientCertificates::required;
    tls_settings_.on_peer_certificate = [known](const tls::PeerCertificate& shown) {
        return shown.fingerprint == known ? tls::PeerVerdict::accept : tls::PeerVerdict::refuse;
    };
    start();
    EXPECT_FALSE(Client(options(tls_place)).send(Method::get, "/peer"));
    auto stranger = options(tls_place);
    stranger.client_certificate = files_.certificate;
    stranger.client_key = files_.key;
    EXPECT_FALSE(Client(stranger).send(Method::get, "/peer"));
    auto agent = options(tls_place);
    agent.client_certificate = mine.certificate;
    agent.client_key = mine.key;
    const auto answer = Client(agent).send(Method::get, "/peer");
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_EQ(answer->body, "127.0.0.1 tls " + tls::to_text(known));
}

TEST_F(ClientServer, ClosePeersEndsTheConnectionsOfOneCertificateAlsoTheParkedOnes) {
    const tls::KeyPaths mine{folder_ / "agent.pem", folder_ / "agent.key"};
    const tls::KeyPaths others{folder_ / "other.pem", folder_ / "other.key"};
    ASSERT_TRUE(tls::make_self_signed(mine, {"agent"}));
    ASSERT_TRUE(tls::make_self_signed(others, {"other"}));
    tls_settings_.clients = tls::ClientCertificates::requested;
    start();
    const auto wait_as = [&](const tls::KeyPaths& who) {
        Client client(options(tls_place));
        client.present({tls::read_small_file(who.certificate, 10'000).value(),
                        Secret(tls::read_small_file(who.key, 10'000).value()), options(tls_place).pin});
        return client.send(Method::get, "/wait/news");
    };
    Result<ClientResponse> mine_said;
    Result<ClientResponse> other_said;
    std::thread me([&] { mine_said = wait_as(mine); });
    std::thread other([&] { other_said = wait_as(others); });
    EXPECT_TRUE(eventually([&] { return server_->stats().parked == 2; }));
    const auto closed = Clock::now();
    server_->close_peers({tls::to_text(tls::fingerprint_sha256(mine.certificate).value())});
    me.join();
    EXPECT_LT(Clock::now() - closed, 1s);
    EXPECT_FALSE(mine_said) << "cut without an answer";
    EXPECT_TRUE(eventually([&] { return server_->stats().parked == 1; })) << "the other one goes on waiting";
    news_ = true;
    server_->wake("news");
    other.join();
    ASSERT_TRUE(other_said) << other_said.error().text;
    EXPECT_EQ(other_said->body, "news");
}

TEST_F(ClientServer, StopLetsARunningRequestFinish) {
    start();
    Client client(options(tls_place));
    Result<ClientResponse> answer;
    std::thread asking([&] { answer = client.send(Method::get, "/slow"); });
    EXPECT_TRUE(eventually([&] { return slow_running_ == 1; }));
    server_->stop();
    asking.join();
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_EQ(answer->body, "at last");
    EXPECT_EQ(answer->headers.find("connection"), "close");
    EXPECT_FALSE(client.send(Method::get, "/hello/x"));
    EXPECT_FALSE(std::filesystem::exists(socket_path()));
}

TEST_F(ClientServer, ALocalSocketLeftByADeadServerIsReplacedAndALivingOneIsNot) {
    start();
    Server second(Router{});
    const std::string other = folder_ / "other.sock";
    EXPECT_FALSE(second.start(
        {UnixEndpoint{other, 0600, std::nullopt}, UnixEndpoint{socket_path(), 0600, std::nullopt}}));
    EXPECT_FALSE(std::filesystem::exists(other)) << "all or nothing";
    EXPECT_EQ(Client(options(unix_place)).send(Method::get, "/hello/x")->status, 200);

    const std::string dead = folder_ / "dead.sock";
    std::filesystem::rename(socket_path(), dead);
    server_.reset();
    ASSERT_TRUE(std::filesystem::exists(dead));
    Server third(Router{});
    const auto replaced = third.start({UnixEndpoint{dead, 0640, std::nullopt}});
    EXPECT_TRUE(replaced) << replaced.error().text;
    EXPECT_EQ(std::filesystem::status(dead).permissions(), std::filesystem::perms(0640));

    const std::string file = folder_ / "precious";
    { const auto closed = std::unique_ptr<FILE, int (*)(FILE*)>(fopen(file.c_str(), "w"), fclose); }
    Server fourth(Router{});
    EXPECT_FALSE(fourth.start({UnixEndpoint{file, 0600, std::nullopt}}));
    EXPECT_TRUE(std::filesystem::is_regular_file(file));
}

}  // namespace garita::runtime::http::testing
