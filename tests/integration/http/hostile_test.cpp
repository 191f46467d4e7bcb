// Clients that are slow, rude, broken or lost.

#include <cstdlib>

#include "integration/http/fixture.hpp"
#include "integration/http/raw_client.hpp"

namespace garita::runtime::http::testing {

using Hostile = HttpTest;

ServerLimits tight() {
    ServerLimits limits;
    limits.header_bytes = 2048;
    limits.body_bytes = 10'000;
    limits.handshake = 300ms;
    limits.header_read = 300ms;
    limits.body_read = 300ms;
    limits.write = 500ms;
    limits.keep_alive = 400ms;
    return limits;
}

TEST_F(Hostile, ASlowHeadIsCutAndOthersAreServedMeanwhile) {
    start(tight());
    auto slow = RawClient::tcp(server_->port(plain_place));
    const auto began = Clock::now();
    std::thread dripping([&] {
        for (int i = 0; i < 100; ++i) {
            if (!slow.send(i == 0 ? "GET / HTTP/1.1\r\n" : "a: b\r\n")) return;
            std::this_thread::sleep_for(20ms);
        }
    });
    EXPECT_EQ(Client(options(plain_place)).send(Method::get, "/hello/x")->status, 200);
    EXPECT_TRUE(eventually([&] { return server_->stats().timed_out == 1; }));
    EXPECT_LT(Clock::now() - began, 1500ms);
    dripping.join();
}

TEST_F(Hostile, ASlowBodyASilentHandshakeAndAnIdleConnectionAreCut) {
    start(tight());
    auto body = RawClient::tcp(server_->port(plain_place));
    ASSERT_TRUE(body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc"));
    auto silent = RawClient::tcp(server_->port(tls_place));
    auto mute = RawClient::tcp(server_->port(plain_place));
    auto idle = RawClient::tcp(server_->port(plain_place));
    ASSERT_TRUE(idle.send("GET /hello/x HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_EQ(body.read_to_end(2s), "");
    EXPECT_EQ(silent.read_to_end(2s), "");
    EXPECT_EQ(mute.read_to_end(2s), "");
    EXPECT_TRUE(idle.read_to_end(2s).value_or("").ends_with("hello x"));
    EXPECT_EQ(server_->stats().timed_out, 3U);
    EXPECT_TRUE(eventually([&] { return server_->stats().sessions == 0; }));
}

TEST_F(Hostile, AReaderThatDoesNotReadIsCut) {
    start(tight());
    auto client = RawClient::local(socket_path());
    ASSERT_TRUE(client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_TRUE(eventually([&] { return server_->stats().timed_out == 1; }));
    EXPECT_TRUE(eventually([&] { return server_->stats().sessions == 0; }));
}

TEST_F(Hostile, GarbageIsAnsweredWith400AndTheConnectionEnds) {
    start(tight());
    for (const std::string_view bytes :
         {std::string_view("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 not tls\r\n\r\n", 24),
          std::string_view("GET\r\n\r\n"), std::string_view("GET / HTTP/1.1\r\n: x\r\n\r\n"),
          std::string_view("GET / HTTP/1.1\r\n\r\n"),
          std::string_view("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
          std::string_view("GET hello HTTP/1.1\r\nHost: a\r\n\r\n"),
          std::string_view("GET /?%zz HTTP/1.1\r\nHost: a\r\n\r\n"),
          std::string_view(
              "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
          std::string_view("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
          std::string_view("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n")}) {
        auto client = RawClient::tcp(server_->port(plain_place));
        ASSERT_TRUE(client.send(bytes));
        const auto answer = client.read_until("\r\n\r\n");
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 Bad Request\r\n")) << bytes << "\n->\n" << answer;
        EXPECT_NE(answer.find("Connection: close"), std::string::npos) << bytes;
    }
    EXPECT_EQ(Client(options(plain_place)).send(Method::get, "/hello/x")->status, 200);
}

TEST_F(Hostile, OtherRefusalsHaveTheirNumbers) {
    start(tight());
    const std::vector<std::pair<std::string, std::string>> cases{
        {"GET / HTTP/1.1\r\nHost: a\r\nx: " + std::string(4000, 'x') + "\r\n\r\n", "431"},
        {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505"},
        {"BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n", "501"},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n",
         "413"},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", "413"}};
    for (const auto& [bytes, status] : cases) {
        auto client = RawClient::tcp(server_->port(plain_place));
        ASSERT_TRUE(client.send(bytes));
        EXPECT_EQ(client.read_until("\r\n\r\n").substr(0, 12), "HTTP/1.1 " + status) << bytes.substr(0, 60);
    }
}

TEST_F(Hostile, AnEndlessChunkHeaderIsRefused) {
    start(tight());
    auto client = RawClient::tcp(server_->port(plain_place));
    ASSERT_TRUE(client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;"));
    client.send(std::string(200'000, 'x'));
    EXPECT_EQ(client.read_until("\r\n\r\n").substr(0, 12), "HTTP/1.1 400");
}

TEST_F(Hostile, PlainHttpOnTheTlsPortIsTold) {
    start(tight());
    auto client = RawClient::tcp(server_->port(tls_place));
    ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_NE(client.read_until("not it").find("This port speaks HTTPS"), std::string::npos);
    auto garbage = RawClient::tcp(server_->port(tls_place));
    ASSERT_TRUE(garbage.send(std::string(500, '\x80')));
    EXPECT_TRUE(garbage.read_to_end(2s));
    EXPECT_EQ(Client(options(tls_place)).send(Method::get, "/hello/x")->status, 200);
}

TEST_F(Hostile, PipelinedRequestsAreAnsweredInOrder) {
    start();
    auto client = RawClient::tcp(server_->port(plain_place));
    std::string requests;
    for (int i = 0; i < 20; ++i)
        requests += "GET /hello/" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    ASSERT_TRUE(client.send(requests));
    const auto answers = client.read_until("hello 19");
    std::size_t at = 0;
    for (int i = 0; i < 20; ++i) {
        at = answers.find("hello " + std::to_string(i), at);
        ASSERT_NE(at, std::string::npos) << i;
    }
}

TEST_F(Hostile, OldClientsAreServedAndLetGo) {
    start();
    auto client = RawClient::tcp(server_->port(plain_place));
    ASSERT_TRUE(client.send("GET /hello/x HTTP/1.0\r\n\r\n"));
    EXPECT_TRUE(client.read_to_end(2s).value_or("").ends_with("\r\n\r\nhello x"));
}

TEST_F(Hostile, ManyLargeBodiesTogetherAreRefused) {
    ServerLimits limits;
    limits.all_bodies_bytes = 2'000'000;
    start(limits);
    std::vector<RawClient> holding;
    for (int i = 0; i < 3; ++i) {
        holding.push_back(RawClient::local(socket_path()));
        ASSERT_TRUE(holding.back().send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"));
        holding.back().send(std::string(i == 2 ? 300'000 : 900'000, 'x'));
    }
    EXPECT_TRUE(holding.back().read_until("\r\n\r\n").starts_with("HTTP/1.1 503"));
    holding.clear();
    ASSERT_TRUE(eventually([&] { return server_->stats().sessions == 0; }));
    Client client(options(tls_place));
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(client.send(Method::post, "/echo", {}, std::string(1'500'000, 'x'))->status, 200);
    }
}

TEST_F(Hostile, TooManyConnectionsAreRefused) {
    ServerLimits limits;
    limits.sessions_per_address = 3;
    limits.sessions = 5;
    start(limits);
    std::vector<RawClient> held;
    for (int i = 0; i < 3; ++i)
        held.push_back(RawClient::tcp(server_->port(plain_place)));
    ASSERT_TRUE(eventually([&] { return server_->stats().sessions == 3; }));
    EXPECT_EQ(RawClient::tcp(server_->port(plain_place)).read_to_end(2s), "");
    EXPECT_EQ(server_->stats().refused, 1U);
    for (int i = 0; i < 2; ++i)
        held.push_back(RawClient::local(socket_path()));
    ASSERT_TRUE(eventually([&] { return server_->stats().sessions == 5; }));
    EXPECT_EQ(RawClient::local(socket_path()).read_to_end(2s), "");
    held.clear();
    ASSERT_TRUE(eventually([&] { return server_->stats().sessions == 0; }));
    EXPECT_EQ(Client(options(plain_place)).send(Method::get, "/hello/x")->status, 200);
}

/// Runs curl, an independent client; its output, or nothing when it failed.
std::optional<std::string> curl(const std::string& arguments) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(
        popen(("curl -s -S --max-time 10 " + arguments).c_str(), "r"), pclose);
    if (!pipe) return std::nullopt;
    std::string output;
    char buffer[4096];
    while (const auto got = fread(buffer, 1, sizeof buffer, pipe.get()))
        output.append(buffer, got);
    return output;
}

TEST_F(Hostile, CurlIsServed) {
    if (std::system("curl --version > /dev/null 2>&1") != 0)
        GTEST_SKIP() << "the program curl is not installed";
    start();
    const std::string ca = "--cacert " + files_.certificate.string() + " ";
    const auto where = "https://localhost:" + std::to_string(server_->port(tls_place));
    EXPECT_EQ(curl(ca + where + "/hello/bob"), "hello bob");
    EXPECT_EQ(curl(ca + "-o /dev/null -w '%{num_connects}\\n' " + where + "/hello/a " + "-o /dev/null " +
                   where + "/hello/b"),
              "1\n0\n");
    EXPECT_EQ(curl(ca + "--unix-socket " + socket_path() + " http://any/hello/local"), "hello local");
    EXPECT_EQ(curl(ca + "-H 'Transfer-Encoding: chunked' -d @" + files_.certificate.string() + " " + where +
                   "/echo"),
              curl(ca + "-d @" + files_.certificate.string() + " " + where + "/echo"));
    EXPECT_EQ(curl(ca + "-H 'Expect: 100-continue' -d hello " + where + "/echo"), "hello");
    EXPECT_EQ(
        curl(ca + "-o /dev/null -w '%{http_code}' -d " + std::string(101, 'x') + " " + where + "/small"),
        "413");
    EXPECT_TRUE(curl(ca + "-I " + where + "/hello/bob")->find("Content-Length: 9\r\n") != std::string::npos);
    EXPECT_EQ(curl("--tls-max 1.1 -o /dev/null -w '%{http_code}' -k " + where + "/hello/a 2>/dev/null"),
              "000");
}

}  // namespace garita::runtime::http::testing
