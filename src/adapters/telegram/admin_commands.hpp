#pragma once
// What only administrators may type: which chats get messages, who is banned, and how the channel feels.

#include <optional>
#include <string>

#include "adapters/telegram/admission.hpp"
#include "adapters/telegram/chat_order.hpp"
#include "adapters/telegram/health.hpp"

namespace garita::telegram {

/// Null pointers: there are no such commands. All outlive the channel.
struct AdminDoor {
    Admission* admission = nullptr;
    const Health* health = nullptr;
    runtime::Log log;  ///< whose last lines /debug shows
};

class AdminCommands {
  public:
    AdminCommands(AdminDoor door, Gatekeeper& gatekeeper, store::Store& store, const ChatBook& chats)
        : door_(std::move(door)), gatekeeper_(gatekeeper), store_(store), chats_(chats) {}

    [[nodiscard]] bool is_there() const { return door_.admission != nullptr; }
    /// Whether it is one of them. "/accept 12" is about case 12 where there is one.
    [[nodiscard]] bool knows(const Command& command) const;
    /// What is answered to whoever typed it.
    [[nodiscard]] std::string answer(const TextMessage& message, const Command& command, Time now);
    /// What a /start adds to: whether an administrator has been asked about this chat.
    [[nodiscard]] bool asks(const TextMessage& message, Time now);

  private:
    [[nodiscard]] bool is_case(const ChatOrder& order) const;
    std::string obey(const ChatOrder& order, const Person& person, const decide::Reader& reader, Time now);
    [[nodiscard]] std::string accepted(const decide::Reader& reader) const;
    [[nodiscard]] std::string banned(const decide::Reader& reader) const;

    AdminDoor door_;
    Gatekeeper& gatekeeper_;
    store::Store& store_;
    const ChatBook& chats_;
};

}  // namespace garita::telegram
