// Requests that wait without a thread.

#include <algorithm>

#include <sys/resource.h>

#include "integration/http/fixture.hpp"
#include "integration/http/raw_client.hpp"

namespace garita::runtime::http::testing {

class Parking : public HttpTest {
  protected:
    RawClient parked(const std::string& topic) {
        auto client = RawClient::local(socket_path());
        EXPECT_TRUE(client.send("GET /wait/" + topic + " HTTP/1.1\r\nHost: a\r\n\r\n"));
        return client;
    }
    bool waiting(std::size_t count) {
        return eventually([this, count] { return server_->stats().parked == count; });
    }
};

TEST_F(Parking, AThousandWaitOnFewThreadsAndAreWokenPromptly) {
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < 2200) GTEST_SKIP() << "only " << files.rlim_cur << " descriptors allowed";
    start({}, 4);
    std::vector<RawClient> clients;
    for (int i = 0; i < 1000; ++i)
        clients.push_back(parked("news"));
    ASSERT_TRUE(waiting(1000));
    EXPECT_LE(threads_.size(), 4U);
    EXPECT_EQ(Client(options(tls_place)).send(Method::get, "/hello/x")->status, 200);
    server_->wake("other");
    EXPECT_EQ(looks_, 1000);

    news_ = true;
    const auto woken = Clock::now();
    server_->wake("news");
    EXPECT_TRUE(clients.front().read_until("news", 5s).ends_with("news"));
    const auto first = Clock::now() - woken;
    for (auto& client : clients)
        EXPECT_TRUE(client.read_until("news", 5s).ends_with("news"));
    const auto last = Clock::now() - woken;
    RecordProperty("first_us", std::to_string(first / 1us));
    RecordProperty("last_us", std::to_string(last / 1us));
    printf("woken: first after %ld us, last of 1000 after %ld us\n", long(first / 1us), long(last / 1us));
    EXPECT_LT(last, 500ms * slowness);
    EXPECT_EQ(looks_, 2000);
    EXPECT_EQ(server_->stats().parked, 0U);
}

TEST_F(Parking, AWakeIsAnsweredWithinMilliseconds) {
    start();
    std::vector<std::chrono::microseconds> delays;
    for (int i = 0; i < 21; ++i) {
        news_ = false;
        auto client = parked("news");
        ASSERT_TRUE(waiting(1));
        news_ = true;
        const auto woken = Clock::now();
        server_->wake("news");
        ASSERT_TRUE(client.read_until("news").ends_with("news"));
        delays.push_back(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - woken));
    }
    std::sort(delays.begin(), delays.end());
    printf("one woken: median %ld us, most %ld us\n", long(delays[10].count()), long(delays[20].count()));
    EXPECT_LT(delays[10], 50ms);
}

TEST_F(Parking, TimeIsOverWithAFinalCall) {
    patience_ = 150ms;
    start();
    Client client(options(tls_place));
    const auto began = Clock::now();
    const auto answer = client.send(Method::get, "/wait/news");
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_EQ(answer->body, "nothing");
    EXPECT_GE(Clock::now() - began, 150ms);
    EXPECT_LT(Clock::now() - began, 400ms * slowness);
    EXPECT_EQ(looks_, 2);
    EXPECT_EQ(client.send(Method::get, "/hello/x")->status, 200);
}

TEST_F(Parking, AWakeWithoutNewsParksAgain) {
    start();
    auto client = parked("news");
    ASSERT_TRUE(waiting(1));
    server_->wake("news");
    ASSERT_TRUE(eventually([&] { return looks_ == 2; }));
    ASSERT_TRUE(waiting(1));
    news_ = true;
    server_->wake("news");
    EXPECT_TRUE(client.read_until("news").ends_with("news"));
}

TEST_F(Parking, AClientThatHangsUpIsForgotten) {
    start();
    auto stays = parked("news");
    auto leaves = parked("news");
    ASSERT_TRUE(waiting(2));
    leaves.hang_up();
    EXPECT_TRUE(waiting(1));
    EXPECT_TRUE(eventually([&] { return server_->stats().sessions == 1; }));
    {
        Client client(options(tls_place));
        EXPECT_FALSE(client.send(Method::get, "/wait/news", {}, {}, 200ms));
    }
    EXPECT_TRUE(waiting(1)) << "over TLS a goodbye comes before the end of the stream";
    EXPECT_TRUE(eventually([&] { return server_->stats().sessions == 1; }));
}

TEST_F(Parking, APipelinedRequestDoesNotDisturbTheWaiting) {
    start();
    auto client = parked("news");
    ASSERT_TRUE(waiting(1));
    ASSERT_TRUE(client.send("GET /hello/after HTTP/1.1\r\nHost: a\r\n\r\n"));
    std::this_thread::sleep_for(400ms);
    EXPECT_TRUE(waiting(1));
    news_ = true;
    server_->wake("news");
    const auto answers = client.read_until("hello after");
    EXPECT_LT(answers.find("news"), answers.find("hello after"));
    client.hang_up();
    EXPECT_TRUE(eventually([&] { return server_->stats().sessions == 0; }));
}

TEST_F(Parking, StopAnswersThoseWhoWait) {
    start();
    std::vector<RawClient> clients;
    for (int i = 0; i < 20; ++i)
        clients.push_back(parked("news"));
    ASSERT_TRUE(waiting(20));
    const auto began = Clock::now();
    server_->stop();
    EXPECT_LT(Clock::now() - began, 1s * slowness);
    for (auto& client : clients)
        EXPECT_TRUE(client.read_to_end().value_or("").ends_with("nothing"));
}

/// A producer that counts up and wakes, consumers that each must see every count: a lost wake stops them for
/// ever.
TEST_F(Parking, NoWakeIsEverLost) {
    std::atomic<int> count{0};
    Router router;
    router.add(Method::get, "/after/{n}", [&count](const Request& request) -> Answer {
        const auto known = *request.parameters.number("n");
        if (count > known) return text_response(200, std::to_string(count));
        if (request.final_call) return text_response(408, "lost");
        return Park{"count", Clock::now() + 10s};
    });
    Server server(std::move(router), ServerOptions{});
    const std::string path = folder_ / "race.sock";
    ASSERT_TRUE(server.start({UnixEndpoint{path, 0600, std::nullopt}}));
    constexpr int most = 1500;
    std::vector<std::thread> consumers;
    std::atomic<int> lost{0};
    for (int i = 0; i < 4; ++i) {
        consumers.emplace_back([&] {
            ClientOptions options;
            options.base_url = "http://localhost";
            options.unix_socket = path;
            Client client(options);
            for (int known = 0; known < most;) {
                const auto answer = client.send(Method::get, "/after/" + std::to_string(known));
                if (!answer || answer->status != 200) {
                    ++lost;
                    return;
                }
                known = std::stoi(answer->body);
            }
        });
    }
    for (int i = 0; i < most; ++i) {
        ++count;
        server.wake("count");
        if (i % 3 == 0) std::this_thread::sleep_for(std::chrono::microseconds(i % 200));
    }
    for (auto& consumer : consumers)
        consumer.join();
    EXPECT_EQ(lost, 0);
}

/// Everything at once: requests, parkings, wakes from two threads, and a stop in the middle.
TEST_F(Parking, StopUnderLoadEndsEverything) {
    for (int round = 0; round < 5; ++round) {
        server_.reset();
        start({}, 3);
        std::atomic<bool> over{false};
        std::vector<std::thread> threads;
        for (const auto place : {tls_place, plain_place, unix_place, tls_place, unix_place}) {
            threads.emplace_back([this, place, &over] {
                Client client(options(place));
                while (!over) {
                    const auto answer = client.send(Method::get, "/wait/news");
                    if (answer) {
                        EXPECT_EQ(answer->status, 200);
                    }
                    if (!client.send(Method::post, "/echo", {}, "x")) return;
                }
            });
        }
        for (int i = 0; i < 2; ++i) {
            threads.emplace_back([this, &over] {
                while (!over) {
                    news_ = !news_;
                    server_->wake("news");
                    std::this_thread::sleep_for(1ms);
                }
            });
        }
        EXPECT_TRUE(eventually([this] { return server_->stats().requests > 50; }));
        const auto began = Clock::now();
        server_->stop();
        EXPECT_LT(Clock::now() - began, 1s * slowness);
        EXPECT_EQ(server_->stats().sessions, 0U);
        EXPECT_EQ(server_->stats().parked, 0U);
        over = true;
        for (auto& thread : threads)
            thread.join();
    }
}

TEST_F(Parking, StopDoesNotWaitForASlowHandlersConnectionPastTheDrainLimit) {
    ServerLimits limits;
    limits.drain = 50ms;
    start(limits);
    auto client = RawClient::local(socket_path());
    ASSERT_TRUE(client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"));
    ASSERT_TRUE(eventually([this] { return slow_running_ == 1; }));
    std::thread stopping([this] { server_->stop(); });
    EXPECT_EQ(client.read_to_end(250ms), "") << "cut before the handler returned";
    stopping.join();
    EXPECT_EQ(server_->stats().sessions, 0U);
}

}  // namespace garita::runtime::http::testing
