#pragma once
// What people type: the way that still works when a press was lost.

#include <string>
#include <string_view>

#include "adapters/telegram/access_commands.hpp"
#include "adapters/telegram/admin_commands.hpp"
#include "adapters/telegram/command_text.hpp"
#include "adapters/telegram/gatekeeper.hpp"

namespace garita::telegram {

/// One thread at a time.
class Commands {
  public:
    Commands(Gatekeeper& gatekeeper, store::Store& store, const ChatBook& chats, AccessDoor access = {},
             AdminDoor admin = {});

    /// What to answer in the chat (and topic) that the message came from; empty: nothing.
    [[nodiscard]] std::string answer(const TextMessage& message, Time now);
    /// Whether it is a /ping that is answered here, by whatever the configuration says.
    [[nodiscard]] bool is_ping(const TextMessage& message) const;
    [[nodiscard]] std::string pong(const TextMessage& message) const;

  private:
    /// Whether commands are answered in this chat at all.
    [[nodiscard]] bool is_answered(const TextMessage& message, const std::optional<Person>& person) const;
    [[nodiscard]] std::optional<Person> writer_of(const TextMessage& message) const;
    std::string about_cases(const TextMessage& message, const Command& command,
                            const std::optional<Person>& person, const decide::Reader& reader);
    std::string start(const TextMessage& message, const decide::Reader& reader, Time now);
    std::string list(const decide::Reader& reader) const;
    std::string show(const Command& command, const decide::Reader& reader) const;
    std::string show(CaseId id, const decide::Reader& reader) const;
    /// One of a list of incidents: it is asked as a question of its own.
    std::string show_tapped(const TextMessage& message, CaseId id, const decide::Reader& reader);
    std::string decide(const TextMessage& message, const Command& command, Response response,
                       const decide::Reader& reader, Time now);

    std::string help(const std::optional<Person>& person, const decide::Reader& reader) const;

    Gatekeeper& gatekeeper_;
    store::Store& store_;
    const ChatBook& chats_;
    AccessCommands access_;
    AdminCommands admin_;
};

}  // namespace garita::telegram
