#pragma once
// Letters over SMTP by a few threads, so that a server that is slow about one recipient delays few others.
//
// While it is not known that the server lets us in (at the start, and after it did not) one letter goes
// alone: a wrong password is tried once, and not once a thread.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "adapters/mail/post.hpp"
#include "adapters/mail/settings.hpp"
#include "adapters/mail/smtp_call.hpp"
#include "runtime/descriptor/descriptor.hpp"

namespace garita::mail {

class SmtpPost final : public Post {
  public:
    /// Hands one letter over: mail::deliver. Blocks; called by several threads at once.
    using Deliver = std::function<Delivery(const Server&, const Outgoing&, const std::atomic<bool>& cancelled,
                                           const LetIn&)>;

    explicit SmtpPost(Server server);
    SmtpPost(Server server, Deliver deliver);
    ~SmtpPost() override;
    SmtpPost(const SmtpPost&) = delete;
    SmtpPost& operator=(const SmtpPost&) = delete;

    void send(Outgoing letter) override;
    [[nodiscard]] std::size_t capacity() const override { return threads_.size(); }
    [[nodiscard]] std::vector<Delivery> take_finished() override;
    [[nodiscard]] int wake_fd() const override { return event_.get(); }
    /// Ends what is under way within seconds, and refuses what comes later. Any thread.
    void cancel();

  private:
    struct Attempt {
        Outgoing letter;
        std::uint64_t failures = 0;  ///< of the server before it began
    };
    void work();
    [[nodiscard]] bool may_begin() const { return !waiting_.empty() && (let_in_ || under_way_ == 0); }
    /// Nothing: it is over.
    [[nodiscard]] std::optional<Attempt> next();
    [[nodiscard]] Delivery perform(const Attempt& attempt);
    void let_in(const Attempt& attempt);
    void finish(const Attempt& attempt, Delivery delivery);
    void give_back_the_waiting(const Delivery& failure);

    const Server server_;
    const Deliver deliver_;
    runtime::Descriptor event_;
    std::atomic<bool> cancelled_{false};
    std::mutex mutex_;
    std::condition_variable more_;
    bool let_in_ = false;         ///< the server took our login, and nothing has gone wrong since
    std::size_t under_way_ = 0;   ///< letters
    std::uint64_t failures_ = 0;  ///< of the server
    std::deque<Outgoing> waiting_;
    std::vector<Delivery> finished_;
    std::vector<std::thread> threads_;  // last: they use all of the above
};

}  // namespace garita::mail
