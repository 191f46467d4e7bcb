// Services on the loopback that behave well, badly and not at all. Real nginx and sshd:
// tests/integration/system.

#include "adapters/service_probe/open_services.hpp"

#include <chrono>
#include <functional>
#include <thread>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "runtime/descriptor/descriptor.hpp"
#include "runtime/sockets/socket_address.hpp"

namespace garita::service_probe {
namespace {

using std::chrono::milliseconds;

const IpAddress loopback = *IpAddress::parse("127.0.0.1");

/// Does with each connection what it is told to, one after the other, while it lives.
class Service {
  public:
    explicit Service(std::function<void(int)> serve) : serve_(std::move(serve)) {
        listener_ = runtime::Descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const runtime::SocketAddress any(loopback, 0);
        sockaddr_storage own{};
        socklen_t size = sizeof own;
        if (bind(listener_.get(), any.get(), any.size()) != 0 || listen(listener_.get(), 16) != 0 ||
            getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&own), &size) != 0)
            throw std::runtime_error("cannot listen");
        port = runtime::port_of(own);
        thread_ = std::thread([this] {
            while (true) {
                const runtime::Descriptor peer(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
                if (!peer.is_open()) return;
                serve_(peer.get());
            }
        });
    }
    ~Service() {
        shutdown(listener_.get(), SHUT_RDWR);
        thread_.join();
    }
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    Port port = 0;

  private:
    std::function<void(int)> serve_;
    runtime::Descriptor listener_;
    std::thread thread_;
};

void say(int fd, std::string_view text) {
    static_cast<void>(send(fd, text.data(), text.size(), MSG_NOSIGNAL));
}

std::string heard(int fd) {
    std::string text(1024, '\0');
    const auto count = recv(fd, text.data(), text.size(), 0);
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
}

class Services : public ::testing::Test {
  protected:
    Services() {
        limits.silence = milliseconds(150);
        limits.answer = milliseconds(300);
        limits.connecting = milliseconds(500);
    }
    scan::ServiceFacts ask(Port port, scan::Wanted wanted = scan::Wanted::both) {
        return OpenServices(limits).ask({{loopback, port, "name.example"}}, wanted, {}).at(0);
    }
    Limits limits;
};

TEST_F(Services, WhoSpeaksFirstIsHeard) {
    Service service([](int fd) { say(fd, "220 mail.example ESMTP\r\nand more"); });
    const auto facts = ask(service.port);
    EXPECT_TRUE(facts.banner.starts_with("220 mail.example ESMTP\r\n"));
    EXPECT_TRUE(facts.tls.empty());
    EXPECT_FALSE(facts.certificate);
}

TEST_F(Services, WhoIsSilentIsAskedForAPage) {
    Service service([](int fd) {
        if (heard(fd).starts_with("HEAD / HTTP/1.0\r\n")) say(fd, "HTTP/1.0 200 OK\r\n\r\n");
    });
    EXPECT_TRUE(ask(service.port, scan::Wanted::banner).banner.starts_with("HTTP/1.0 200 OK"));
}

TEST_F(Services, NobodyIsWaitedForLongerThanTheLimits) {
    Service drops([](int fd) {
        heard(fd);
        heard(fd);
    });
    const auto begun = std::chrono::steady_clock::now();
    const auto facts = ask(drops.port);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds(2500));
    EXPECT_TRUE(facts.banner.empty());
}

TEST_F(Services, AFloodIsCutAtTheLimit) {
    Service floods([](int fd) {
        const std::string much(4096, 'x');
        for (int i = 0; i < 100; ++i)
            say(fd, much);
    });
    EXPECT_EQ(ask(floods.port, scan::Wanted::banner).banner, std::string(256, 'x'));
}

TEST_F(Services, ATlsGreetingAnsweredByGarbageIsNoCertificate) {
    for (const std::string& garbage :
         {std::string("\x16\x03\x03\xff\xff\x02\x00\x00\x00", 9), std::string(5, '\0'),
          std::string("\x15\x03\x01\x00\x02\x02\x28", 7)}) {
        Service service([&](int fd) {
            heard(fd);
            say(fd, garbage);
        });
        const auto facts = ask(service.port, scan::Wanted::certificate);
        EXPECT_TRUE(facts.tls.empty());
        EXPECT_FALSE(facts.certificate);
    }
}

TEST_F(Services, WhoAnswersATlsGreetingInPlainWordsIsQuoted) {
    const Service web([](int fd) {
        heard(fd);
        say(fd, "HTTP/1.1 400 ");
        std::this_thread::sleep_for(milliseconds(20));
        say(fd, "Bad Request\r\nServer: x\r\n");
        heard(fd);
    });
    const Service shell([](int fd) { say(fd, "SSH-2.0-x\r\n"); });
    const Service flood([](int fd) { say(fd, std::string(100'000, '\xff')); });
    const auto of_web = ask(web.port, scan::Wanted::certificate);
    EXPECT_TRUE(of_web.plain.starts_with("HTTP/1.1 400 Bad Request\r\n")) << of_web.plain;
    EXPECT_EQ(of_web.tls + of_web.banner, "");
    EXPECT_FALSE(of_web.certificate);
    EXPECT_EQ(ask(shell.port, scan::Wanted::certificate).plain, "SSH-2.0-x\r\n");
    EXPECT_EQ(ask(flood.port, scan::Wanted::certificate).plain, std::string(256, '\xff'));
}

TEST_F(Services, ARefusalInWordsOfTlsIsNoPlainAnswer) {
    const Service server([](int fd) {
        heard(fd);
        say(fd, std::string_view("\x15\x03\x01\x00\x02\x02\x28", 7));  // handshake failure
    });
    const Service closes([](int fd) { heard(fd); });
    EXPECT_EQ(ask(server.port, scan::Wanted::certificate).plain, "");
    EXPECT_EQ(ask(closes.port, scan::Wanted::certificate).plain, "");
}

TEST_F(Services, APortThatClosedMeanwhileHasNoFacts) {
    Port gone = 0;
    {
        gone = Service([](int) {}).port;
    }
    const auto facts = ask(gone);
    EXPECT_TRUE(facts.banner.empty() && facts.tls.empty() && !facts.certificate);
}

TEST_F(Services, AStopEndsAllWaiting) {
    Service silent([](int fd) { heard(fd); });
    limits.silence = std::chrono::seconds(30);
    std::stop_source stop;
    std::thread stopper([&] {
        std::this_thread::sleep_for(milliseconds(100));
        stop.request_stop();
    });
    const auto begun = std::chrono::steady_clock::now();
    const auto facts =
        OpenServices(limits).ask({{loopback, silent.port, ""}}, scan::Wanted::banner, stop.get_token());
    stopper.join();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(3));
    EXPECT_EQ(facts.size(), 1U);
}

TEST_F(Services, AnswersComeInTheOrderOfTheQuestions) {
    Service one([](int fd) { say(fd, "one\n"); });
    Service two([](int fd) { say(fd, "two\n"); });
    limits.at_once = 1;
    const auto facts = OpenServices(limits).ask(
        {{loopback, two.port, ""}, {loopback, one.port, ""}, {loopback, two.port, ""}}, scan::Wanted::banner,
        {});
    ASSERT_EQ(facts.size(), 3U);
    EXPECT_EQ(facts[0].banner, "two\n");
    EXPECT_EQ(facts[1].banner, "one\n");
    EXPECT_EQ(facts[2].banner, "two\n");
}

}  // namespace
}  // namespace garita::service_probe
