// How many letters go at once: one alone until the server is known to let us in. The server is the test's, so
// that who comes when is no matter of luck.

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <poll.h>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/mail/smtp_post.hpp"

namespace garita::mail {
namespace {

using namespace std::chrono_literals;
using Kind = Delivery::Kind;

/// Holds every letter that comes until the test answers it.
class Counter {
  public:
    Delivery deliver(const Outgoing& letter, const LetIn& let_in) {
        std::unique_lock lock(mutex_);
        there_.push_back(letter.ticket);
        ++came_;
        changed_.notify_all();
        Delivery delivery;
        const auto is_answered = [&] { return closed_ || answers_.contains(letter.ticket); };
        changed_.wait(lock, [&] { return is_answered() || doors_.contains(letter.ticket); });
        if (doors_.contains(letter.ticket)) {
            lock.unlock();
            let_in();
            lock.lock();
        }
        changed_.wait(lock, is_answered);
        if (const auto answer = answers_.extract(letter.ticket)) delivery.kind = answer.mapped();
        delivery.text = "said to " + std::to_string(letter.ticket);
        std::erase(there_, letter.ticket);
        changed_.notify_all();
        return delivery;
    }
    /// Waits until so many stand there; the tickets of them, in order.
    std::vector<std::uint64_t> wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        EXPECT_TRUE(changed_.wait_for(lock, 20s, [&] { return there_.size() >= count; }));
        auto all = there_;
        std::sort(all.begin(), all.end());
        return all;
    }
    void answer(std::uint64_t ticket, Kind kind) {
        const std::lock_guard lock(mutex_);
        answers_.emplace(ticket, kind);
        changed_.notify_all();
    }
    void let_in(std::uint64_t ticket) {
        const std::lock_guard lock(mutex_);
        doors_.insert(ticket);
        changed_.notify_all();
    }
    [[nodiscard]] std::size_t came() {
        const std::lock_guard lock(mutex_);
        return came_;
    }
    void close() {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        changed_.notify_all();
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::uint64_t> there_;
    std::map<std::uint64_t, Kind> answers_;
    std::set<std::uint64_t> doors_;  ///< of letters whose login was taken
    std::size_t came_ = 0;
    bool closed_ = false;
};

class SmtpLogin : public testing::Test {
  protected:
    ~SmtpLogin() override { counter.close(); }

    void send(std::uint64_t from, std::uint64_t to) {
        for (auto ticket = from; ticket <= to; ++ticket)
            post.send({ticket, "ana@example.org", "Subject: x\r\n\r\nx\r\n"});
    }
    /// So many, by ticket.
    std::map<std::uint64_t, Delivery> take(std::size_t count) {
        std::map<std::uint64_t, Delivery> all;
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (all.size() < count && std::chrono::steady_clock::now() < end) {
            pollfd ready{post.wake_fd(), POLLIN, 0};
            ::poll(&ready, 1, 1000);
            for (auto& one : post.take_finished())
                EXPECT_TRUE(all.emplace(one.ticket, one).second);
        }
        EXPECT_EQ(all.size(), count);
        return all;
    }
    /// One letter that is taken: from then on the login is known to work.
    void let_in(std::uint64_t ticket) {
        send(ticket, ticket);
        counter.wait_for(1);
        counter.answer(ticket, Kind::taken);
        take(1);
    }

    Counter counter;
    SmtpPost post{Server{}, [this](const Server&, const Outgoing& letter, const std::atomic<bool>&,
                                   const LetIn& let_in) { return counter.deliver(letter, let_in); }};
};

using Tickets = std::vector<std::uint64_t>;

TEST_F(SmtpLogin, ARefusedPasswordIsTriedOnceHoweverManyLettersWait) {
    send(1, 4);
    EXPECT_EQ(counter.wait_for(1), Tickets{1});
    counter.answer(1, Kind::login_refused);
    for (const auto& [ticket, delivery] : take(4)) {
        EXPECT_EQ(delivery.kind, Kind::login_refused) << ticket;
        EXPECT_EQ(delivery.text, "said to 1") << ticket;
        EXPECT_FALSE(delivery.maybe_taken) << ticket;
    }
    EXPECT_EQ(counter.came(), 1U);
}

TEST_F(SmtpLogin, OneLetterGoesAloneAndThenTheOthersSideBySide) {
    send(1, 4);
    EXPECT_EQ(counter.wait_for(1), Tickets{1});
    counter.answer(1, Kind::taken);
    EXPECT_EQ(counter.wait_for(3), (Tickets{2, 3, 4}));
    for (const auto ticket : {2, 3, 4})
        counter.answer(static_cast<std::uint64_t>(ticket), Kind::taken);
    take(4);
}

TEST_F(SmtpLogin, ALetterThatHangsAfterTheLoginDelaysNobody) {
    send(1, 3);
    EXPECT_EQ(counter.wait_for(1), Tickets{1});
    counter.let_in(1);
    EXPECT_EQ(counter.wait_for(3), (Tickets{1, 2, 3}));
    counter.answer(2, Kind::taken);
    counter.answer(3, Kind::taken);
    take(2);
    counter.answer(1, Kind::later);
    take(1);
}

TEST_F(SmtpLogin, WhateverIsSaidAboutTheLetterShowsThatTheLoginWorks) {
    for (const auto kind : {Kind::later, Kind::refused}) {
        SmtpPost other(Server{}, [this](const Server&, const Outgoing& letter, const std::atomic<bool>&,
                                        const LetIn& let_in) { return counter.deliver(letter, let_in); });
        for (std::uint64_t ticket = 1; ticket <= 3; ++ticket)
            other.send({ticket, "ana@example.org", "x"});
        counter.wait_for(1);
        counter.answer(1, kind);
        EXPECT_EQ(counter.wait_for(2), (Tickets{2, 3}));
        counter.answer(2, Kind::taken);
        counter.answer(3, Kind::taken);
        while (!counter.wait_for(0).empty())
            std::this_thread::yield();
    }
}

TEST_F(SmtpLogin, AfterTroubleOneGoesAloneAgain) {
    let_in(1);
    send(2, 3);
    EXPECT_EQ(counter.wait_for(2), (Tickets{2, 3}));
    counter.answer(2, Kind::server_trouble);
    EXPECT_EQ(take(1).at(2).kind, Kind::server_trouble);
    send(4, 6);
    // what had begun before the trouble shows nothing about the time after it
    counter.answer(3, Kind::taken);
    take(1);
    EXPECT_EQ(counter.wait_for(1), Tickets{4});
    counter.answer(4, Kind::login_refused);
    for (const auto& [ticket, delivery] : take(3))
        EXPECT_EQ(delivery.kind, Kind::login_refused) << ticket;
    EXPECT_EQ(counter.came(), 4U);
    let_in(7);
    send(8, 9);
    EXPECT_EQ(counter.wait_for(2), (Tickets{8, 9}));
}

TEST_F(SmtpLogin, WhatWaitsBehindTroubleComesBackWithoutATry) {
    let_in(1);
    send(2, 2 + post.capacity());
    EXPECT_EQ(counter.wait_for(post.capacity()), (Tickets{2, 3, 4, 5}));
    counter.answer(2, Kind::server_trouble);
    const auto back = take(2);
    EXPECT_EQ(back.at(2).kind, Kind::server_trouble);
    EXPECT_EQ(back.at(6).kind, Kind::server_trouble);
    EXPECT_EQ(counter.came(), 5U);
}

}  // namespace
}  // namespace garita::mail
