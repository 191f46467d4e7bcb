#pragma once
// Who may join: takes the requests of chats that are not configured, and what administrators say to them.
// What is to be sent about it follows from the roster (sender_errands.cpp).

#include <optional>
#include <string>

#include "adapters/telegram/chat_book.hpp"
#include "adapters/telegram/gatekeeper.hpp"

namespace garita::telegram {

/// One thread at a time.
class Admission {
  public:
    /// References outlive it.
    Admission(ChatBook& chats, Gatekeeper& gatekeeper, store::Store& store, const Settings& settings,
              runtime::Log log);

    /// Somebody wrote /start there. Nullopt: nobody is asked about this chat.
    std::optional<Roster::Asked> start(const TextMessage& message, Time now);
    /// The bot was put into a chat that gets nothing, or taken out of it.
    void membership(const Membership& membership, Time now);

    /// What the person is told (at most 200 characters); nullopt: no button of ours.
    [[nodiscard]] std::optional<std::string> press(const Press& press, Time now);

    enum class Ruling {
        done,
        already,
        full,           ///< the list takes no more
        administrator,  ///< who cannot be banned
        configured,     ///< the configuration says otherwise
        unknown,        ///< there is nothing to take back
        not_stored,
    };
    /// An administrator's word about a chat: allowed, ignored, banned, or closed; with its audit row.
    Ruling deny(std::int64_t chat, const Person& by, Time now);
    Ruling unban(std::int64_t chat, const Person& by, Time now);
    Ruling accept(std::int64_t chat, const Person& by, Time now);
    Ruling ban(std::int64_t chat, const Person& by, Time now);

  private:
    std::optional<Roster::Asked> ask(std::int64_t chat, std::string_view name, Time now);
    Ruling rule(std::int64_t chat, Standing standing, std::string_view verb, const Person& by, Time now);
    Ruling apply(Standing verdict, std::int64_t chat, const Person& by, Time now);
    std::string pressed(const Roster::Ticket& ticket, const Person& person, const decide::Reader& reader,
                        Time now);

    ChatBook& chats_;
    Gatekeeper& gatekeeper_;
    store::Store& store_;
    Settings::Admission setting_;
    runtime::Log log_;
    Time told_full_{};
};

}  // namespace garita::telegram
