#include "load.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <unistd.h>

#include <sys/epoll.h>

#include "link.hpp"

namespace garita::load {
namespace {

void replace_all(std::string& text, const std::string& what, const std::string& with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
}

class Generator {
  public:
    explicit Generator(const Plan& plan) : plan_(plan), address_(parse_url(plan.url)) {
        address_.unix_socket = plan.unix_socket;
        if (address_.tls) context_.reset(SSL_CTX_new(TLS_client_method()));
        if (epoll_ < 0) throw std::runtime_error("epoll is not available");
        head_ = plan.method + " " + address_.path + " HTTP/1.1\r\nHost: " + address_.host + "\r\n";
        for (const auto& header : plan.headers)
            head_ += header + "\r\n";
        outcome_.latencies_us.reserve(plan.requests);
    }
    ~Generator() { ::close(epoll_); }
    Generator(const Generator&) = delete;
    Generator& operator=(const Generator&) = delete;

    Outcome run() {
        connect();
        const auto began = Link::Clock::now();
        for (auto& link : links_)
            next(*link);
        while (busy_ > 0)
            turn();
        outcome_.elapsed = Link::Clock::now() - began;
        std::sort(outcome_.latencies_us.begin(), outcome_.latencies_us.end());
        return std::move(outcome_);
    }

  private:
    void connect() {
        for (std::size_t i = 0; i < plan_.connections; ++i) {
            links_.push_back(std::make_unique<Link>(address_, context_.get()));
            epoll_event event{};
            event.events = EPOLLIN | EPOLLOUT | EPOLLET;
            event.data.ptr = links_.back().get();
            ::epoll_ctl(epoll_, EPOLL_CTL_ADD, links_.back()->fd(), &event);
        }
    }

    std::string request() {
        const std::string number = std::to_string(plan_.first + sent_++);
        std::string body = plan_.body;
        replace_all(body, "{n}", number);
        std::string text = head_;
        replace_all(text, "{n}", number);
        if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        return text + "\r\n" + body;
    }

    void next(Link& link) {
        if (sent_ == plan_.requests) return;
        ++busy_;
        settle(link, link.send(request()));
    }

    void settle(Link& link, Link::Progress progress) {
        if (progress == Link::Progress::waiting) return;
        --busy_;
        if (progress == Link::Progress::broken) {
            ++outcome_.broken;
            return;
        }
        outcome_.latencies_us.push_back(link.latency_us());
        ++outcome_.statuses[link.status()];
        next(link);
    }

    void turn() {
        std::array<epoll_event, 64> events{};
        const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 10'000);
        if (count <= 0) {
            outcome_.broken += busy_;
            busy_ = 0;
        }
        for (int i = 0; i < count; ++i) {
            auto& link = *static_cast<Link*>(events[static_cast<std::size_t>(i)].data.ptr);
            if (link.busy()) settle(link, link.advance());
        }
    }

    const Plan& plan_;
    Address address_;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, SSL_CTX_free};
    int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    std::string head_;
    std::vector<std::unique_ptr<Link>> links_;
    std::uint64_t sent_ = 0;
    std::uint64_t busy_ = 0;
    Outcome outcome_;
};

}  // namespace

double Outcome::rate() const {
    return elapsed.count() > 0 ? static_cast<double>(latencies_us.size()) / elapsed.count() : 0;
}

std::uint32_t Outcome::percentile_us(double percent) const {
    if (latencies_us.empty()) return 0;
    const auto last = static_cast<double>(latencies_us.size() - 1);
    return latencies_us[static_cast<std::size_t>(percent / 100 * last)];
}

bool Outcome::all_succeeded() const {
    return broken == 0 && std::all_of(statuses.begin(), statuses.end(), [](const auto& entry) {
               return entry.first >= 200 && entry.first < 300;
           });
}

Outcome run(const Plan& plan) {
    return Generator(plan).run();
}

}  // namespace garita::load
