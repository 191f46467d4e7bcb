#include "adapters/service_probe/open_services.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <deque>
#include <poll.h>
#include <utility>

#include "adapters/service_probe/conversation.hpp"

namespace garita::service_probe {
namespace {

constexpr Duration longest_sleep = std::chrono::milliseconds{50};  ///< a stop is noticed by then

Time now_is() {
    return Time{std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

struct Waiting {
    std::size_t question;
    enum class About { banner, tls } about;
};

std::deque<Waiting> all_of(std::size_t questions, scan::Wanted wanted) {
    std::deque<Waiting> all;
    for (std::size_t i = 0; i < questions; ++i) {
        if (wanted != scan::Wanted::banner) all.push_back({i, Waiting::About::tls});
        if (wanted != scan::Wanted::certificate) all.push_back({i, Waiting::About::banner});
    }
    return all;
}

using Conversations = std::vector<std::unique_ptr<Conversation>>;

/// Waits a little, and lets go on what can.
void turn(Conversations& talking) {
    std::vector<pollfd> watched;
    watched.reserve(talking.size());
    for (const auto& one : talking)
        watched.push_back({one->fd(), one->events(), 0});
    poll(watched.data(), watched.size(), static_cast<int>(longest_sleep / std::chrono::milliseconds{1}));
    const Time now = now_is();
    for (std::size_t i = 0; i < talking.size(); ++i) {
        auto state = Conversation::State::goes_on;
        if (watched[i].revents != 0) state = talking[i]->ready(now);
        if (state == Conversation::State::goes_on && talking[i]->deadline() <= now)
            state = talking[i]->timed_out(now);
        if (state == Conversation::State::over) talking[i].reset();
    }
    std::erase(talking, nullptr);
}

/// OpenSSL writes without MSG_NOSIGNAL.
class NoBrokenPipe {
  public:
    NoBrokenPipe() {
        sigset_t pipe;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe, &before_);
    }
    ~NoBrokenPipe() {
        sigset_t pipe;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        const timespec at_once{};
        while (sigismember(&before_, SIGPIPE) == 0 && sigtimedwait(&pipe, nullptr, &at_once) > 0) {
        }
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    NoBrokenPipe(const NoBrokenPipe&) = delete;
    NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;

  private:
    sigset_t before_{};
};

}  // namespace

std::vector<scan::ServiceFacts> OpenServices::ask(const std::vector<scan::ServiceQuestion>& questions,
                                                  scan::Wanted wanted, std::stop_token stop) {
    const NoBrokenPipe quiet;
    std::vector<scan::ServiceFacts> facts(questions.size());
    auto waiting = all_of(questions.size(), wanted);
    Conversations talking;
    while (!stop.stop_requested() && (!waiting.empty() || !talking.empty())) {
        while (!waiting.empty() && talking.size() < limits_.at_once) {
            const auto [place, about] = waiting.front();
            waiting.pop_front();
            const auto begin = about == Waiting::About::tls ? read_tls : read_banner;
            if (auto one = begin(questions[place], limits_, facts[place], now_is()))
                talking.push_back(std::move(one));
        }
        turn(talking);
    }
    return facts;
}

}  // namespace garita::service_probe
