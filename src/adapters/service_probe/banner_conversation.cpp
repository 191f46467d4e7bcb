#include <array>
#include <cerrno>
#include <poll.h>
#include <string_view>

#include <sys/socket.h>

#include "adapters/service_probe/conversation.hpp"
#include "runtime/sockets/socket_address.hpp"

namespace garita::service_probe {
namespace {

constexpr std::string_view web_question = "HEAD / HTTP/1.0\r\n\r\n";

class BannerConversation final : public Conversation {
  public:
    BannerConversation(runtime::Descriptor socket, const Limits& limits, scan::ServiceFacts& facts, Time now)
        : socket_(std::move(socket)), limits_(limits), facts_(facts), deadline_(now + limits.connecting) {}

    int fd() const override { return socket_.get(); }
    short events() const override { return phase_ == Phase::connecting ? POLLOUT : POLLIN; }
    Time deadline() const override { return deadline_; }

    State ready(Time now) override {
        if (phase_ == Phase::connecting) return connected(now);
        std::array<char, 1024> buffer{};
        const auto count = recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return State::goes_on;
        if (count <= 0) return State::over;
        facts_.banner.append(buffer.data(), static_cast<std::size_t>(count));
        if (facts_.banner.size() > limits_.longest_banner) facts_.banner.resize(limits_.longest_banner);
        // The first line says who it is; what follows may take for ever.
        return facts_.banner.find('\n') != std::string::npos || facts_.banner.size() == limits_.longest_banner
                   ? State::over
                   : State::goes_on;
    }

    State timed_out(Time now) override {
        if (phase_ != Phase::listening || !facts_.banner.empty()) return State::over;
        phase_ = Phase::asked;
        deadline_ = now + limits_.answer;
        const auto sent = send(socket_.get(), web_question.data(), web_question.size(), MSG_NOSIGNAL);
        return sent == static_cast<ssize_t>(web_question.size()) ? State::goes_on : State::over;
    }

  private:
    enum class Phase { connecting, listening, asked };

    State connected(Time now) {
        int error = 0;
        socklen_t size = sizeof error;
        if (getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0)
            return State::over;
        phase_ = Phase::listening;
        deadline_ = now + limits_.silence;
        return State::goes_on;
    }

    runtime::Descriptor socket_;
    const Limits& limits_;
    scan::ServiceFacts& facts_;
    Phase phase_ = Phase::connecting;
    Time deadline_;
};

}  // namespace

runtime::Descriptor begin_connection(const scan::ServiceQuestion& question) {
    runtime::Descriptor made(socket(runtime::address_family(question.address.family()),
                                    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
    if (!made.is_open()) return {};
    const linger at_once{1, 0};  // keeps nothing of it at either end
    setsockopt(made.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    const runtime::SocketAddress to(question.address, question.port);
    if (connect(made.get(), to.get(), to.size()) != 0 && errno != EINPROGRESS) return {};
    return made;
}

std::unique_ptr<Conversation> read_banner(const scan::ServiceQuestion& question, const Limits& limits,
                                          scan::ServiceFacts& facts, Time now) {
    auto socket = begin_connection(question);
    if (!socket.is_open()) return nullptr;
    return std::make_unique<BannerConversation>(std::move(socket), limits, facts, now);
}

}  // namespace garita::service_probe
