#pragma once
// Brings every open case into every configured chat, and every copy up to date: looks at the store's rows,
// makes one call to Telegram, writes the result back. Woken by the rings of cases and messages.

#include <map>
#include <optional>
#include <vector>

#include "adapters/telegram/chat_book.hpp"
#include "adapters/telegram/digest.hpp"
#include "adapters/telegram/health.hpp"
#include "adapters/telegram/pace.hpp"
#include "adapters/telegram/question.hpp"
#include "model/worker.hpp"
#include "runtime/log/log.hpp"

namespace garita::telegram {

/// Rows of messages that tell the end of what a case is about, as the detector saw it (its fact "over"). One
/// for each copy that has a question, made in the transaction that records the edit of that copy.
inline constexpr std::string_view end_channel = "telegram end";

/// Rows of messages that tell that nobody takes care of a case any more: once for each end of an
/// acknowledgement, with a copy that has a question. Once told they say "123 456": Telegram's id, and when
/// that acknowledgement ended, in microseconds.
inline constexpr std::string_view lapse_channel = "telegram lapse";

/// Where the poller tells, in the store, until when presses may have been lost (microseconds since 1970).
inline constexpr std::string_view back_at_key = "telegram.back_at";

class Sender final : public Worker {
  public:
    /// All references outlive the sender; the api is used by nobody else.
    Sender(BotApi& api, store::Store& store, ChatBook& chats, Health& health, Settings settings, Voice voice,
           runtime::Log log);

    [[nodiscard]] std::string_view name() const override { return "telegram sender"; }
    Result<Duration> step(Time now) override;
    /// A flood that only a digest tells of wakes it for each commit, to count what waits once more.
    [[nodiscard]] Duration rest() const override {
        return flood_ ? std::chrono::milliseconds{200} : Duration::zero();
    }

  private:
    /// One copy that could be brought up to date now.
    struct Task {
        Message message;
        Place place;
        Pace::Kind kind = Pace::Kind::routine_edit;
        bool sent_before = false;  ///< Telegram gave it an id
        bool answered = false;     ///< the case is, and Telegram gave it none yet
    };
    /// What there is to do, most urgent first.
    struct Outlook {
        std::vector<Task> tasks;
        std::vector<Crowd> crowds;
    };
    /// A case as it is now, for one copy.
    struct Current {
        Case about;
        Progress progress;
        Notes notes;
    };

    Result<void> open(Time now);
    Result<Outlook> look(Time now);
    Result<std::optional<Current>> read_current(CaseId id);
    /// The tasks below return whether something was done.
    Result<bool> work_on(const Task& task, Time now);
    /// What is to be said about chats that ask to be let in (sender_errands.cpp).
    Result<bool> run_errands(Time now);
    void forget_settled(const std::vector<Roster::Errand>& errands);
    Result<void> ask_administrator(const Roster::Errand& errand, Time now);
    Result<void> show_outcome(const Roster::Errand& errand, Time now);
    Result<void> welcome(const Roster::Errand& errand, Time now);
    Result<void> note_shown(const Roster::Errand& errand, std::int64_t message);
    Result<void> errand_failed(const Roster::Errand& errand, std::int64_t to, const ApiError& error,
                               Time now);
    Result<bool> introduce(const Crowd& crowd, Time now);
    struct Listed {
        Message message;
        Case about;
    };
    /// Of incidents (sender_lists.cpp).
    Result<void> begin_list(const Crowd& crowd, Time now);
    Result<void> send_list(std::vector<Listed> list, const Place& place, bool may_be_twice, Time now);
    Result<bool> send_waiting_list(const Outlook& outlook, const Place& place, Time now);
    Result<void> list_failed(std::vector<Listed> list, const Place& place, const ApiError& error, Time now);
    Result<void> edit_list(const Message& message, const Place& place, Pace::Kind kind, Time now);
    /// What a failure to send means for one row.
    Message after_failure(Message message, const ApiError& error, Time now);
    Result<void> send_first(const Case& about, const ChatSettings& chat, Time now);
    Result<void> send_again(Message message, const Place& place, Time now);
    Result<void> edit(Message message, const Place& place, Pace::Kind kind, Time now);
    Result<void> send(Message message, const Place& place, const Current& current, Time now);
    /// A question that Telegram did not take: somebody may have taken the case on meanwhile.
    [[nodiscard]] bool may_come_now(const Message& message, const Case& about, Time now) const;
    [[nodiscard]] std::optional<ChatSettings> chat_of(const Message& message) const;
    /// What must wait for the end of the chat's quiet hours, as nothing but an edit may come then.
    [[nodiscard]] bool is_quiet(store::View& view, const Message& message, Time now) const;
    /// With each copy that shows the end of an acknowledgement: whether that is still to be told.
    static void note_lapse(store::Transaction& transaction, const Message& copy, const Case& about,
                           bool is_edit, Time now);
    /// That it is over, or that nobody takes care of it any more, as a short message of its own that answers
    /// the question.
    Result<void> tell_end(Message message, const Place& place, Time now);

    Result<void> succeeded(Message message, std::int64_t external_id, const Case& about, Time now);
    Result<void> failed(Message message, const Place& place, const ApiError& error, Time now);
    Result<void> abandon(Message message, std::string why);
    Result<void> save(const Message& message);
    /// What concerns more than one message: pauses, moves, chats that are gone.
    Result<void> heed(const Place& place, const ApiError& error, Time now);
    void report(const std::string& about, const std::string& text);
    [[nodiscard]] bool may_go(std::int64_t chat, Pace::Kind kind, Time now);

    BotApi& api_;
    store::Store& store_;
    ChatBook& chats_;
    Health& health_;
    Settings settings_;
    Voice voice_;
    runtime::Log log_;
    std::optional<TicketMint> mint_;
    Digest digest_;
    Pace pace_;
    int failures_in_a_row_ = 0;
    bool flood_ = false;              ///< as the last step saw it
    Duration next_look_{};            ///< the shortest wait that held something back in this step
    std::optional<Time> next_retry_;  ///< of a message that Telegram did not take
    /// Errands that Telegram did not take, by guest and administrator. In memory: after a start all are
    /// tried.
    struct Held {
        Time until{};
        int failures = 0;
    };
    std::map<std::pair<std::int64_t, std::int64_t>, Held> held_;
    std::map<std::int64_t, Time> routine_edit_;  ///< by message: when its count was last brought up to date
};

}  // namespace garita::telegram
