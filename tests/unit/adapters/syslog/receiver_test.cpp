// The receiver at real sockets of the loopback.

#include "adapters/syslog/receiver.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "runtime/descriptor/descriptor.hpp"
#include "runtime/sockets/socket_address.hpp"
#include "runtime/tls/self_signed.hpp"
#include "support/temporary_directory.hpp"

namespace garita::syslog {
namespace {

using runtime::Descriptor;
constexpr auto patience = std::chrono::seconds(60);

std::string violation(const std::string& mac) {
    return "<186>41: *Mar  1 00:12:45.123: %PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, "
           "caused by "
           "MAC address " +
           mac + " on port Gi1/0/7.";
}

const auto loopback = *IpAddress::parse("127.0.0.1");
const auto wanted = *MacAddress::parse("0013.1a41.544e");

class SyslogReceiver : public testing::Test {
  protected:
    void start(ReceiverSettings settings) {
        auto started = Receiver::start(settings, [this](const ReceivedEvent& event) {
            const std::lock_guard lock(mutex_);
            seen_.push_back(event.event.mac ? event.event.mac->text() : std::string(event.event.cause));
            senders_.push_back(event.sender);
            changed_.notify_all();
        });
        ASSERT_TRUE(started) << started.error().text;
        receiver_ = std::move(*started);
        receiver_->wait_for({wanted});
    }
    void start(Listen::Transport transport) {
        ReceiverSettings settings;
        settings.listen = {{transport, loopback, 0, files_}};
        start(settings);
    }
    [[nodiscard]] Descriptor connect(int type) const {
        Descriptor socket(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
        const runtime::SocketAddress address(loopback, receiver_->ports().front());
        EXPECT_EQ(::connect(socket.get(), address.get(), address.size()), 0);
        return socket;
    }
    static void send(const Descriptor& socket, std::string_view bytes) {
        ASSERT_EQ(::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(bytes.size()));
    }
    [[nodiscard]] std::vector<std::string> seen(std::size_t count) {
        std::unique_lock lock(mutex_);
        EXPECT_TRUE(changed_.wait_for(lock, patience, [&] { return seen_.size() >= count; }));
        for (const auto& sender : senders_)
            EXPECT_EQ(sender, loopback);
        return seen_;
    }
    template <typename Condition>
    [[nodiscard]] bool until(const Condition& condition) const {
        const auto end = std::chrono::steady_clock::now() + patience;
        while (!condition(receiver_->counts())) {
            if (std::chrono::steady_clock::now() > end) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        return true;
    }

    runtime::tls::KeyPaths files_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> seen_;
    std::vector<IpAddress> senders_;
    std::unique_ptr<Receiver> receiver_;
};

TEST_F(SyslogReceiver, HandsOnWhatIsWaitedForAndCountsTheRest) {
    start(Listen::Transport::udp);
    const auto socket = connect(SOCK_DGRAM);
    for (int i = 0; i < 100; ++i)
        send(socket, violation("0013.1a41.5400"));
    send(socket, "");
    send(socket, violation("0013.1A41.544E") + "\n");
    EXPECT_EQ(seen(1), std::vector<std::string>{"00:13:1a:41:54:4e"});
    send(socket,
         "<188>42: %PM-4-ERR_DISABLE: psecure-violation error detected on Gi1/0/7, putting Gi1/0/7 in "
         "err-disable state");
    EXPECT_EQ(seen(2).back(), "psecure-violation");
    ASSERT_TRUE(until([](const auto& counts) { return counts.received >= 103; }));
    EXPECT_EQ(receiver_->counts().events, 2U);
    EXPECT_EQ(receiver_->counts().lost_by_kernel, 0U);
}

TEST_F(SyslogReceiver, ASetIsExchangedWhileMessagesCome) {
    start(Listen::Transport::tcp);
    const auto socket = connect(SOCK_STREAM);
    receiver_->wait_for({});
    send(socket, violation("0013.1a41.544e") + "\n");
    ASSERT_TRUE(until([](const auto& counts) { return counts.received == 1; }));
    receiver_->wait_for({*MacAddress::parse("0013.1a41.5401")});
    send(socket, violation("0013.1a41.544e") + "\n" + violation("0013.1a41.5401") + "\n");
    EXPECT_EQ(seen(1), std::vector<std::string>{"00:13:1a:41:54:01"});
}

TEST_F(SyslogReceiver, WhatWasSaidBeforeSomebodyWaitedIsHandedOnOnce) {
    start(Listen::Transport::udp);
    const auto socket = connect(SOCK_DGRAM);
    receiver_->wait_for({});
    send(socket, violation("0013.1a41.5401"));
    send(socket, violation("0013.1a41.5402"));
    ASSERT_TRUE(until([](const auto& counts) { return counts.received == 2; }));
    receiver_->wait_for({*MacAddress::parse("0013.1a41.5401")});
    EXPECT_EQ(seen(1), std::vector<std::string>{"00:13:1a:41:54:01"});
    receiver_->wait_for({*MacAddress::parse("0013.1a41.5401"), *MacAddress::parse("0013.1a41.5402")});
    EXPECT_EQ(seen(2), (std::vector<std::string>{"00:13:1a:41:54:01", "00:13:1a:41:54:02"}));
    EXPECT_EQ(receiver_->counts().events, 2U);
}

TEST_F(SyslogReceiver, ConnectionsAreBoundedAndTheSilentOneMakesRoom) {
    ReceiverSettings settings;
    settings.listen = {{Listen::Transport::tcp, loopback, 0, {}}};
    settings.most_connections = 2;
    start(settings);
    const auto silent = connect(SOCK_STREAM);
    ASSERT_TRUE(until([](const auto& counts) { return counts.connections == 1; }));
    const auto lively = connect(SOCK_STREAM);
    send(lively, "<1>here\n");
    ASSERT_TRUE(until([](const auto& counts) { return counts.received == 1; }));
    const auto third = connect(SOCK_STREAM);
    send(third, violation("0013.1a41.544e") + "\n");
    EXPECT_EQ(seen(1).size(), 1U);
    char byte = 0;
    EXPECT_EQ(::recv(silent.get(), &byte, 1, 0), 0);
    EXPECT_EQ(receiver_->counts().displaced, 1U);
}

TEST_F(SyslogReceiver, OneSenderDoesNotTakeAllConnections) {
    ReceiverSettings settings;
    settings.listen = {{Listen::Transport::tcp, loopback, 0, {}}};
    settings.most_of_one_sender = 1;
    start(settings);
    const auto first = connect(SOCK_STREAM);
    const auto second = connect(SOCK_STREAM);
    char byte = 0;
    EXPECT_EQ(::recv(second.get(), &byte, 1, 0), 0);
    EXPECT_EQ(receiver_->counts().refused, 1U);
    send(first, violation("0013.1a41.544e"));
    ::shutdown(first.get(), SHUT_WR);  // the last line needs no end
    EXPECT_EQ(seen(1).size(), 1U);
}

TEST_F(SyslogReceiver, ALyingCountEndsTheConnectionOnly) {
    start(Listen::Transport::tcp);
    const auto liar = connect(SOCK_STREAM);
    send(liar, "9999999 <1>x");
    char byte = 0;
    EXPECT_LE(::recv(liar.get(), &byte, 1, 0), 0);
    EXPECT_EQ(receiver_->counts().broken, 1U);
    const auto honest = connect(SOCK_STREAM);
    const auto message = violation("0013.1a41.544e");
    send(honest, std::to_string(message.size()) + " " + message);
    EXPECT_EQ(seen(1).size(), 1U);
}

TEST_F(SyslogReceiver, Tls) {
    const support::TemporaryDirectory folder;
    files_ = {folder.path() / "hub.crt", folder.path() / "hub.key"};
    ASSERT_TRUE(runtime::tls::make_self_signed(files_, {"syslog.example"}));
    start(Listen::Transport::tls);
    const auto socket = connect(SOCK_STREAM);
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                    SSL_CTX_free);
    const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context.get()), SSL_free);
    SSL_set_fd(tls.get(), socket.get());
    ASSERT_EQ(SSL_connect(tls.get()), 1);
    std::string many;
    for (int i = 0; i < 2000; ++i)
        many += violation("0013.1a41.5400") + "\n";
    many += violation("0013.1a41.544e") + "\n";
    ASSERT_EQ(SSL_write(tls.get(), many.data(), static_cast<int>(many.size())),
              static_cast<int>(many.size()));
    EXPECT_EQ(seen(1).size(), 1U);
    EXPECT_EQ(receiver_->counts().received, 2001U);
}

TEST_F(SyslogReceiver, WhoNeverShakesHandsIsPutOut) {
    const support::TemporaryDirectory folder;
    files_ = {folder.path() / "hub.crt", folder.path() / "hub.key"};
    ASSERT_TRUE(runtime::tls::make_self_signed(files_, {"syslog.example"}));
    ReceiverSettings settings;
    settings.listen = {{Listen::Transport::tls, loopback, 0, files_}};
    settings.handshake_within = std::chrono::seconds(1);
    start(settings);
    const auto socket = connect(SOCK_STREAM);
    char byte = 0;
    EXPECT_LE(::recv(socket.get(), &byte, 1, 0), 0);
    EXPECT_EQ(receiver_->counts().refused, 1U);
}

TEST_F(SyslogReceiver, ATakenPortIsAnErrorThatNamesIt) {
    start(Listen::Transport::tcp);
    ReceiverSettings settings;
    settings.listen = {{Listen::Transport::tcp, loopback, receiver_->ports().front(), {}}};
    const auto second = Receiver::start(settings, [](const ReceivedEvent&) {});
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().text.find(std::to_string(receiver_->ports().front())), std::string::npos);
}

}  // namespace
}  // namespace garita::syslog
