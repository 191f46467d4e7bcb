#pragma once
// What people type: the way that still works when a press was lost.

#include <optional>
#include <string>
#include <string_view>

#include "adapters/telegram/access_commands.hpp"
#include "adapters/telegram/gatekeeper.hpp"

namespace garita::telegram {

/// "/block@garita_bot 12 24h" in pieces.
struct Command {
    std::string name;              ///< in lower case, without "/" and "@…"
    std::string_view case_number;  ///< first argument
    std::string_view span;         ///< second argument
    std::string_view rest;         ///< what should not be there
    std::string_view words;        ///< all behind the name, without blanks around
};

/// Nullopt: not a command. Views into the text.
[[nodiscard]] std::optional<Command> parse_command(std::string_view text);
/// "24h", "1h30m", "7d"; at most ten years.
[[nodiscard]] std::optional<Duration> block_span(std::string_view text);

/// One thread at a time.
class Commands {
  public:
    Commands(Gatekeeper& gatekeeper, store::Store& store, const ChatBook& chats, AccessDoor access = {});

    /// What to answer in the chat (and topic) that the message came from; empty: nothing.
    [[nodiscard]] std::string answer(const TextMessage& message, Time now);

  private:
    std::string start(const TextMessage& message, const decide::Reader& reader) const;
    std::string list(const decide::Reader& reader) const;
    std::string show(const Command& command, const decide::Reader& reader) const;
    std::string decide(const TextMessage& message, const Command& command, Response response,
                       const decide::Reader& reader, Time now);

    std::string help(const decide::Reader& reader) const;

    Gatekeeper& gatekeeper_;
    store::Store& store_;
    const ChatBook& chats_;
    AccessCommands access_;
};

}  // namespace garita::telegram
