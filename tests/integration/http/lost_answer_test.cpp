// A server that carries a request out and hangs up before it answers: the client must not ask it a second
// time by itself, because only its caller knows whether twice is harmless.

#include <atomic>
#include <thread>
#include <unistd.h>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "runtime/http/client.hpp"

namespace garita::runtime::http::testing {
namespace {

/// Answers the first request of each connection, reads the second and closes.
class ServerThatHangsUp {
  public:
    ServerThatHangsUp() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof where;
        EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&where), size), 0);
        EXPECT_EQ(listen(socket_, 8), 0);
        EXPECT_EQ(getsockname(socket_, reinterpret_cast<sockaddr*>(&where), &size), 0);
        port_ = ntohs(where.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~ServerThatHangsUp() {
        shutdown(socket_, SHUT_RDWR);
        thread_.join();
        close(socket_);
    }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] int requests() const { return requests_; }

  private:
    void serve() {
        for (int peer = accept(socket_, nullptr, nullptr); peer >= 0;
             peer = accept(socket_, nullptr, nullptr)) {
            if (read_request(peer)) {
                const std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
                (void)!write(peer, answer.data(), answer.size());
                (void)read_request(peer);
            }
            close(peer);
        }
    }
    bool read_request(int peer) {
        std::string seen;
        std::array<char, 512> part{};
        while (!seen.ends_with("BODY")) {
            const auto got = read(peer, part.data(), part.size());
            if (got <= 0) return false;
            seen.append(part.data(), static_cast<std::size_t>(got));
        }
        ++requests_;
        return true;
    }

    int socket_;
    std::uint16_t port_ = 0;
    std::atomic<int> requests_ = 0;
    std::thread thread_;
};

TEST(LostAnswer, IsTheCallersMatter) {
    for (const auto method : {Method::post, Method::put}) {
        ServerThatHangsUp server;
        ClientOptions options;
        options.base_url = server.url();
        Client client(options);
        ASSERT_TRUE(client.send(method, "/", {}, "BODY"));
        const auto lost = client.send(method, "/", {}, "BODY");
        ASSERT_FALSE(lost);
        EXPECT_EQ(lost.error().code, ErrorCode::unavailable);
        EXPECT_NE(lost.error().text.find("hung up"), std::string::npos) << lost.error().text;
        EXPECT_EQ(server.requests(), 2);
        EXPECT_TRUE(client.send(method, "/", {}, "BODY")) << "the next one has a connection of its own";
    }
}

}  // namespace
}  // namespace garita::runtime::http::testing
