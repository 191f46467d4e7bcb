#pragma once
// Listens to Telegram: presses, commands, and what happens to chats. Each update's effect is stored before
// Telegram is told that it may forget it, so a crash repeats an update at most, and repeating one changes
// nothing.

#include <deque>
#include <optional>

#include "adapters/telegram/commands.hpp"
#include "adapters/telegram/gatekeeper.hpp"
#include "adapters/telegram/health.hpp"
#include "model/worker.hpp"

namespace garita::telegram {

class Poller final : public Worker {
  public:
    /// `polls` waits for updates, `answers` speaks to people: two connections, so that neither waits for the
    /// other. The clock is asked after a long poll. All references outlive the poller.
    Poller(BotApi& polls, BotApi& answers, store::Store& store, ChatBook& chats, Health& health,
           Gatekeeper& gatekeeper, Settings settings, Clock clock, runtime::Log log, AccessDoor access = {});

    [[nodiscard]] std::string_view name() const override { return "telegram poller"; }
    Result<Duration> step(Time now) override;

  private:
    struct Toast {
        std::string press;
        std::string text;
    };
    Result<void> open();
    void succeeded(Time now);
    /// How long not to ask again: nothing, unless the server should have waited and did not.
    Duration rest_after(const std::vector<Update>& updates, std::chrono::seconds wait, Duration took);
    Duration failed(const ApiError& error, Time now);
    Result<void> came_back(Time asked, Time now);
    Result<void> keep_last_poll(Time asked);
    void set_last_poll(store::Transaction& transaction);
    Result<void> take(const std::vector<Update>& updates, Time now);
    void take_one(const Update& update, std::vector<Toast>& toasts, Time now);
    void take_message(const TextMessage& message, Time now);
    /// Follows a group that became a supergroup. False: that is not what the message tells.
    bool take_move(const TextMessage& message);
    /// Whoever writes from a chat that took no messages has opened it.
    void come_back(std::int64_t chat, Time now);
    void pong(const TextMessage& message);
    void forget_code(const TextMessage& message);
    void take_membership(const Membership& membership, Time now);
    [[nodiscard]] bool seen_before(std::int64_t id) const;
    void complain(const std::string& about, const std::string& text);

    BotApi& polls_;
    BotApi& answers_;
    store::Store& store_;
    ChatBook& chats_;
    Health& health_;
    Gatekeeper& gatekeeper_;
    Admission admission_;
    Commands commands_;
    Settings settings_;
    Clock clock_;
    runtime::Log log_;

    bool opened_ = false;
    std::int64_t offset_ = 0;
    std::deque<std::int64_t> recent_;  ///< ids of updates that had their effect in this run
    std::optional<Time> last_poll_;    ///< asked and answered; kept in the store
    Time last_poll_kept_{};
    bool confident_ = false;  ///< the last poll succeeded, so the next may wait long
    int empty_at_once_ = 0;
    int failures_in_a_row_ = 0;
    std::optional<Time> conflict_since_;
};

}  // namespace garita::telegram
