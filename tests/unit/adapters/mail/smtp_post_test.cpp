// The threads of the post, against a server that is not there and one that says nothing. What servers say is
// tested among real ones.

#include "adapters/mail/smtp_post.hpp"

#include <chrono>
#include <poll.h>
#include <set>
#include <thread>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace garita::mail {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using SteadyClock = std::chrono::steady_clock;

/// A socket on loopback that takes connections in and never speaks, or one that nobody listens on.
class Silent {
  public:
    enum class Ears { open, closed };
    explicit Silent(Ears ears) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(ears == Ears::open ? ::listen(socket_.get(), 64) : 0, 0);
        EXPECT_EQ(::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
        port_ = ntohs(address.sin_port);
    }
    [[nodiscard]] std::uint16_t port() const { return port_; }

  private:
    runtime::Descriptor socket_;
    std::uint16_t port_ = 0;
};

Server server_at(std::uint16_t port) {
    Server server;
    server.host = "127.0.0.1";
    server.port = port;
    server.security = Server::Security::none;
    server.from = "garita@example.org";
    server.timeout = 1s;
    return server;
}

std::vector<Delivery> wait_for(SmtpPost& post, std::size_t count) {
    std::vector<Delivery> all;
    const auto end = SteadyClock::now() + 20s;
    while (all.size() < count && SteadyClock::now() < end) {
        pollfd ready{post.wake_fd(), POLLIN, 0};
        ::poll(&ready, 1, 1000);
        for (auto& one : post.take_finished())
            all.push_back(std::move(one));
    }
    return all;
}

TEST(SmtpPost, EveryLetterComesToAnEnd) {
    const Silent nobody(Silent::Ears::closed);
    SmtpPost post(server_at(nobody.port()));
    for (std::uint64_t ticket = 1; ticket <= 20; ++ticket)
        post.send({ticket, "ana@example.org", "Subject: x\r\n\r\nx\r\n"});
    std::set<std::uint64_t> tickets;
    for (const auto& one : wait_for(post, 20)) {
        tickets.insert(one.ticket);
        EXPECT_EQ(one.kind, Delivery::Kind::server_trouble);
        EXPECT_FALSE(one.maybe_taken);
        EXPECT_THAT(one.text, HasSubstr("127.0.0.1:" + std::to_string(nobody.port())));
    }
    EXPECT_EQ(tickets.size(), 20U);
    pollfd ready{post.wake_fd(), POLLIN, 0};
    EXPECT_EQ(::poll(&ready, 1, 0), 0) << "nothing more to take";
}

TEST(SmtpPost, ASilentServerCostsItsTimeAndNoMore) {
    const Silent silent(Silent::Ears::open);
    SmtpPost post(server_at(silent.port()));
    const auto begun = SteadyClock::now();
    for (std::uint64_t ticket = 1; ticket <= post.capacity(); ++ticket)
        post.send({ticket, "ana@example.org", "Subject: x\r\n\r\nx\r\n"});
    EXPECT_EQ(wait_for(post, post.capacity()).size(), post.capacity());
    EXPECT_LT(SteadyClock::now() - begun, 10s) << "it is asked once, not once a letter";
}

TEST(SmtpPost, EndsSoonWhateverHangs) {
    const Silent silent(Silent::Ears::open);
    auto server = server_at(silent.port());
    server.timeout = 600s;
    const auto begun = SteadyClock::now();
    {
        SmtpPost post(server);
        for (std::uint64_t ticket = 1; ticket <= 20; ++ticket)
            post.send({ticket, "ana@example.org", "Subject: x\r\n\r\nx\r\n"});
        std::this_thread::sleep_for(200ms);
    }
    EXPECT_LT(SteadyClock::now() - begun, 10s);
}

}  // namespace
}  // namespace garita::mail
