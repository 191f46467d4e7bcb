#include "adapters/mail/smtp_post.hpp"

#include <cerrno>
#include <cstdint>
#include <exception>
#include <unistd.h>
#include <utility>

#include <sys/eventfd.h>
#include <system_error>

#include "decide/foreign_text.hpp"

namespace garita::mail {

namespace {

/// Servers bound the connections of one client too.
constexpr std::size_t at_once = 4;

/// And says nothing about the letter or its recipient.
bool is_of_the_server(Delivery::Kind kind) {
    return kind == Delivery::Kind::server_trouble || kind == Delivery::Kind::login_refused;
}

}  // namespace

SmtpPost::SmtpPost(Server server) : SmtpPost(std::move(server), deliver) {}

SmtpPost::SmtpPost(Server server, Deliver deliver)
    : server_(std::move(server)),
      deliver_(std::move(deliver)),
      event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_.is_open()) throw std::system_error(errno, std::generic_category(), "eventfd");
    for (std::size_t i = 0; i < at_once; ++i)
        threads_.emplace_back([this] { work(); });
}

SmtpPost::~SmtpPost() {
    cancel();
    for (auto& thread : threads_)
        thread.join();
}

void SmtpPost::send(Outgoing letter) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(letter));
    }
    more_.notify_one();
}

std::vector<Delivery> SmtpPost::take_finished() {
    const std::lock_guard lock(mutex_);
    std::uint64_t rings = 0;
    [[maybe_unused]] const auto got = ::read(event_.get(), &rings, sizeof rings);
    return std::exchange(finished_, {});
}

void SmtpPost::cancel() {
    {
        const std::lock_guard lock(mutex_);
        cancelled_ = true;
        waiting_.clear();
    }
    more_.notify_all();
}

std::optional<SmtpPost::Attempt> SmtpPost::next() {
    std::unique_lock lock(mutex_);
    more_.wait(lock, [this] { return cancelled_ || may_begin(); });
    if (cancelled_) return std::nullopt;
    Attempt attempt{std::move(waiting_.front()), failures_};
    waiting_.pop_front();
    ++under_way_;
    return attempt;
}

Delivery SmtpPost::perform(const Attempt& attempt) {
    Delivery delivery;
    try {
        delivery = deliver_(server_, attempt.letter, cancelled_, [&] { let_in(attempt); });
    } catch (const std::exception& error) {
        delivery.text = decide::clean_line(error.what());
    }
    delivery.ticket = attempt.letter.ticket;
    return delivery;
}

/// The others need not wait for what becomes of this letter.
void SmtpPost::let_in(const Attempt& attempt) {
    {
        const std::lock_guard lock(mutex_);
        if (attempt.failures != failures_) return;
        let_in_ = true;
    }
    more_.notify_all();
}

void SmtpPost::finish(const Attempt& attempt, Delivery delivery) {
    {
        // under one lock with the list: the bell rings as long as something lies there, and no longer
        const std::lock_guard lock(mutex_);
        --under_way_;
        if (is_of_the_server(delivery.kind)) {
            let_in_ = false;
            ++failures_;
            give_back_the_waiting(delivery);
        } else if (attempt.failures == failures_) {
            let_in_ = true;
        }
        finished_.push_back(std::move(delivery));
        const std::uint64_t ring = 1;
        [[maybe_unused]] const auto rung = ::write(event_.get(), &ring, sizeof ring);
    }
    more_.notify_all();
}

/// They would find what this one has found.
void SmtpPost::give_back_the_waiting(const Delivery& failure) {
    for (const auto& letter : waiting_)
        finished_.push_back({letter.ticket, failure.kind, failure.text, false});
    waiting_.clear();
}

void SmtpPost::work() {
    while (const auto attempt = next())
        finish(*attempt, perform(*attempt));
}

}  // namespace garita::mail
